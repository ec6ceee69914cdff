// Lets a plain net.Socket read into memory of ours, so that tapping its reads costs less than Node's own way (one allocation a
// read). Between libuv and the socket's readable side; sizes and order of the chunks are as Node would make them.

import type * as net from 'node:net';
import type { TcpHandle } from './nodeHandle';
import type { SocketLog } from './socketLog';

/** Bytes that libuv offers recv(), with and without us. */
export const READ_SIZE = 65_536;
/** Small enough to stay in the cache, and to cost an idle connection little. */
const LARGEST_SLAB = 128 * 1024;

interface WithTimer {
  _unrefTimer?: () => void;
}

/**
 * Takes over the handle's reading; false (and nothing done) when this Node lacks what it needs. A slab's bytes are given out once and
 * never again: whoever holds a chunk holds its slab, and the next reads go to the rest of it or to a new one.
 */
export function readIntoSlabs(socket: net.Socket, handle: TcpHandle, log: SocketLog): boolean {
  const original = handle.onread;
  const touch = (socket as WithTimer)._unrefTimer;
  const push = socket.push;
  if (typeof handle.useUserBuffer !== 'function' || typeof original !== 'function' || typeof handle.bytesRead !== 'number' || typeof touch !== 'function') return false;

  // The first slab holds one read, for the many connections that carry little; busy ones get larger slabs.
  let slab = Buffer.allocUnsafeSlow(READ_SIZE);
  let used = 0;
  let view = slab.subarray(0, READ_SIZE);
  let before = handle.bytesRead;

  const advance = (count: number): void => {
    used += count;
    if (slab.length - used < READ_SIZE) {
      slab = Buffer.allocUnsafeSlow(Math.min(LARGEST_SLAB, slab.length * 2));
      used = 0;
    }
    view = slab.subarray(used, used + READ_SIZE);
  };

  handle.onread = function (buffer) {
    const total = handle.bytesRead;
    const count = total - before;
    // End of stream, errors and spurious wake-ups carry no bytes: Node deals with them.
    if (count <= 0) return original.call(handle, buffer);
    before = total;
    if (socket.destroyed) return undefined;
    const bytes = view.subarray(0, count);
    advance(count);
    log.recv(READ_SIZE, bytes);
    touch.call(socket);
    let more: boolean;
    try {
      more = push.call(socket, bytes);
    } catch (error) {
      // A listener threw: the answer is lost on the way, so the next buffer is installed by hand.
      handle.useUserBuffer(view);
      throw error;
    }
    if (!more) {
      handle.reading = false;
      if (!socket.destroyed) handle.readStop();
    }
    return view;
  };
  handle.useUserBuffer(view);
  return true;
}
