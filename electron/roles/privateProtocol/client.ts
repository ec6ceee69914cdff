// The client of a private protocol: says its messages one by one, framed as the design says, and shows the answers. Or says raw bytes, as
// somebody does who does not know the protocol.

import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { decode, encode } from '../text';
import { Deframer, frame, type Framing } from './framing';

const READ_SIZE = 1024;

/** Rejects with the system's error, and with FrameError when a message cannot be framed. */
export async function privateClient(role: RoleContext, server: Endpoint, framing: Framing, messages: readonly string[]): Promise<void> {
  const socket = await role.host.net.dial(server);
  const deframer = new Deframer(framing);
  const waiting: Uint8Array[] = [];
  try {
    for (const message of messages) {
      await socket.sendAll(frame(framing, encode(message)));
      while (waiting.length === 0) {
        const bytes = await socket.recv(READ_SIZE);
        if (bytes.length === 0) return role.print('the server ended the connection');
        waiting.push(...deframer.take(bytes));
      }
      role.print(`${message} → ${decode(waiting.shift() ?? new Uint8Array(0))}`);
    }
  } finally {
    socket.close();
  }
}

/** Bytes as they are, then the end of stream; shows what comes back, up to a bound. */
export async function rawClient(role: RoleContext, server: Endpoint, bytes: Uint8Array): Promise<void> {
  const socket = await role.host.net.dial(server);
  let shown = '';
  try {
    if (bytes.length > 0) await socket.sendAll(bytes);
    await socket.shutdown();
    for (;;) {
      const answer = await socket.recv(READ_SIZE);
      if (answer.length === 0 || shown.length > READ_SIZE) break;
      shown += decode(answer);
    }
  } finally {
    socket.close();
  }
  role.print(shown === '' ? 'no answer' : `answer: ${JSON.stringify(shown)}`);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

/** Text with \n, \r, \t, \\ and \xHH as the bytes that they stand for; the rest as UTF-8. */
export function unescaped(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const [part = ''] of text.matchAll(/\\x[0-9a-fA-F]{2}|\\[nrt\\]|[^]/gu)) {
    if (part.startsWith('\\x') && part.length === 4) bytes.push(Number.parseInt(part.slice(2), 16));
    else bytes.push(...encode(part.length === 2 && part.startsWith('\\') ? (ESCAPES[part[1] ?? ''] ?? part) : part));
  }
  return Uint8Array.from(bytes);
}
