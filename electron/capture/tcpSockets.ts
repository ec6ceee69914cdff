// Makes a role's tapped TCP servers and sockets, for every API that stands on them (TCP itself, TLS, HTTP, HTTP/2): all bind the host's
// address, keep to loopback, are recorded alike, and are closed when the role is killed.

import * as net from 'node:net';
import type { Endpoint } from '../../shared/trace/event';
import { connectionsPerServer } from './descriptors';
import { refusal } from './loopback';
import { fdOf, localOf, remoteOf, tcpHandleOf, type TcpHandle } from './nodeHandle';
import type { NetworkOptions, OpenSockets } from './openSockets';
import type { Recorder } from './recorder';
import type { Slabs } from './slabReader';
import { SocketLog } from './socketLog';
import { tapServer } from './tcpServerTap';
import { tapStream } from './tcpTap';
import type { SendLog } from './writes';

/** What is known of a socket that is recorded. */
export interface Tapped {
  readonly handle: TcpHandle;
  readonly log: SocketLog;
  /** Null where its reads cannot be diverted. */
  readonly slabs: Slabs | null;
  readonly sends: SendLog;
}

export interface TcpSockets {
  readonly open: OpenSockets;
  /** False when recording is off. */
  readonly recording: boolean;
  /** Binds the server to the host, records it, owns its connections. Its log; null when recording is off. */
  adopt(server: net.Server): SocketLog | null;
  /** As adopt(), and taps each connection before the server's own listeners see it. */
  serve(server: net.Server): SocketLog | null;
  /** The log of a socket that the server of `listening` accepted, with the fact that it was accepted. */
  logAccepted(socket: net.Socket, listening: SocketLog | null): SocketLog | null;
  /** Why this network may not connect there; null: it may. */
  refused(remote: Endpoint): Error | null;
  /** A tapped socket that connects from the host's address. */
  connect(remote: Endpoint, options?: net.SocketConstructorOpts): net.Socket;
  /** Begins a connection of a socket that is not tapped yet; from `port`, where one is asked for. */
  begin(socket: net.Socket, remote: Endpoint, port?: number): void;
  newLog(): SocketLog | null;
  /** Gives the socket an error handler and closes it when the role is killed. */
  own(socket: net.Socket): void;
  /** Of a socket made by serve() or connect(); undefined when it is not recorded. */
  tapped(socket: net.Socket): Tapped | undefined;
}

const nothing = (): void => undefined;

export function createTcpSockets(recorder: Recorder | null, { role, address, permit }: NetworkOptions, open: OpenSockets): TcpSockets {
  const known = new WeakMap<net.Socket, Tapped>();

  const own = (socket: net.Socket): void => {
    socket.on('error', nothing);
    socket.once('close', open.add(() => socket.destroy()));
  };

  const tap = (socket: net.Socket, log: SocketLog | null, accepted: boolean): void => {
    const handle = tcpHandleOf(socket);
    if (handle !== null && log !== null) known.set(socket, { handle, log, ...tapStream(socket, handle, log, accepted) });
  };

  const newLog = (): SocketLog | null => SocketLog.open(recorder, role);

  const adopt = (server: net.Server): SocketLog | null => {
    open.check('listen');
    const log = newLog();
    server.maxConnections = connectionsPerServer();
    server.on('drop', () => log?.failed('accept', 'CONNECTION_LIMIT'));
    server.on('error', nothing);
    tapServer(server, address, log, permit);
    server.prependListener('connection', own);
    server.once('close', open.add(() => server.close()));
    return log;
  };

  const logAccepted = (socket: net.Socket, listening: SocketLog | null): SocketLog | null => {
    const handle = tcpHandleOf(socket);
    const log = listening === null || handle === null ? null : newLog();
    if (log !== null && handle !== null) listening?.accepted(listening.now(), log, fdOf(handle), localOf(handle), remoteOf(handle));
    return log;
  };

  const begin = (socket: net.Socket, remote: Endpoint, port = 0): void => {
    // The host's address is the source, so that hosts are told apart; 127.0.0.1 is what the system takes anyway.
    const localAddress = net.isIPv4(remote.address) && address !== '127.0.0.1' ? { localAddress: address } : {};
    socket.connect({ host: remote.address, port: remote.port, ...localAddress, ...(port !== 0 && { localPort: port }) });
  };

  const refused = (remote: Endpoint): Error | null => refusal(remote.address, 'connect', permit?.reaches('tcp', remote));

  return {
    open,
    refused,
    recording: recorder !== null,
    adopt,
    logAccepted,
    begin,
    newLog,
    own,
    serve(server) {
      const log = adopt(server);
      if (log !== null) server.prependListener('connection', (socket: net.Socket) => tap(socket, logAccepted(socket, log), true));
      return log;
    },
    connect(remote, options = {}) {
      open.check('connect');
      const log = newLog();
      const socket = new net.Socket(options);
      own(socket);
      const why = refused(remote);
      if (why !== null) return socket.destroy(why);
      begin(socket, remote);
      tap(socket, log, false);
      return socket;
    },
    tapped: (socket) => known.get(socket),
  };
}
