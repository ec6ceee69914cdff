// The server of a private protocol: cuts messages out of the stream as the design says, and answers each by the table. A frame that makes
// no sense gets an error and the end of its own connection; nobody else notices.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import { sayError } from '../errno';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { decode, encode } from '../text';
import { answer, type Commands } from './commands';
import { capacity, Deframer, frame, FrameError, type Framing } from './framing';

const READ_SIZE = 1024;

export interface PrivateDesign {
  readonly framing: Framing;
  readonly commands: Commands;
}

/** Rejects with the system's error when it cannot listen. Until the role ends. */
export async function privateServer(role: RoleContext, port: number, design: PrivateDesign): Promise<void> {
  for (const fault of design.commands.faults) role.print(`commands, ${fault}`);
  const listening = await role.host.net.listen({ port });
  role.listening({ protocol: 'tcp', ...listening.endpoint });
  for (;;) {
    const connected = await listening.accept();
    void serve(role, connected, design);
  }
}

async function serve(role: RoleContext, connected: StreamSocket, { framing, commands }: PrivateDesign): Promise<void> {
  const client = formatEndpoint(connected.remote);
  const deframer = new Deframer(framing);
  let count = 0;
  try {
    for (;;) {
      const bytes = await connected.recv(READ_SIZE);
      if (bytes.length === 0) break;
      for (const message of deframer.take(bytes)) {
        await connected.sendAll(framed(framing, answer(commands, decode(message), ++count, new Date())));
      }
    }
    if (deframer.rest > 0) role.print(`${client}: ended in the middle of a message, ${deframer.rest} B of it came`);
  } catch (error) {
    if (role.signal.aborted) return;
    if (error instanceof FrameError) {
      role.print(`${client}: malformed: ${error.message}`);
      await connected.sendAll(framed(framing, `ERR ${error.message}`)).catch(() => undefined);
    } else role.print(`${client}: ${sayError(error)}`);
  } finally {
    connected.close();
  }
}

/** An answer that the framing cannot carry is cut: an error is better than none. */
function framed(framing: Framing, text: string): Uint8Array {
  const bytes = encode(text.replaceAll('\n', ' '));
  const most = capacity(framing);
  return frame(framing, bytes.length <= most ? bytes : encode(`ERR answer of ${bytes.length} B`).subarray(0, most));
}
