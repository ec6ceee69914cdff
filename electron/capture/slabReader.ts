// Lets a plain net.Socket read into memory of ours, so that tapping its reads costs less than Node's own way (one allocation a
// read). Between libuv (or TLS) and the socket's readable side, or whatever else its bytes are diverted to; sizes and order of the
// chunks are as Node would make them.

import type * as net from 'node:net';
import { statusOf, type TcpHandle } from './nodeHandle';
import { readResult, streamBindings } from './nodeStream';

/** Bytes that libuv offers recv(), with and without us. */
export const READ_SIZE = 65_536;
/** Small enough to stay in the cache, and to cost an idle connection little. */
const LARGEST_SLAB = 128 * 1024;
/** Shorter reads are copied out of the slab, which is then used again: cheaper than a slab's share, and idle connections keep one slab. */
const SHORT = 4096;

/** libuv's number for the end of a stream. */
const END = statusOf('EOF');

interface WithTimer {
  _unrefTimer?: () => void;
}

/** Told of each read before the socket is. */
export interface ReadLog {
  recv(buffer: number, bytes: Uint8Array): void;
  /** Told of the end here only when reads are diverted: else the socket's push(null) tells it. */
  ended(buffer: number): void;
}

/** Who gets the bytes instead of the socket's readable side. */
export interface Diversion {
  /** True when it keeps them: else their memory is used again at once. */
  bytes(bytes: Uint8Array): boolean;
  end(): void;
}

export interface Slabs {
  /** From now on bytes and the end of the stream go there, errors still to the socket. False (and nothing done) when this Node cannot. */
  divert(to: Diversion): boolean;
  /** Node's own way, for what a diversion hands back. */
  readonly onread: TcpHandle['onread'];
}

/**
 * Takes over the handle's reading; null (and nothing done) when this Node lacks what it needs. A slab's bytes are given out once and
 * never again: whoever holds a chunk holds its slab, and the next reads go to the rest of it or to a new one.
 * `layered`: the handle lies above another stream and gives `readSize` bytes at most at a time; it is fed by JavaScript, so that what a
 * listener throws must not pass through native code.
 */
export function readIntoSlabs(socket: net.Socket, handle: TcpHandle, log: ReadLog, { layered = false, readSize = READ_SIZE } = {}): Slabs | null {
  const original = handle.onread;
  const touch = (socket as WithTimer)._unrefTimer;
  const push = socket.push;
  if (typeof handle.useUserBuffer !== 'function' || typeof original !== 'function' || typeof handle.bytesRead !== 'number' || typeof touch !== 'function') return null;

  // The first slab holds one read, for the many connections that carry little; busy ones get larger slabs.
  let slab = Buffer.allocUnsafeSlow(READ_SIZE);
  let used = 0;
  let view = slab.subarray(0, readSize);
  let before = handle.bytesRead;
  let diversion: Diversion | null = null;
  const bindings = streamBindings();

  const advance = (count: number): void => {
    used += count;
    if (slab.length - used < readSize) {
      slab = Buffer.allocUnsafeSlow(Math.min(LARGEST_SLAB, slab.length * 2));
      used = 0;
    }
    view = slab.subarray(used, used + readSize);
  };

  /** Bytes of this read; at most 0 for the end of the stream, errors and spurious wake-ups. */
  const result = (): number => {
    if (bindings !== null) return readResult(bindings);
    const total = handle.bytesRead;
    const count = total - before;
    before = total;
    return count;
  };

  // Reads are often as long as the one before: then the view of it serves again.
  let last = view;
  let lastOf = view;
  const first = (count: number): Buffer => {
    if (last.length !== count || lastOf !== view) last = view.subarray(0, count);
    lastOf = view;
    return last;
  };

  const deliver = (count: number): boolean => {
    if (diversion !== null) {
      const bytes = first(count);
      log.recv(READ_SIZE, bytes);
      if (diversion.bytes(bytes)) advance(count);
      return true;
    }
    let bytes: Buffer;
    if (count <= SHORT) {
      bytes = Buffer.allocUnsafe(count);
      bytes.set(first(count));
    } else {
      bytes = view.subarray(0, count);
      advance(count);
    }
    log.recv(READ_SIZE, bytes);
    touch.call(socket);
    return push.call(socket, bytes);
  };

  handle.onread = function (buffer) {
    const count = result();
    if (count <= 0) {
      // What carries no bytes Node deals with.
      if (diversion === null || count !== END) return original.call(handle, buffer);
      log.ended(READ_SIZE);
      diversion.end();
      return undefined;
    }
    if (socket.destroyed) return undefined;
    const offered = view;
    let more = true;
    try {
      more = deliver(count);
    } catch (error) {
      // A listener threw: the answer is lost on the way, so the next buffer is installed by hand.
      if (!layered) {
        handle.useUserBuffer(view);
        throw error;
      }
      process.nextTick(() => {
        throw error;
      });
    }
    if (!more) {
      handle.reading = false;
      if (!socket.destroyed) handle.readStop();
    }
    return view === offered ? undefined : view;
  };
  handle.useUserBuffer(view);
  return {
    onread: original,
    divert(to) {
      if (bindings === null) return false;
      diversion = to;
      return true;
    },
  };
}
