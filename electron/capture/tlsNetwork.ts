// TLS of one role: node:tls over tapped TCP sockets (roles/host.ts). Node's TLS takes a socket's bytes beneath JavaScript, so a bridge
// stands between where ciphertext is recorded; plaintext is recorded above. With recording off nothing stands between.

import type * as net from 'node:net';
import * as tls from 'node:tls';
import type { Endpoint } from '../../shared/trace/event';
import type { KeepKeys, TlsNetwork } from '../roles/host';
import type { KeyLog } from './keyLog';
import { beneath } from './nodeHandle';
import { bridge, bridgeConnections, showing } from './socketBridge';
import type { SocketLog } from './socketLog';
import type { Tapped, TcpSockets } from './tcpSockets';
import { tapTlsClient, tapTlsServer, tlsFailed } from './tlsTap';

/** node:tls takes `allowHalfOpen` too, though its types do not tell. */
export type TlsClientOptions = tls.ConnectionOptions & KeepKeys & { readonly allowHalfOpen?: boolean };

export interface TlsSockets {
  /** Taps a `tls.Server` of any kind. `onSecured` sees each tapped connection before the server's own listeners do. */
  serve(server: tls.Server, options: tls.TlsOptions & KeepKeys, onSecured?: (socket: tls.TLSSocket) => void): void;
  /** Makes a tapped connection; `make` calls tls.connect(), or what does, with the socket to use. */
  connect(remote: Endpoint, options: TlsClientOptions, make?: (options: tls.ConnectionOptions) => tls.TLSSocket): tls.TLSSocket;
  /** Of a TLS socket made here; undefined when it is not recorded. */
  tapped(socket: net.Socket): Tapped | undefined;
}

const nothing = (): void => undefined;

export function createTlsSockets(sockets: TcpSockets, keys: KeyLog): TlsSockets {
  const known = new WeakMap<net.Socket, Tapped>();
  const remember = (socket: net.Socket, tapped: Tapped | null): void => {
    if (tapped !== null) known.set(socket, tapped);
  };
  const logBeneath = (socket: net.Socket): SocketLog | undefined => {
    const raw = beneath(socket);
    return raw === null ? undefined : sockets.tapped(raw)?.log;
  };

  return {
    tapped: (socket) => known.get(socket),

    serve(server, options, onSecured = nothing) {
      if (sockets.recording) bridgeConnections(server, 'connection', (socket) => sockets.tapped(socket));
      sockets.serve(server);
      server.prependListener('secureConnection', (socket: tls.TLSSocket) => {
        socket.on('error', nothing);
        const raw = logBeneath(socket);
        if (raw !== undefined) remember(socket, tapTlsServer(socket, raw, options.requestCert === true));
        onSecured(socket);
      });
      if (!sockets.recording) return;
      server.prependListener('tlsClientError', (error: Error, socket: tls.TLSSocket) => {
        const raw = logBeneath(socket);
        if (raw !== undefined) tlsFailed(raw, error);
      });
      if (options.keepKeys === true) {
        server.on('keylog', (line: Buffer, socket: tls.TLSSocket) => {
          const raw = logBeneath(socket);
          if (raw !== undefined) keys.add(raw, line);
        });
      }
    },

    connect(remote, { keepKeys = false, ...options }, make = (use) => tls.connect(use)) {
      const raw = sockets.connect(remote, { allowHalfOpen: options.allowHalfOpen === true });
      const tapped = sockets.tapped(raw);
      const standIn = tapped === undefined ? null : bridge(raw, tapped);
      const socket = showing(raw, standIn, () => make({ host: remote.address, port: remote.port, ...options, socket: raw }));
      socket.on('error', nothing);
      if (tapped !== undefined) {
        remember(socket, tapTlsClient(socket, tapped.log));
        if (keepKeys) socket.on('keylog', (line: Buffer) => keys.add(tapped.log, line));
      }
      return socket;
    },
  };
}

export function createTlsNetwork(secure: TlsSockets): TlsNetwork {
  return {
    createServer(options, onSecure) {
      const server = tls.createServer(options);
      secure.serve(server, options);
      if (onSecure !== undefined) server.on('secureConnection', onSecure);
      return server;
    },
    connect: (remote, options) => secure.connect(remote, options),
  };
}
