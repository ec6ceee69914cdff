// What clients and servers of HTTP/2 see must be the same whether node:http2 has the socket to itself (bare) or a bridge stands between,
// in clear and over TLS. Each scenario runs on bare Node, on our network with recording off, and with recording on.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import * as http2 from 'node:http2';
import type * as net from 'node:net';
import type * as tls from 'node:tls';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { certificates } from './certificates.fixture';
import { all, connections, expectWiresAgree, listening, sha, stream } from './streams.fixture';
import { Journal, onAll, type Web } from './web.fixture';

const NAME = 'www.example.test';
const same = (mine: unknown, bare: unknown, name: string): void => expect([name, mine]).toEqual([name, bare]);

describe.each([false, true])('over TLS: %s', (overTls) => {
  /** A server with this listener of its streams, and a session to it. */
  async function open(web: Web, onStream: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void, settings: http2.Settings = {}): Promise<{ server: http2.Http2Server; session: http2.ClientHttp2Session; far: Promise<http2.ServerHttp2Session> }> {
    const { ca, good } = await certificates();
    const server = overTls ? web.http2.createSecureServer({ ...good, settings }) : web.http2.createServer({ settings });
    server.on('stream', onStream);
    const far = once(server, 'session').then(([session]) => session as http2.ServerHttp2Session);
    const remote = await listening(server);
    const session = web.http2.connect(`${overTls ? 'https' : 'http'}://${NAME}`, remote, { settings, ...(overTls && { secure: { ca, servername: NAME } }) });
    return { server, session, far };
  }

  const finish = async (server: http2.Http2Server, session: http2.ClientHttp2Session): Promise<void> => {
    if (!session.closed) session.close();
    if (!session.destroyed) await once(session, 'close');
    server.close();
  };

  it('carries megabytes both ways on several streams, whatever the windows', async () => {
    const bodies = [2_000_000, 1_500_001, 1].map((size) => randomBytes(size));
    for (const settings of [{}, { initialWindowSize: 20_000 }, { initialWindowSize: 4_000_000 }]) {
      const { seen, trace } = await onAll(async (web) => {
        const { server, session } = await open(web, (each) => {
          each.respond({ ':status': 200 });
          each.pipe(each);
        }, settings);
        const answers = await Promise.all(bodies.map(async (body) => {
          const request = session.request({ ':method': 'POST' });
          request.end(body);
          const parts: Buffer[] = [];
          for await (const part of request) {
            parts.push(part as Buffer);
            if (parts.length % 7 === 0) await turn();
          }
          return sha(Buffer.concat(parts));
        }));
        await finish(server, session);
        return answers;
      }, same);
      expect(seen).toEqual(bodies.map(sha));
      expectWiresAgree(trace);
      if (overTls) {
        const [ends] = connections(trace);
        for (const [from, to] of [[ends?.client, ends?.server], [ends?.server, ends?.client]]) {
          const sent = stream(trace, 'plaintext.sent', from ?? 0);
          const received = stream(trace, 'plaintext.received', to ?? 0);
          expect(received.size).toBe(sent.size);
        }
      }
    }
  });

  it('sends trailers, informational headers, resets and pings', async () => {
    const { seen } = await onAll(async (web) => {
      const journal = new Journal();
      const { server, session } = await open(web, (each, headers) => {
        if (headers[':path'] === '/reset') return each.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
        each.additionalHeaders({ ':status': 103 });
        each.respond({ ':status': 200 }, { waitForTrailers: true });
        each.on('wantTrailers', () => each.sendTrailers({ 'x-sum': '42' }));
        each.end('body');
      });
      const request = session.request({ ':path': '/' });
      request.on('headers', (headers) => journal.note(`informational ${headers[':status'] ?? ''}`));
      request.on('trailers', (headers) => journal.note(`trailers ${String(headers['x-sum'])}`));
      journal.note((await all(request)).toString());
      const reset = session.request({ ':path': '/reset' });
      journal.watch('reset', reset, 'error', 'aborted', 'end');
      await once(reset, 'close').catch(() => undefined);
      journal.note(`code ${reset.rstCode ?? ''}`);
      await new Promise<void>((resolve) => session.ping(Buffer.from('12345678'), (error, _, payload) => {
        journal.note(`ping ${error?.message ?? ''}${payload.toString()}`);
        resolve();
      }));
      await finish(server, session);
      return journal.lines;
    }, same);
    expect(seen).toContain('trailers 42');
    expect(seen).toContain('ping 12345678');
  });

  it('ends a session gracefully and rudely, from either end, as bare node:http2 does', async () => {
    type End = (near: http2.ClientHttp2Session, far: http2.ServerHttp2Session, request: http2.ClientHttp2Stream) => unknown;
    const ends: Readonly<Record<string, End>> = {
      'client closes': (near, _, request) => [near.close(), request.close()],
      'client destroys': (near) => near.destroy(),
      'client destroys with an error': (near) => near.destroy(new Error('enough')),
      'server says GOAWAY': (_, far) => far.goaway(http2.constants.NGHTTP2_INTERNAL_ERROR),
      'server destroys': (_, far) => far.destroy(),
      'server destroys with a code': (_, far) => far.destroy(undefined, http2.constants.NGHTTP2_INTERNAL_ERROR),
      'connection breaks': (_, far) => far.emit('break'),
    };
    for (const [name, end] of Object.entries(ends)) {
      await onAll(async (web) => {
        const near = new Journal();
        const { server, session, far } = await open(web, (each) => each.respond({ ':status': 200 }));
        let raw: net.Socket | undefined;
        server.on('connection', (socket: net.Socket) => (raw = socket));
        const request = session.request({ ':path': '/' });
        await once(request, 'response');
        const other = await far;
        // Until both ends have nothing more to write.
        for (const one of [session, other]) await new Promise<void>((resolve) => one.ping(() => resolve()));
        other.on('break', () => raw?.resetAndDestroy());
        // Whether an end that closes still hears the other's farewell is a matter of time.
        near.watch('session', session, 'error', ...(name.startsWith('server') ? ['goaway'] : []));
        near.watch('stream', request, 'error');
        other.on('error', () => undefined);
        request.resume();
        const closed = Promise.all([session, request, other].map((one) => new Promise((resolve) => one.once('close', resolve))));
        end(session, other, request);
        await closed;
        near.note(`stream code ${request.rstCode ?? ''}`);
        server.close();
        await once(server, 'close');
        return [name, ...near.lines];
      }, same);
    }
  });

  it('turns away streams beyond the limit, and headers beyond theirs', async () => {
    await onAll(async (web) => {
      const { server, session } = await open(web, (each) => void each.respond({ ':status': 200 }, { endStream: true }), { maxHeaderListSize: 2000 });
      await once(session, 'remoteSettings');
      const request = session.request({ ':path': '/', 'x-long': 'x'.repeat(100_000) });
      const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException];
      await finish(server, session);
      return error.code;
    }, same);
  });

  it('tells addresses and what was negotiated', async () => {
    const { seen } = await onAll(async (web) => {
      const { server, session, far } = await open(web, (each) => each.respond({ ':status': 200 }, { endStream: true }));
      const request = session.request({ ':path': '/' });
      await all(request);
      const there = (await far).socket as tls.TLSSocket;
      const here = session.socket as tls.TLSSocket;
      const seen = {
        alpn: session.alpnProtocol, encrypted: session.encrypted, origin: session.originSet, protocol: overTls ? here.getProtocol() : '',
        certificate: overTls ? here.getPeerCertificate().subject.CN : '', ports: here.localPort === there.remotePort && here.remotePort === there.localPort,
        near: here.localAddress === there.remoteAddress, far: here.remoteAddress === there.localAddress,
      };
      await finish(server, session);
      return seen;
    }, (mine, bare, name) => same({ ...mine, origin: [] }, { ...bare, origin: [] }, name));
    expect(seen).toMatchObject({ alpn: overTls ? 'h2' : 'h2c', ports: true, near: true, far: true, encrypted: overTls });
  });

  it('gives a listener that throws its error, and goes on', async () => {
    const before = process.listeners('uncaughtException');
    const { seen } = await onAll(async (web) => {
      const caught: string[] = [];
      process.removeAllListeners('uncaughtException');
      process.on('uncaughtException', (error) => caught.push(error.message));
      try {
        const { server, session } = await open(web, (each, headers) => {
          each.respond({ ':status': 200 }, { endStream: true });
          if (headers[':path'] === '/bug') throw new Error('a bug of the program');
        });
        for (const path of ['/', '/bug', '/again']) {
          const request = session.request({ ':path': path });
          const [headers] = (await once(request, 'response')) as [http2.IncomingHttpHeaders];
          caught.push(`${path} ${String(headers[':status'])}`);
        }
        await finish(server, session);
      } finally {
        process.removeAllListeners('uncaughtException');
        for (const listener of before) process.on('uncaughtException', listener);
      }
      return caught;
    }, same);
    expect(seen).toEqual(['/ 200', 'a bug of the program', '/bug 200', '/again 200']);
  });
});

