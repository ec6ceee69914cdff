import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type * as http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { certificates } from './certificates.fixture';
import { all, connections, expectWiresAgree, listening, sha, stream } from './streams.fixture';
import { traced } from './traced.fixture';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** A request with a body; resolves with the status and the body of the response. */
async function post(session: http2.ClientHttp2Session, path: string, body: Uint8Array): Promise<{ status: number | undefined; body: Buffer }> {
  const request = session.request({ ':method': 'POST', ':path': path });
  const response = once(request, 'response') as Promise<[http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader]>;
  request.end(body);
  const [headers] = await response;
  return { status: headers[':status'], body: await all(request) };
}

describe.each([false, true])('over TLS: %s', (overTls) => {
  it('echoes many bodies at once, every byte on record', async () => {
    const { ca, good } = await certificates();
    const trace = traced();
    const [a, b] = [trace.role('client'), trace.role('server')];
    const answer = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): void => {
      response.setHeader('x-remote', `${request.socket.remoteAddress ?? ''}:${request.socket.remotePort ?? 0}`);
      request.pipe(response);
    };
    const server = overTls ? b.http2.createSecureServer({ ...good }, answer) : b.http2.createServer({}, answer);
    const remote = await listening(server);
    const session = a.http2.connect(overTls ? 'https://www.example.test' : 'http://www.example.test', remote, overTls ? { secure: { ca, servername: 'www.example.test' } } : {});
    const bodies = Array.from({ length: 20 }, (_, i) => randomBytes(1 + i * 40_000));
    const answers = await Promise.all(bodies.map((body, i) => post(session, `/${i}`, body)));
    answers.forEach(({ status, body }, i) => {
      expect(status).toBe(200);
      expect(sha(body)).toBe(sha(bodies[i] ?? new Uint8Array()));
    });
    expect(session.socket.localAddress).toBe(a.address);
    session.close();
    await once(session, 'close');
    expectWiresAgree(trace);
    const [ends] = connections(trace);
    const clear = stream(trace, overTls ? 'plaintext.received' : 'bytes.received', ends?.server ?? 0);
    expect(clear.bytes.subarray(0, PREFACE.length).toString()).toBe(PREFACE);
    expect(clear.size).toBeGreaterThan(bodies.reduce((sum, body) => sum + body.length, 0));
    if (overTls) {
      for (const fact of trace.facts('tls.secured')) expect(JSON.parse(fact.text)).toMatchObject({ alpn: 'h2', version: 'TLSv1.3' });
    } else expect(trace.facts('tls.secured')).toEqual([]);
    a.closeAll();
    b.closeAll();
  });
});
