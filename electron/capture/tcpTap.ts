// The tap of a plain net.Socket: what it sends and receives, and how its calls fail, recorded without altering bytes, order, errors
// or timing of events. Overrides methods of the one object; no listener of 'data', no prototype touched.

import type * as net from 'node:net';
import { LIMITS } from '../../shared/trace/limits';
import { errnoOf, type TcpHandle } from './nodeHandle';
import { READ_SIZE, readIntoSlabs } from './slabReader';
import type { SocketLog } from './socketLog';
import { tapTcpHandle } from './tcpHandleTap';

type WriteDone = (error?: Error | null) => void;
interface Chunk {
  readonly chunk: Uint8Array | string;
  readonly encoding: BufferEncoding;
}
type Gathered = readonly Chunk[] & { readonly allBuffers?: boolean };
type WriteGeneric = (gather: boolean, data: Uint8Array | string | Gathered, encoding: BufferEncoding, done: WriteDone) => unknown;

/** A net.Socket seen from inside. `_writeGeneric` is where every write passes once the socket is connected. */
interface Inside {
  _writeGeneric?: WriteGeneric;
}

/** From now on everything that the socket does is recorded in `log`. Call it before the socket can have read or written. */
export function tapStream(socket: net.Socket, handle: TcpHandle, log: SocketLog, accepted: boolean): void {
  const writes = tapWrites(socket, handle, log);
  tapTcpHandle(handle, log, { opened: accepted, beforeClose: writes.interrupt });
  const slabs = readIntoSlabs(socket, handle, log);

  // Node pushes the end of the stream as null; without slabs its chunks come this way too.
  const push = socket.push;
  let ended = false;
  socket.push = function (chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    if (chunk === null) {
      if (!ended) log.ended(READ_SIZE);
      ended = true;
    } else if (!slabs && chunk.length > 0) log.recv(READ_SIZE, chunk);
    return push.call(socket, chunk, encoding);
  };

  const destroy = socket.destroy;
  socket.destroy = function (error?: Error): net.Socket {
    // Some callers pass null.
    if (error instanceof Error && !socket.destroyed && 'syscall' in error && error.syscall === 'read') log.failed('recv', errnoOf(error));
    return destroy.call(socket, error);
  };
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
const NO_BYTES = new Uint8Array(0);

const chunkBytes = (data: Uint8Array | string, encoding: BufferEncoding): Uint8Array => (typeof data === 'string' ? Buffer.from(data, encoding) : data);

const sizeOf = (gathered: Gathered): number =>
  gathered.reduce((sum, each) => sum + (typeof each.chunk === 'string' ? Buffer.byteLength(each.chunk, each.encoding) : each.chunk.length), 0);

/** The bytes of a write; of a gathered one as many as a trace keeps. */
function bytesOf(data: Uint8Array | string | Gathered, encoding: BufferEncoding): Uint8Array {
  if (typeof data === 'string' || data instanceof Uint8Array) return chunkBytes(data, encoding);
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const each of data) {
    if (size >= LIMITS.payloadPreview) break;
    const part = chunkBytes(each.chunk, each.encoding);
    parts.push(part);
    size += part.length;
  }
  return Buffer.concat(parts);
}
