// How a net.Socket's writes look from inside, where taps stand: `_writeGeneric` of the one object, its data, and the bytes of it that a
// trace keeps. Shared by the taps of TCP (tcpTap.ts), of TLS's plaintext (tlsTap.ts) and by the bridge (socketBridge.ts).

import { LIMITS } from '../../shared/trace/limits';
import type { TcpHandle } from './nodeHandle';
import type { SocketLog } from './socketLog';

export type WriteDone = (error?: Error | null) => void;
interface Chunk {
  readonly chunk: Uint8Array | string;
  readonly encoding: BufferEncoding;
}
export type Gathered = readonly Chunk[] & { readonly allBuffers?: boolean };
export type WriteGeneric = (gather: boolean, data: Uint8Array | string | Gathered, encoding: BufferEncoding, done: WriteDone) => unknown;

/** A net.Socket seen from inside. `_writeGeneric` is where every write passes once the socket is connected. */
export interface Inside {
  _writeGeneric?: WriteGeneric;
}

/** What is recorded of one write after the other. `begin` with what is handed down, then `wait` when it could not be taken at once, then `finish`. */
export interface SendLog {
  /** `bytes`: the `size` bytes, or their beginning; used before this or the next call returns. */
  begin(size: number, bytes: Uint8Array): void;
  wait(): void;
  /** `err`: errno name, or ''. */
  finish(err: string): void;
}

const NO_BYTES = new Uint8Array(0);

/** Sends of a TCP socket: recorded once the kernel has answered, in the order of its answers. */
export class TcpSends implements SendLog {
  private t = 0;
  private size = 0;
  private bytes: Uint8Array = NO_BYTES;
  /** Bytes of the current write that the kernel has not taken, once it had to wait. */
  private waiting = 0;

  constructor(private readonly handle: TcpHandle, private readonly log: SocketLog) {}

  begin(size: number, bytes: Uint8Array): void {
    this.size = size;
    this.bytes = bytes;
    this.t = this.log.now();
  }

  wait(): void {
    if (this.size === 0) return;
    this.waiting = this.handle.writeQueueSize;
    this.log.send(this.t, this.size - this.waiting, this.size, this.bytes);
    this.clear();
  }

  finish(err: string): void {
    const { waiting, size } = this;
    if (waiting > 0) {
      this.waiting = 0;
      this.log.sendEnded(this.log.now(), err === '' ? waiting : 0, err);
    } else if (size > 0) this.log.send(this.t, err === '' ? size : -1, size, this.bytes, err);
    this.clear();
  }

  /** The descriptor is given up in the middle of a send: what the kernel took until now is all it took. */
  interrupt(): void {
    if (this.waiting === 0) return;
    const taken = Math.max(0, this.waiting - this.handle.writeQueueSize);
    this.waiting = 0;
    this.log.sendEnded(this.log.now(), taken, 'ECANCELED');
  }

  private clear(): void {
    this.size = 0;
    this.bytes = NO_BYTES;
  }
}

/** Plaintext given to TLS: recorded before the records that carry it. */
export const plaintextSends = (log: SocketLog): SendLog => ({
  begin: (size, bytes) => log.plaintextSent(size, bytes),
  wait: () => undefined,
  finish: () => undefined,
});

/** Where bytes of strings and of gathered writes are put together to be recorded; used again at once. */
const scratch = Buffer.allocUnsafeSlow(LIMITS.payloadPreview);

export const sizeOf = (data: Uint8Array | string | Gathered, encoding: BufferEncoding): number => {
  if (typeof data === 'string') return Buffer.byteLength(data, encoding);
  if (data instanceof Uint8Array) return data.length;
  let size = 0;
  for (const each of data) size += typeof each.chunk === 'string' ? Buffer.byteLength(each.chunk, each.encoding) : each.chunk.length;
  return size;
};

/** The bytes of a write, as many as a trace keeps where they must be put together. Good until the next call. */
export function bytesOf(data: Uint8Array | string | Gathered, encoding: BufferEncoding): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (typeof data === 'string') return textBytes(data, encoding);
  let size = 0;
  for (const each of data) {
    if (size >= scratch.length) break;
    size += put(each.chunk, each.encoding, size);
  }
  return scratch.subarray(0, size);
}

/** As bytesOf(), of parts that are bytes already. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first = NO_BYTES] = parts;
  if (parts.length < 2) return first;
  let size = 0;
  for (const part of parts) size += put(part, 'latin1', size);
  return scratch.subarray(0, size);
}

function put(chunk: Uint8Array | string, encoding: BufferEncoding, at: number): number {
  if (typeof chunk === 'string') {
    const bytes = fits(chunk, scratch.length - at) ? null : Buffer.from(chunk, encoding);
    return bytes === null ? scratch.write(chunk, at, encoding) : put(bytes, encoding, at);
  }
  const room = scratch.length - at;
  if (room <= 0) return 0;
  scratch.set(chunk.length > room ? chunk.subarray(0, room) : chunk, at);
  return Math.min(chunk.length, room);
}

/** A character takes three bytes at most (UTF-8 of a UTF-16 unit); cutting inside one would lose bytes. */
const fits = (text: string, room: number): boolean => text.length * 3 <= room;

const textBytes = (text: string, encoding: BufferEncoding): Uint8Array => (fits(text, scratch.length) ? scratch.subarray(0, scratch.write(text, 0, encoding)) : Buffer.from(text, encoding));
