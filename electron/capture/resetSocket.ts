// close() with SO_LINGER 0 of a net.Socket: RST and nothing before it. Node's own resetAndDestroy() first waits until all writes are
// done and shuts down, so that FIN goes out before RST, or neither while the peer reads nothing.

import type * as net from 'node:net';

/** Where Node keeps that the handle is to be reset instead of closed. */
interface Inside {
  resetAndClosing?: boolean;
}

export function resetSocket(socket: net.Socket): void {
  // libuv resets no socket whose shutdown is under way: then Node's order is the only one.
  const shutting = socket.writableEnded && !socket.writableFinished;
  if (socket.connecting || shutting || socket.destroyed) return void socket.resetAndDestroy();
  (socket as unknown as Inside).resetAndClosing = true;
  socket.destroy();
}
