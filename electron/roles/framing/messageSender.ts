// A client that gives its messages to send() as it is told to: one for one, in pieces with pauses between, or all at once. What it writes at
// once need not arrive at once; that is the lesson. It says with FIN that it has sent all, and reads the answers to their end.

import type { Endpoint } from '../../../shared/trace/event';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { decode, encode } from '../text';
import { frame, join, type Framing } from './frames';

/** How messages are given to send(): a call for each, each in pieces, all in one call. */
export type Writing = 'each' | 'pieces' | 'together';

export interface MessageSenderOptions {
  readonly server: Endpoint;
  readonly framing: Framing;
  readonly messages: readonly string[];
  readonly writing: Writing;
  /** Bytes of a piece. */
  readonly piece: number;
  /** ms between two calls of send(). */
  readonly pause: number;
  /** TCP_NODELAY. */
  readonly noDelay: boolean;
}

const RECV_SIZE = 1024;
/** How long an answer to a datagram is waited for, in ms. */
const PATIENCE = 500;

/** Rejects with the system's error. */
export async function messageSender(role: RoleContext, options: MessageSenderOptions): Promise<void> {
  // Where the end of the stream is the end of the message, each needs a stream of its own.
  const streams = options.framing === 'end' ? options.messages.map((message) => [message]) : [options.messages];
  for (const messages of streams) await converse(role, { ...options, messages });
  role.print(`sent ${options.messages.length} messages`);
}

async function converse(role: RoleContext, options: MessageSenderOptions): Promise<void> {
  const socket = await role.host.net.dial(options.server);
  try {
    if (options.noDelay) socket.setNoDelay(true);
    const answers = readAll(role, socket);
    // Whatever ends the reading first, ends the writing: it is told below.
    answers.catch(() => undefined);
    await write(role, socket, options);
    await socket.shutdown();
    await answers;
  } finally {
    socket.close();
  }
}

async function write(role: RoleContext, socket: StreamSocket, { framing, messages, writing, piece, pause }: MessageSenderOptions): Promise<void> {
  const frames = messages.map((message, index) => {
    const bytes = frame(framing, message);
    role.note({ topic: 'message.sent', number: index + 1, size: bytes.length, by: framing });
    return bytes;
  });
  const writes = writing === 'together' ? [join(...frames)] : writing === 'each' ? frames : frames.flatMap((bytes) => pieces(bytes, piece));
  for (const [index, bytes] of writes.entries()) {
    if (index > 0 && pause > 0) await role.sleep(pause);
    await socket.sendAll(bytes);
  }
}

const pieces = (bytes: Uint8Array, size: number): Uint8Array[] => Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.slice(index * size, (index + 1) * size));

/** Shows the answers as they come, to the end of the stream. */
async function readAll(role: RoleContext, socket: StreamSocket): Promise<void> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const bytes = await socket.recv(RECV_SIZE);
    if (bytes.length === 0) break;
    parts.push(bytes);
  }
  for (const line of decode(join(...parts)).split(/\r?\n/)) if (line.startsWith('message ')) role.print(line);
}

/** The same messages as datagrams: one sendto() each, no framing. */
export async function datagramSender(role: RoleContext, { server, messages, pause }: Pick<MessageSenderOptions, 'server' | 'messages' | 'pause'>): Promise<void> {
  const socket = await role.host.dgram.open();
  try {
    for (const [index, message] of messages.entries()) {
      if (index > 0 && pause > 0) await role.sleep(pause);
      role.note({ topic: 'message.sent', number: index + 1, size: encode(message).length, by: 'datagram' });
      await socket.sendTo(encode(message), server);
    }
    for (const _ of messages) role.print(decode((await socket.recvFrom(RECV_SIZE, PATIENCE)).bytes));
  } finally {
    socket.close();
  }
  role.print(`sent ${messages.length} messages`);
}
