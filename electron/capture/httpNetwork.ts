// HTTP/1 of one role: node:http and node:https over tapped sockets (roles/host.ts). Servers of node:http take bytes beneath JavaScript
// unless told that somebody did already; clients and agents only need sockets of ours.

import * as http from 'node:http';
import * as https from 'node:https';
import type * as net from 'node:net';
import type * as tls from 'node:tls';
import type { HttpNetwork, KeepKeys } from '../roles/host';
import { refusal } from './loopback';
import { keepReadsAbove } from './nodeHandle';
import type { TcpSockets } from './tcpSockets';
import type { TlsSockets } from './tlsNetwork';
import { WEB_LIMITS } from './webLimits';

/** What an agent asks of a new connection. */
interface Wanted extends net.SocketConstructorOpts {
  readonly host?: string;
  readonly port?: number | string;
  readonly timeout?: number;
  readonly noDelay?: boolean;
  readonly keepAlive?: boolean;
  readonly keepAliveInitialDelay?: number;
}

/** As agents have it; what it cannot make it tells by `failed`. */
type Create<T> = (options: T, failed: (error: Error) => void) => net.Socket | undefined;

const nothing = (): void => undefined;

const bounds = (options: http.ServerOptions): http.ServerOptions => ({
  maxHeaderSize: WEB_LIMITS.headerBytes,
  // Node asks that the one be shorter than the other: with either given, its own defaults fit.
  ...(options.headersTimeout === undefined && options.requestTimeout === undefined && { headersTimeout: WEB_LIMITS.headers, requestTimeout: WEB_LIMITS.request }),
});

export function createHttpNetwork(sockets: TcpSockets, secure: TlsSockets): HttpNetwork {
  const createAgent = (options: http.AgentOptions = {}): http.Agent => {
    const agent = new http.Agent(options);
    const create: Create<Wanted> = ({ host = '', port = 0, timeout, noDelay, keepAlive, keepAliveInitialDelay, signal }, failed) => {
      const refused = refusal(host, 'connect');
      if (refused !== null) return void failed(refused);
      // What net.connect() takes for the socket; the rest is the request's.
      const wanted = { noDelay, keepAlive, keepAliveInitialDelay, ...(signal !== undefined && { signal }) } as net.SocketConstructorOpts;
      const socket = sockets.connect({ address: host, port: Number(port) }, wanted);
      if (timeout !== undefined && timeout > 0) socket.setTimeout(timeout);
      return socket;
    };
    return Object.assign(agent, { createConnection: create });
  };

  const createSecureAgent = (options: https.AgentOptions & KeepKeys): https.Agent => {
    const agent = new https.Agent(options);
    // Node's own way remembers sessions, to resume them.
    const original = (agent as unknown as { createConnection(options: tls.ConnectionOptions): tls.TLSSocket }).createConnection;
    const create: Create<tls.ConnectionOptions & KeepKeys & Wanted> = (wanted, failed) => {
      const remote = { address: wanted.host ?? '', port: Number(wanted.port ?? 0) };
      const refused = refusal(remote.address, 'connect');
      if (refused !== null) return void failed(refused);
      const socket = secure.connect(remote, wanted as tls.ConnectionOptions & KeepKeys, (use) => original.call(agent, use));
      if (wanted.timeout !== undefined && wanted.timeout > 0) socket.setTimeout(wanted.timeout);
      return socket;
    };
    return Object.assign(agent, { createConnection: create });
  };

  return {
    createServer(options, onRequest) {
      const server = http.createServer({ ...bounds(options), ...options });
      sockets.serve(server);
      if (sockets.recording) afterTap(server, 'connection');
      if (onRequest !== undefined) server.on('request', onRequest);
      return server;
    },

    createSecureServer({ keepKeys = false, ...options }, onRequest) {
      const server = https.createServer({ ...bounds(options), ...options });
      secure.serve(server, { ...options, keepKeys }, sockets.recording ? keepReadsAbove : nothing);
      if (onRequest !== undefined) server.on('request', onRequest);
      return server;
    },

    createAgent,
    createSecureAgent,

    request(remote, { secure: security, agent, ...options }) {
      const target = { maxHeaderSize: WEB_LIMITS.headerBytes, ...options, host: remote.address, port: remote.port };
      const given = agent instanceof http.Agent ? agent : undefined;
      const overTls = security !== undefined || given instanceof https.Agent;
      const request = overTls
        ? https.request({ ...security, ...target, agent: given ?? createSecureAgent({ ...(security as https.AgentOptions & KeepKeys) }) } as https.RequestOptions)
        : http.request({ ...target, agent: given ?? createAgent() });
      request.on('error', nothing);
      return request;
    },
  };
}

/** Sockets of a server in clear, once they are tapped and before node:http sees them. */
function afterTap(server: net.Server, event: 'connection'): void {
  server.prependListener(event, keepReadsAbove);
}