it('speaks HTTP/1.1 with those who ask for it', async () => {
  const { ca, good } = await certificates();
  const { seen, trace } = await onAll(async (web) => {
    const server = web.http2.createSecureServer({ ...good, allowHTTP1: true }, (request, response) => void response.end(`${request.httpVersion} ${request.url}`));
    const remote = await listening(server);
    const secure = { ca, servername: NAME };
    const old = web.http.request(remote, { path: '/old', secure: { ...secure, ALPNProtocols: ['http/1.1'] } });
    old.end();
    const [response] = (await once(old, 'response')) as [NodeJS.ReadableStream];
    const session = web.http2.connect(`https://${NAME}`, remote, { secure });
    const answers = [(await all(response)).toString(), (await all(session.request({ ':path': '/new' }))).toString()];
    session.close();
    server.close();
    return answers;
  }, same);
  expect(seen).toEqual(['1.1 /old', '2.0 /new']);
  expect(trace.facts('tls.secured').map((fact) => (JSON.parse(fact.text) as { alpn: string }).alpn).sort()).toEqual(['h2', 'h2', 'http/1.1', 'http/1.1']);
});

it('lets a connection fail as it does', async () => {
  const { ca, selfSigned } = await certificates();
  const { seen, trace } = await onAll(async (web) => {
    const server = web.http2.createSecureServer(selfSigned);
    const remote = await listening(server);
    const [untrusted] = (await once(web.http2.connect(`https://${NAME}`, remote, { secure: { ca, servername: NAME } }), 'error')) as [NodeJS.ErrnoException];
    server.close();
    await once(server, 'close');
    const [refused] = (await once(web.http2.connect(`http://${NAME}`, remote), 'error')) as [NodeJS.ErrnoException];
    return [untrusted.code, refused.code];
  }, same);
  expect(seen).toEqual(['DEPTH_ZERO_SELF_SIGNED_CERT', 'ECONNREFUSED']);
  expect(trace.facts('tls.failed').map((fact) => fact.err)).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
});
