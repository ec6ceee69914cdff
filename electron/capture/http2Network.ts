// HTTP/2 of one role: node:http2 over tapped sockets (roles/host.ts). A session takes its socket's bytes beneath JavaScript both ways, so
// a bridge stands between; over TLS there are two, one below (ciphertext) and one above (plaintext).

import type { EventEmitter } from 'node:events';
import * as http2 from 'node:http2';
import type * as net from 'node:net';
import type * as tls from 'node:tls';
import type { Http2Network } from '../roles/host';
import { keepReadsAbove } from './nodeHandle';
import { bridge, bridgeConnections, show } from './socketBridge';
import type { Tapped, TcpSockets } from './tcpSockets';
import type { TlsSockets } from './tlsNetwork';
import { WEB_LIMITS } from './webLimits';

const nothing = (): void => undefined;

/** `options` with what bounds a session. */
function bounded<T extends http2.SessionOptions>(options: T): T {
  const settings = { maxHeaderListSize: WEB_LIMITS.headerBytes, maxConcurrentStreams: WEB_LIMITS.streams, ...options.settings };
  return { maxSessionMemory: WEB_LIMITS.sessionMegabytes, ...options, settings };
}

/** Every session and stream of it has an error handler. */
function guard(server: http2.Http2Server | http2.Http2SecureServer): void {
  server.on('session', (session: http2.ServerHttp2Session) => {
    session.on('error', nothing);
    session.on('stream', (stream: http2.ServerHttp2Stream) => stream.on('error', nothing));
  });
}

/** True when node:http2 will make a session of the socket. */
const willSpeak2 = (socket: tls.TLSSocket): boolean => socket.alpnProtocol !== false && socket.alpnProtocol !== 'http/1.1';

export function createHttp2Network(sockets: TcpSockets, secure: TlsSockets): Http2Network {
  return {
    createServer(options, onRequest) {
      const server = http2.createServer(bounded(options));
      if (sockets.recording) bridgeConnections(server, 'connection', (socket) => sockets.tapped(socket));
      sockets.serve(server);
      guard(server);
      if (onRequest !== undefined) server.on('request', onRequest);
      return server;
    },

    createSecureServer({ keepKeys = false, ...options }, onRequest) {
      const server = http2.createSecureServer(bounded({ maxHeaderSize: WEB_LIMITS.headerBytes, ...options }));
      if (sockets.recording) bridgeConnections(server, 'secureConnection', (socket) => (willSpeak2(socket as tls.TLSSocket) ? secure.tapped(socket) : undefined));
      secure.serve(server, { ...options, keepKeys }, (socket) => {
        if (sockets.recording && !willSpeak2(socket)) keepReadsAbove(socket);
      });
      guard(server);
      if (onRequest !== undefined) server.on('request', onRequest);
      return server;
    },

    connect(authority, remote, { secure: security, ...options } = {}) {
      const socket = security === undefined ? sockets.connect(remote) : secure.connect(remote, { ALPNProtocols: ['h2'], ...security });
      const tapped = security === undefined ? sockets.tapped(socket) : secure.tapped(socket);
      const session = bridged(socket, tapped, security === undefined ? 'connect' : 'secureConnect', () =>
        http2.connect(authority, { ...bounded(options), createConnection: () => socket }),
      );
      session.on('error', nothing);
      const request = session.request.bind(session);
      session.request = (...args) => request(...args).on('error', nothing);
      return session;
    },
  };
}

/** A new client's session takes its socket's handle when the socket emits `event`: meanwhile the socket shows the bridge. */
function bridged(socket: net.Socket, tapped: Tapped | undefined, event: 'connect' | 'secureConnect', make: () => http2.ClientHttp2Session): http2.ClientHttp2Session {
  if (tapped === undefined) return make();
  let restore = nothing;
  const once = (listener: () => void): void => void (socket as EventEmitter).once(event, listener);
  once(() => (restore = show(socket, bridge(socket, tapped))));
  // Adds its own listener in between.
  const session = make();
  once(() => restore());
  return session;
}
