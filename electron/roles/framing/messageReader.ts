// Takes messages out of a stream of bytes: keeps what came too much, asks for more while one is not whole. Right for every way of cutting the
// stream. Beside it the mistake that loopback hides: to take what one recv() returns for one message.

import { never } from '../../../shared/base/assert';
import type { StreamSocket } from '../host';
import { decode, encode } from '../text';
import { join, LENGTH_BYTES, type Framing } from './frames';

export interface Taken {
  /** Bytes of the stream before it, and up to its end, its marks included. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface MessageReader {
  /** The next message; null at the end of the stream. Rejects with FramingError, or the system's error. */
  next(): Promise<Taken | null>;
}

/** What came is no message, or the stream ended in the middle of one. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** A longer message is refused: its length is the sender's word. */
const MOST = 64 * 1024;
const LF = encode('\n');
const CRLF = encode('\r\n');
const EMPTY_LINE = encode('\r\n\r\n');

export function messageReader(socket: Pick<StreamSocket, 'recv'>, framing: Framing, size: number): MessageReader {
  const stream = new Incoming(socket, size);
  return {
    next: async () => {
      const start = stream.offset;
      const text = await takeBody(stream, framing);
      return text === null ? null : { start, end: stream.offset, text };
    },
  };
}

/** One recv(), one "message". */
export function naiveReader(socket: Pick<StreamSocket, 'recv'>, size: number): MessageReader {
  let offset = 0;
  return {
    next: async () => {
      const bytes = await socket.recv(size);
      if (bytes.length === 0) return null;
      offset += bytes.length;
      return { start: offset - bytes.length, end: offset, text: decode(bytes) };
    },
  };
}

async function takeBody(stream: Incoming, framing: Framing): Promise<string | null> {
  switch (framing) {
    case 'lf': return stream.line(LF);
    case 'crlf': return stream.line(CRLF);
    case 'length': {
      const length = await stream.take(LENGTH_BYTES, true);
      return length === null ? null : decode(await stream.exactly(new DataView(length.buffer, length.byteOffset).getUint32(0)));
    }
    case 'http-length': case 'http-chunked': return httpBody(stream);
    case 'end': return stream.all();
    default: return never(framing);
  }
}

/** RFC 9112 6.3: where the body ends is in the header: chunked, else Content-Length, else a request has none. */
async function httpBody(stream: Incoming): Promise<string | null> {
  const header = await stream.line(EMPTY_LINE);
  if (header === null) return null;
  if (/^transfer-encoding:[ \t]*chunked[ \t]*$/im.test(header)) return decode(await chunkedBody(stream));
  const length = /^content-length:[ \t]*(\d+)[ \t]*$/im.exec(header)?.[1];
  return decode(await stream.exactly(Number(length ?? 0)));
}

/** RFC 9112 7.1: each chunk has its length in hexadecimal on a line before it; the one of length 0 is the last. */
async function chunkedBody(stream: Incoming): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const line = await stream.within(CRLF);
    const size = /^[0-9a-f]{1,6}$/i.test(line) ? Number.parseInt(line, 16) : -1;
    if (size < 0) throw new FramingError(`no length of a chunk: ${JSON.stringify(line.slice(0, 20))}`);
    if (size > 0) parts.push(await stream.exactly(size));
    // After the last chunk: no trailer fields.
    if ((await stream.within(CRLF)) !== '') throw new FramingError('a chunk is longer than it says');
    if (size === 0) return join(...parts);
  }
}

class Incoming {
  /** Bytes that messages have taken. */
  offset = 0;
  private kept: Uint8Array = new Uint8Array(0);
  private ended = false;

  constructor(private readonly socket: Pick<StreamSocket, 'recv'>, private readonly size: number) {}

  /** What stands before the next mark, which is taken too; null at the end of the stream. */
  async line(mark: Uint8Array): Promise<string | null> {
    for (;;) {
      const at = find(this.kept, mark);
      if (at >= 0) {
        const text = decode(this.kept.subarray(0, at));
        this.drop(at + mark.length);
        return text;
      }
      if (await this.more()) continue;
      if (this.kept.length === 0) return null;
      throw new FramingError(`the stream ended after ${this.kept.length} B without a mark`);
    }
  }

  /** line() in the middle of a message, where the stream must not end. */
  async within(mark: Uint8Array): Promise<string> {
    const text = await this.line(mark);
    if (text === null) throw new FramingError('the stream ended in the middle of a message');
    return text;
  }

  /** So many bytes. `first`: the stream may end before the first of them, which is null. */
  async take(count: number, first = false): Promise<Uint8Array | null> {
    if (count > MOST) throw new FramingError(`a message of ${count} B is too long`);
    while (this.kept.length < count) {
      if (await this.more()) continue;
      if (first && this.kept.length === 0) return null;
      throw new FramingError(`the stream ended ${count - this.kept.length} B too early`);
    }
    const bytes = this.kept.slice(0, count);
    this.drop(count);
    return bytes;
  }

  async exactly(count: number): Promise<Uint8Array> {
    return (await this.take(count)) ?? new Uint8Array(0);
  }

  /** Everything up to the end of the stream; null when it has ended. */
  async all(): Promise<string | null> {
    while (await this.more());
    if (this.kept.length === 0) return null;
    const text = decode(this.kept);
    this.drop(this.kept.length);
    return text;
  }

  private async more(): Promise<boolean> {
    if (this.ended) return false;
    if (this.kept.length > MOST) throw new FramingError(`no end of a message within ${MOST} B`);
    const bytes = await this.socket.recv(this.size);
    this.ended = bytes.length === 0;
    this.kept = join(this.kept, bytes);
    return !this.ended;
  }

  private drop(count: number): void {
    this.kept = this.kept.slice(count);
    this.offset += count;
  }
}

function find(bytes: Uint8Array, mark: Uint8Array): number {
  const [first = 0] = mark;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (mark.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
