// The trap of the course's makefile(): it writes its lines into a BufferedWriter and never flushes. The lines lie in the program's own memory, no
// byte is sent, the server waits in recv(), and so does this client: for ever, were it not for its patience.

import type { StreamSocket } from '../../host';
import type { RoleContext } from '../../lab';
import { connect, PATIENCE, RECV_SIZE, report, type EchoClient } from './echoClient';

/** Bytes that Python's BufferedWriter keeps before it writes by itself: io.DEFAULT_BUFFER_SIZE. */
const BUFFER = 8192;

export const flushTrap: EchoClient = async (role, options) => {
  const socket = await connect(role, options);
  const wfile = new BufferedWriter(socket, BUFFER);
  let received = 0;
  const impatience = giveUpAfter(role, socket, options.patience ?? PATIENCE, () => wfile.kept);
  try {
    for (const line of options.lines) {
      await wfile.write(line); // and no flush()
      role.print(`wrote ${line.length} B into my own buffer`);
      const bytes = await socket.recv(RECV_SIZE);
      if (bytes.length === 0) break;
      received += bytes.length;
    }
  } catch (error) {
    if (!impatience.over()) throw error;
  } finally {
    impatience.stop();
    socket.close();
  }
  report(role, wfile.sent, received);
};

/** The course's sock.makefile('wb'): gives the socket what it has only when it is full, or when it is told to. */
export class BufferedWriter {
  private parts: Uint8Array[] = [];
  /** Bytes that were written and not sent; bytes that were sent. */
  kept = 0;
  sent = 0;

  constructor(private readonly socket: Pick<StreamSocket, 'sendAll'>, private readonly size: number) {}

  async write(bytes: Uint8Array): Promise<void> {
    if (this.kept + bytes.length > this.size) await this.flush();
    this.parts.push(bytes);
    this.kept += bytes.length;
  }

  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.parts);
    this.parts = [];
    this.kept = 0;
    if (bytes.length > 0) await this.socket.sendAll(bytes);
    this.sent += bytes.length;
  }
}

/** Closes the socket when the time is over: recv() then fails, and the program goes on. */
function giveUpAfter(role: RoleContext, socket: StreamSocket, ms: number, kept: () => number): { over: () => boolean; stop: () => void } {
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    role.print(`gave up after ${ms} ms: ${kept()} B are still in my own buffer, never sent`);
    socket.close();
  }, ms);
  return { over: () => over, stop: () => clearTimeout(timer) };
}
