// TCP of one role: plain Node servers and sockets, and the socket API's shape, over the same tapped objects (roles/host.ts).

import * as net from 'node:net';
import type { TcpNetwork, StreamSocket } from '../roles/host';
import type { Endpoint } from '../../shared/trace/event';
import { connectionsPerServer } from './descriptors';
import { TappedListener } from './listeningSocket';
import { callError, refusal } from './loopback';
import type { NetworkOptions, OpenSockets } from './network';
import { DEFAULT_BACKLOG, fdOf, keepUntilClosed, localOf, remoteOf, tcpHandleOf } from './nodeHandle';
import type { Recorder } from './recorder';
import { SocketLog } from './socketLog';
import { TappedStream } from './streamSocket';
import { tapTcpHandle } from './tcpHandleTap';
import { tapServer } from './tcpServerTap';
import { tapStream } from './tcpTap';

const nothing = (): void => undefined;

export function createTcpNetwork(recorder: Recorder | null, { role, address }: NetworkOptions, open: OpenSockets): TcpNetwork {
  /** Every socket has an error handler, and is closed when the role is killed. */
  const own = (socket: net.Socket): void => {
    socket.on('error', nothing);
    socket.once('close', open.add(() => socket.destroy()));
  };

  const makeServer = (options: net.ServerOpts): { server: net.Server; log: SocketLog | null } => {
    open.check('listen');
    const server = net.createServer(options);
    const log = SocketLog.open(recorder, role);
    server.maxConnections = connectionsPerServer();
    server.on('drop', () => log?.failed('accept', 'CONNECTION_LIMIT'));
    server.on('error', nothing);
    tapServer(server, address, log);
    server.on('connection', own);
    server.once('close', open.add(() => server.close()));
    return { server, log };
  };

  /** The log of an accepted socket, with the fact that it was accepted. */
  const logAccepted = (socket: net.Socket, listening: SocketLog | null): SocketLog | null => {
    const handle = tcpHandleOf(socket);
    const log = listening === null || handle === null ? null : SocketLog.open(recorder, role);
    if (log !== null && handle !== null) listening?.accepted(listening.now(), log, fdOf(handle), localOf(handle), remoteOf(handle));
    return log;
  };

  const connect = (socket: net.Socket, remote: Endpoint): void => {
    // The host's address is the source, so that hosts are told apart; 127.0.0.1 is what the system takes anyway.
    const localAddress = net.isIPv4(remote.address) && address !== '127.0.0.1' ? { localAddress: address } : {};
    socket.connect({ host: remote.address, port: remote.port, ...localAddress });
  };

  const dial = async (remote: Endpoint): Promise<StreamSocket> => {
    open.check('connect');
    const refused = refusal(remote.address, 'connect');
    if (refused !== null) throw refused;
    const socket = new net.Socket({ allowHalfOpen: true });
    keepUntilClosed(socket);
    // A paused socket does not start to read when it is connected.
    socket.pause();
    own(socket);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(callError('EBADF', 'connect', 'the socket was closed')));
      connect(socket, remote);
      const handle = tcpHandleOf(socket);
      if (handle === null) return void socket.destroy(callError('ENOSYS', 'connect', 'this Node version hides its handles'));
      const log = SocketLog.open(recorder, role);
      if (log !== null) tapTcpHandle(handle, log, { opened: false });
      socket.once('connect', () => resolve(stream(socket, log)));
    });
  };

  const stream = (socket: net.Socket, log: SocketLog | null): StreamSocket => {
    const handle = tcpHandleOf(socket);
    if (handle === null) throw callError('EBADF', 'socket', 'the socket was closed');
    const made = new TappedStream(socket, handle, log);
    socket.once('close', open.add(() => made.close()));
    return made;
  };

  return {
    createServer(options = {}, onConnection) {
      const { server, log } = makeServer(options);
      if (log !== null) {
        server.on('connection', (socket: net.Socket) => {
          const handle = tcpHandleOf(socket);
          const accepted = logAccepted(socket, log);
          if (handle !== null && accepted !== null) tapStream(socket, handle, accepted, true);
        });
      }
      if (onConnection !== undefined) server.on('connection', onConnection);
      return server;
    },

    connect(remote, options = {}) {
      open.check('connect');
      const log = SocketLog.open(recorder, role);
      const socket = new net.Socket(options);
      own(socket);
      const refused = refusal(remote.address, 'connect');
      if (refused !== null) return socket.destroy(refused);
      connect(socket, remote);
      const handle = tcpHandleOf(socket);
      if (handle !== null && log !== null) tapStream(socket, handle, log, false);
      return socket;
    },

    async listen({ port, backlog = DEFAULT_BACKLOG }) {
      const { server, log } = makeServer({ allowHalfOpen: true, pauseOnConnect: true });
      server.on('connection', keepUntilClosed);
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.once('close', () => reject(callError('EBADF', 'listen', 'the socket was closed')));
        server.once('listening', () => {
          const bound = server.address();
          const endpoint = typeof bound === 'object' && bound !== null ? { address: bound.address, port: bound.port } : { address, port };
          const listener = new TappedListener(endpoint, server, log, (socket) => {
            const handle = tcpHandleOf(socket);
            if (handle === null) return null;
            const accepted = logAccepted(socket, log);
            if (accepted !== null) tapTcpHandle(handle, accepted, { opened: true });
            return stream(socket, accepted);
          });
          server.once('close', open.add(() => listener.close()));
          resolve(listener);
        });
        server.listen({ port, backlog, host: address });
      });
    },

    dial,
  };
}
