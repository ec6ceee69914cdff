// TCP of one role: plain Node servers and sockets, and the socket API's shape, over the same tapped objects (roles/host.ts).

import * as net from 'node:net';
import type { RoleIx } from '../../shared/base/brand';
import type { ListeningSocket, StreamSocket, TcpNetwork } from '../roles/host';
import { TappedListener } from './listeningSocket';
import { callError } from './loopback';
import { DEFAULT_BACKLOG, keepUntilClosed, localOf, tcpHandleOf } from './nodeHandle';
import type { Recorder } from './recorder';
import { select } from './select';
import { createSelectLog } from './selectLog';
import type { SocketLog } from './socketLog';
import { TappedStream } from './streamSocket';
import { tapTcpHandle } from './tcpHandleTap';
import type { TcpSockets } from './tcpSockets';

/** `recorder`, `role`: whose calls of select() are recorded; they belong to no one socket. */
export function createTcpNetwork(sockets: TcpSockets, address: string, recorder: Recorder | null, role: RoleIx): TcpNetwork {
  const { open } = sockets;
  const selectLog = createSelectLog(recorder, role);

  const stream = (socket: net.Socket, log: SocketLog | null): StreamSocket => {
    const handle = tcpHandleOf(socket);
    if (handle === null) throw callError('EBADF', 'socket', 'the socket was closed');
    const made = new TappedStream(socket, handle, log);
    socket.once('close', open.add(() => made.close()));
    return made;
  };

  return {
    createServer(options = {}, onConnection) {
      const server = net.createServer(options);
      sockets.serve(server);
      if (onConnection !== undefined) server.on('connection', onConnection);
      return server;
    },

    connect: (remote, options = {}) => sockets.connect(remote, options),

    async listen({ port, backlog = DEFAULT_BACKLOG, address: wanted = address }) {
      const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true });
      const log = sockets.adopt(server);
      server.on('connection', keepUntilClosed);
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.once('close', () => reject(callError('EBADF', 'listen', 'the socket was closed')));
        server.once('listening', () => {
          const bound = server.address();
          const endpoint = typeof bound === 'object' && bound !== null ? { address: bound.address, port: bound.port } : { address: wanted, port };
          const listener = new TappedListener(endpoint, server, log, (socket) => {
            const handle = tcpHandleOf(socket);
            if (handle === null) return null;
            const accepted = sockets.logAccepted(socket, log);
            if (accepted !== null) tapTcpHandle(handle, accepted, { opened: true });
            return stream(socket, accepted);
          });
          server.once('close', open.add(() => listener.close()));
          resolve(listener);
        });
        server.listen({ port, backlog, host: wanted });
      });
    },

    async select(read, write, timeout) {
      const { readable, writable } = await select(open, selectLog, read.map(ours), write.map(oursToWrite), timeout);
      return { readable: read.filter((socket) => isIn(socket, readable)), writable: write.filter((socket) => isIn(socket, writable)) };
    },

    async dial(remote, begun, givenUp, port) {
      open.check('connect');
      const refused = sockets.refused(remote);
      if (refused !== null) throw refused;
      const socket = new net.Socket({ allowHalfOpen: true });
      keepUntilClosed(socket);
      // A paused socket does not start to read when it is connected.
      socket.pause();
      sockets.own(socket);
      return new Promise((resolve, reject) => {
        socket.once('error', reject);
        socket.once('close', () => reject(callError('EBADF', 'connect', 'the socket was closed')));
        sockets.begin(socket, remote, port);
        const handle = tcpHandleOf(socket);
        if (handle === null) return void socket.destroy(callError('ENOSYS', 'connect', 'this Node version hides its handles'));
        const log = sockets.newLog();
        if (log !== null) tapTcpHandle(handle, log, { opened: false });
        // Node calls connect() in its next tick; the system has given the socket its port then.
        if (begun !== undefined) {
          process.nextTick(() => {
            const local = localOf(handle);
            if (local !== null) begun(local);
          });
        }
        const giveUp = (): void => void socket.destroy();
        givenUp?.addEventListener('abort', giveUp, { once: true });
        socket.once('connect', () => {
          givenUp?.removeEventListener('abort', giveUp);
          resolve(stream(socket, log));
        });
      });
    },
  };
}

function ours(socket: StreamSocket | ListeningSocket): TappedStream | TappedListener {
  if (socket instanceof TappedStream || socket instanceof TappedListener) return socket;
  throw callError('EINVAL', 'select', 'a socket of another network');
}

function oursToWrite(socket: StreamSocket): TappedStream {
  if (socket instanceof TappedStream) return socket;
  throw callError('EINVAL', 'select', 'a socket of another network');
}

const isIn = (socket: object, found: readonly object[]): boolean => found.includes(socket);
