// The tap of a plain net.Socket: what it sends and receives, and how its calls fail, recorded without altering bytes, order, errors
// or timing of events. Overrides methods of the one object; no listener of 'data', no prototype touched.

import type * as net from 'node:net';
import { errnoOf, type TcpHandle } from './nodeHandle';
import { READ_SIZE, readIntoSlabs, type ReadLog, type Slabs } from './slabReader';
import type { SocketLog } from './socketLog';
import { tapTcpHandle } from './tcpHandleTap';
import { bytesOf, NO_BYTES, sizeOf, type Inside, type WriteDone } from './writes';

/**
 * From now on everything that the socket does is recorded in `log`. Call it before the socket can have read or written. What it returns
 * can divert the socket's reads (socketBridge.ts); null where Node lacks that.
 */
export function tapStream(socket: net.Socket, handle: TcpHandle, log: SocketLog, accepted: boolean): Slabs | null {
  const writes = tapWrites(socket, handle, log);
  tapTcpHandle(handle, log, { opened: accepted, beforeClose: writes.interrupt });
  let ended = false;
  const reads: ReadLog = {
    recv: (buffer, bytes) => log.recv(buffer, bytes),
    ended: (buffer) => {
      if (!ended) log.ended(buffer);
      ended = true;
    },
  };
  const slabs = readIntoSlabs(socket, handle, reads);

  // Node pushes the end of the stream as null; without slabs its chunks come this way too.
  const push = socket.push;
  socket.push = function (chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    if (chunk === null) reads.ended(READ_SIZE);
    else if (slabs === null && chunk.length > 0) log.recv(READ_SIZE, chunk);
    return push.call(socket, chunk, encoding);
  };

  const destroy = socket.destroy;
  socket.destroy = function (error?: Error): net.Socket {
    // Some callers pass null.
    if (error instanceof Error && !socket.destroyed && 'syscall' in error && error.syscall === 'read') log.failed('recv', errnoOf(error));
    return destroy.call(socket, error);
  };
  return slabs;
}

/**
 * Writes. A stream writes one thing at a time, so one callback of ours serves all of them: when it is called before the write
 * returns, the kernel took everything at once; else the send had to wait.
 */
function tapWrites(socket: net.Socket, handle: TcpHandle, log: SocketLog): { readonly interrupt: () => void } {
  const inside = socket as unknown as Inside;
  const original = inside._writeGeneric;
  // The current write. It is recorded before its callback runs, for the callback may begin the next one within the call.
  let t = 0;
  let bytes: Uint8Array = NO_BYTES;
  let size = 0;
  let then: WriteDone = nothing;
  let begun = 0;
  let answered = 0;
  /** Bytes of it that the kernel has not taken, once it had to wait. */
  let waiting = 0;

  const finish: WriteDone = (error) => {
    const err = error === undefined || error === null ? '' : errnoOf(error);
    answered = begun;
    if (waiting > 0) {
      const taken = err === '' ? waiting : 0;
      waiting = 0;
      log.sendEnded(log.now(), taken, err);
    } else if (size > 0) log.send(t, err === '' ? size : -1, size, bytes, err);
    size = 0;
    bytes = NO_BYTES;
    const done = then;
    then = nothing;
    done(error);
  };

  inside._writeGeneric = function (gather, data, encoding, done) {
    if (original === undefined) return undefined;
    // Before the connection is there Node keeps the data and comes back; without a handle it only reports so.
    if (socket.connecting || socket.destroyed || !log.attached) return original.call(socket, gather, data, encoding, done);
    const call = ++begun;
    // Taken before the call, which rewrites the list of a gathered write.
    bytes = bytesOf(data, encoding);
    size = typeof data === 'string' || data instanceof Uint8Array ? bytes.length : sizeOf(data);
    then = done;
    t = log.now();
    const result = original.call(socket, gather, data, encoding, finish);
    if (answered < call && size > 0) {
      waiting = handle.writeQueueSize;
      log.send(t, size - waiting, size, bytes);
      size = 0;
      bytes = NO_BYTES;
    }
    return result;
  };
  if (original === undefined) delete inside._writeGeneric;

  /** The descriptor is given up in the middle of a send: what the kernel took until now is all it took. */
  const interrupt = (): void => {
    if (waiting === 0) return;
    const left = handle.writeQueueSize;
    log.sendEnded(log.now(), Math.max(0, waiting - left), 'ECANCELED');
    waiting = 0;
  };
  return { interrupt };
}

const nothing = (): void => undefined;
