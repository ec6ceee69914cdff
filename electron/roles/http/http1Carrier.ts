// A browser's requests over HTTP/1.1: node:http's agent holds the connections, as many and as long as the policy says. A kept connection
// that the server closed just then is no failure: the request goes out once more on a new one (RFC 9112 9.3.1).

import type * as http from 'node:http';
import type * as https from 'node:https';
import type * as net from 'node:net';
import type * as tls from 'node:tls';
import type { KeepKeys } from '../host';
import type { RoleContext } from '../lab';
import { PARALLEL, SILENCE } from './browserBounds';
import { failure, Stopwatch, type Carrier, type CarriedRequest, type ConnectionPolicy, type FetchTimes, type ResponseSink } from './browserCarrier';
import { pairsOf } from './headers';

export type Trust = tls.ConnectionOptions & KeepKeys;

export function http1Carrier(role: RoleContext, policy: Exclude<ConnectionPolicy, 'h2'>, trust: Trust | null): Carrier {
  const { http } = role.host;
  const pool = { keepAlive: policy !== 'own', maxSockets: policy === 'six' ? PARALLEL : 1, timeout: SILENCE };
  const plain = http.createAgent(pool);
  let secure: https.Agent | null = null;
  const agentFor = (url: URL): http.Agent => {
    if (url.protocol !== 'https:') return plain;
    return (secure ??= http.createSecureAgent({ ...pool, ...trust, ALPNProtocols: ['http/1.1'] }));
  };

  const send = ({ url, remote, headers }: CarriedRequest, sink: ResponseSink): Promise<FetchTimes> =>
    new Promise((resolve, reject) => {
      const watch = new Stopwatch();
      const request = http.request(remote, {
        method: 'GET',
        path: `${url.pathname}${url.search}`,
        // Said outright: an agent of so few connections would keep one for the requests that wait.
        headers: { Host: url.host, ...Object.fromEntries(headers), ...(policy === 'own' && { Connection: 'close' }) },
        agent: agentFor(url),
        ...(url.protocol === 'https:' && { secure: { ...trust, servername: url.hostname } }),
      });
      request.once('socket', (socket) => follow(socket, watch));
      request.setTimeout(SILENCE, () => request.destroy(failure('ETIMEDOUT', 'no sign from the server')));
      request.once('error', (error) => reject(Object.assign(error, { again: request.reusedSocket })));
      request.once('response', (response) => {
        watch.mark('head');
        try {
          sink.onHead(response.statusCode ?? 0, pairsOf(response.rawHeaders));
        } catch (error) {
          reject(asError(error));
          return void request.destroy();
        }
        response.on('data', (bytes: Buffer) => {
          try {
            sink.onData(bytes);
          } catch (error) {
            reject(asError(error));
            request.destroy();
          }
        });
        response.once('error', reject);
        response.once('close', () => (response.complete ? resolve(watch.times()) : reject(failure('ECONNRESET', 'the answer was cut short'))));
      });
      request.end();
    });

  return {
    fetch: (request, sink) => {
      let begun = false;
      const watched: ResponseSink = { ...sink, onHead: (status, headers) => ((begun = true), sink.onHead(status, headers)), onData: (bytes) => sink.onData(bytes) };
      return send(request, watched).catch((error: unknown) => {
        // Nothing of an answer has come, and GET may be repeated (RFC 9110 9.2.2).
        if (!begun && error instanceof Error && 'again' in error && error.again === true) return send(request, sink);
        throw error;
      });
    },
    close() {
      plain.destroy();
      secure?.destroy();
    },
  };
}

/** A socket that is connecting belongs to this request; a connected one was there before. */
function follow(socket: net.Socket, watch: Stopwatch): void {
  watch.mark('socket');
  if (!socket.connecting) return;
  socket.once('connect', () => watch.mark('connected'));
  socket.once('secureConnect', () => watch.mark('secured'));
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
