// The tap of a plain net.Socket: what it sends and receives, and how its calls fail, recorded without altering bytes, order, errors
// or timing of events. Overrides methods of the one object; no listener of 'data', no prototype touched.

import type * as net from 'node:net';
import { errnoOf, type TcpHandle } from './nodeHandle';
import { READ_SIZE, readIntoSlabs, type ReadLog, type Slabs } from './slabReader';
import type { SocketLog } from './socketLog';
import { tapTcpHandle } from './tcpHandleTap';
import { bytesOf, sizeOf, TcpSends, type Inside, type SendLog, type WriteDone } from './writes';

/** What a tapped socket offers to a bridge (socketBridge.ts). */
export interface StreamTap {
  /** Null where Node's reads cannot be diverted. */
  readonly slabs: Slabs | null;
  readonly sends: TcpSends;
}

/** From now on everything that the socket does is recorded in `log`. Call it before the socket can have read or written. */
export function tapStream(socket: net.Socket, handle: TcpHandle, log: SocketLog, accepted: boolean): StreamTap {
  const sends = new TcpSends(handle, log);
  tapWrites(socket, log, sends);
  tapTcpHandle(handle, log, { opened: accepted, beforeClose: () => sends.interrupt() });
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
  return { slabs, sends };
}

/**
 * Writes. A stream writes one thing at a time, so one callback of ours serves all of them: when it is called before the write
 * returns, the kernel took everything at once; else the send had to wait.
 */
function tapWrites(socket: net.Socket, log: SocketLog, sends: SendLog): void {
  const inside = socket as unknown as Inside;
  const original = inside._writeGeneric;
  if (original === undefined) return;
  let then: WriteDone = nothing;
  let begun = 0;
  let answered = 0;

  const finish: WriteDone = (error) => {
    answered = begun;
    // Recorded before its callback runs, for the callback may begin the next one within the call.
    sends.finish(error === undefined || error === null ? '' : errnoOf(error));
    const done = then;
    then = nothing;
    done(error);
  };

  inside._writeGeneric = function (gather, data, encoding, done) {
    // Before the connection is there Node keeps the data and comes back; without a handle it only reports so.
    if (socket.connecting || socket.destroyed || !log.attached) return original.call(socket, gather, data, encoding, done);
    const call = ++begun;
    // Taken before the call, which rewrites the list of a gathered write.
    sends.begin(sizeOf(data, encoding), bytesOf(data, encoding));
    then = done;
    const result = original.call(socket, gather, data, encoding, finish);
    if (answered < call) sends.wait();
    return result;
  };
}

const nothing = (): void => undefined;
