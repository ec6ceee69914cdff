// An HTTP server as a role: HTTP/1.1 or HTTP/2, in clear or over TLS, with one handler for all. Keeps the bounds, answers malformed
// requests itself, and lets no client's trouble touch another. What the answers are is the handler's affair.

import type * as http from 'node:http';
import type * as http2 from 'node:http2';
import { constants } from 'node:http2';
import type * as https from 'node:https';
import type * as net from 'node:net';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { KeepKeys } from '../host';
import type { RoleContext } from '../lab';
import { HEADERS_TIMEOUT, KEEP_ALIVE, MAX_HEADER_SIZE, MAX_STREAMS, REQUEST_TIMEOUT, TIMEOUT_CHECK } from './bounds';
import { answerBroken, clientOf, sayAndClose } from './brokenRequest';
import type { Handler } from './message';
import type { OpenConnections } from './openConnections';
import { serveHttp1, serveHttp2 } from './serveRequest';

/** Certificate and key, and whether the session's keys go into the trace. */
export type SecureServer = https.ServerOptions & KeepKeys;

export interface HttpServerOptions {
  readonly port: number;
  readonly handler: Handler;
  /** Default '1.1'. '2' in clear is by prior knowledge (RFC 9113 3.3), over TLS by ALPN; over TLS it falls back to HTTP/1.1. */
  readonly version?: '1.1' | '2';
  readonly secure?: SecureServer;
  /** ms that an idle connection is kept; 0: every answer ends its connection. */
  readonly keepAlive?: number;
  /** ms for the head of a request, and for all of it. */
  readonly headersTimeout?: number;
  readonly requestTimeout?: number;
  /** Beyond: connections wait, or are turned away. Default: the network's. */
  readonly maxConnections?: number;
  /** Counts the connections, for a lab's script. */
  readonly connections?: OpenConnections;
}

/** Serves until the role ends. Rejects with the system's error when it cannot listen (EADDRINUSE). */
export async function httpServer(role: RoleContext, options: HttpServerOptions): Promise<void> {
  const server = options.version === '2' ? makeHttp2(role, options) : makeHttp1(role, options);
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
  if (options.connections !== undefined) options.connections.watch(server);
  server.on('clientError', (error: Error & { code?: string }, socket: net.Socket) => answerBroken(role, error, socket));
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.once('close', resolve);
    server.listen({ port: options.port, host: role.host.address }, () => {
      const bound = server.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : options.port;
      role.listening({ protocol: 'tcp', address: role.host.address, port });
    });
    role.signal.addEventListener('abort', () => server.close(), { once: true });
  });
}

function makeHttp1(role: RoleContext, options: HttpServerOptions): http.Server | https.Server {
  const keepAlive = options.keepAlive ?? KEEP_ALIVE;
  const bounds: http.ServerOptions = {
    maxHeaderSize: MAX_HEADER_SIZE,
    headersTimeout: options.headersTimeout ?? HEADERS_TIMEOUT,
    requestTimeout: options.requestTimeout ?? REQUEST_TIMEOUT,
    connectionsCheckingInterval: Math.min(TIMEOUT_CHECK, options.headersTimeout ?? TIMEOUT_CHECK),
    keepAliveTimeout: Math.max(keepAlive, 1),
  };
  const serve = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    if (keepAlive === 0) response.shouldKeepAlive = false;
    void serveHttp1(role, options.handler, request, response);
  };
  const server = options.secure === undefined ? role.host.http.createServer(bounds, serve) : role.host.http.createSecureServer({ ...options.secure, ...bounds }, serve);
  // Without these, Node answers by itself: 100 before we have looked at the request, and nothing at all to CONNECT.
  server.on('checkContinue', serve);
  server.on('checkExpectation', (_request: http.IncomingMessage, response: http.ServerResponse) => {
    response.writeHead(417, { 'Content-Length': 0 }).end();
  });
  server.on('connect', (_request: http.IncomingMessage, socket: net.Socket) => sayAndClose(socket, 501, 'CONNECT is not implemented'));
  return server;
}

function makeHttp2(role: RoleContext, options: HttpServerOptions): http2.Http2Server | http2.Http2SecureServer {
  const bounds: http2.ServerOptions = {
    settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: MAX_HEADER_SIZE, enablePush: false },
    maxSessionMemory: 10,
  };
  const patience = options.requestTimeout ?? REQUEST_TIMEOUT;
  const serve = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): void => {
    void serveHttp2(role, options.handler, request, response);
    if (request.stream.endAfterHeaders) return;
    // A body that never ends is not waited for: node:http2 has no clock of its own for that.
    const timer = setTimeout(() => {
      if (!request.complete) request.stream.close(constants.NGHTTP2_CANCEL);
    }, patience);
    request.stream.once('close', () => clearTimeout(timer));
  };
  const server =
    options.secure === undefined
      ? role.host.http2.createServer(bounds, serve)
      : role.host.http2.createSecureServer({ ...options.secure, ...bounds, allowHTTP1: true }, (request, response) => {
          // Over TLS a client without ALPN "h2" speaks HTTP/1.1 to the same server.
          if (request.httpVersionMajor === 2) serve(request, response);
          else void serveHttp1(role, options.handler, request as unknown as http.IncomingMessage, response as unknown as http.ServerResponse);
        });
  server.on('checkContinue', serve);
  server.on('session', (session: http2.ServerHttp2Session) => {
    // A session that says nothing is not kept for ever; one whose head never ends (slow clients) says nothing new either.
    session.setTimeout(options.headersTimeout ?? HEADERS_TIMEOUT, () => session.close());
    session.on('error', (error) => {
      if (!role.signal.aborted) role.print(`${formatEndpoint(clientOf(session.socket))} ${error.message}`);
    });
  });
  server.on('sessionError', () => undefined);
  return server;
}
