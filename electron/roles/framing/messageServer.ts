// A server that takes messages out of each client's stream and answers every one with what it took it for. It can be told to make the mistake:
// one recv(), one message. Over UDP there is nothing to find: a datagram is a message.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import { sayError } from '../errno';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { decode, encode } from '../text';
import { answerFrame, type Framing } from './frames';
import { messageReader, naiveReader, type Taken } from './messageReader';

export interface MessageServerOptions {
  readonly port: number;
  readonly framing: Framing;
  /** The buffer that recv() is given, in bytes. */
  readonly readSize: number;
  /** Whether the connection that is accepted now is read naively. */
  readonly naive: () => boolean;
  /** After close() of a client's connected socket. */
  readonly served?: () => void;
}

/** Rejects with the system's error when it cannot listen. */
export async function messageServer(role: RoleContext, options: MessageServerOptions): Promise<void> {
  const listening = await role.host.net.listen({ port: options.port });
  role.listening({ protocol: 'tcp', ...listening.endpoint });
  for (;;) void serve(role, await listening.accept(), options);
}

async function serve(role: RoleContext, connected: StreamSocket, { framing, readSize, naive, served }: MessageServerOptions): Promise<void> {
  const isNaive = naive();
  const reader = isNaive ? naiveReader(connected, readSize) : messageReader(connected, framing, readSize);
  const ends = { from: formatEndpoint(connected.remote), at: formatEndpoint(connected.local) };
  try {
    for (let number = 1; ; number++) {
      const message = await reader.next();
      if (message === null) break;
      const { start, end } = message;
      role.note({ topic: 'message.taken', number, start, end, by: isNaive ? 'one-recv' : framing, ...ends });
      await connected.sendAll(answerFrame(framing, sayTaken(number, message)));
    }
  } catch (error) {
    if (!role.signal.aborted) role.print(`${ends.from} ${sayError(error)}`);
  } finally {
    connected.close();
    served?.();
  }
}

/** 'message 2: 10 B "GET READY,"'. */
const sayTaken = (number: number, { start, end, text }: Taken): string => `message ${number}: ${end - start} B ${JSON.stringify(text.slice(0, 60))}`;

/** The course's recvfrom(2048). */
const DATAGRAM_SIZE = 2048;

/** Takes each datagram as the message that it is. Rejects with the system's error when it cannot bind. */
export async function datagramServer(role: RoleContext, port: number): Promise<void> {
  const socket = await role.host.dgram.bind(port);
  role.listening({ protocol: 'udp', address: role.host.address, port });
  for (let number = 1; ; number++) {
    const { bytes, from } = await socket.recvFrom(DATAGRAM_SIZE);
    const at = formatEndpoint({ address: role.host.address, port });
    role.note({ topic: 'message.taken', number, start: 0, end: bytes.length, by: 'datagram', from: formatEndpoint(from), at });
    await socket.sendTo(encode(sayTaken(number, { start: 0, end: bytes.length, text: decode(bytes) })), from).catch((error: unknown) => role.print(sayError(error)));
  }
}
