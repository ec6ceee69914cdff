import { once } from 'node:events';
import type * as http from 'node:http';
import { describe, expect, it } from 'vitest';
import { certificates } from './certificates.fixture';
import { all, connections, expectWiresAgree, listening, stream } from './streams.fixture';
import { traced } from './traced.fixture';

async function answer(request: http.ClientRequest): Promise<{ status: number; body: string }> {
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return { status: response.statusCode ?? 0, body: (await all(response)).toString() };
}

describe.each([false, true])('over TLS: %s', (overTls) => {
  it('records requests and responses, byte for byte, of clients with and without an agent', async () => {
    const { ca, good } = await certificates();
    const trace = traced();
    const [a, b] = [trace.role('client'), trace.role('server')];
    const greet: http.RequestListener = (request, response) => response.end(`hello from ${request.url ?? ''} to ${request.socket.remoteAddress ?? ''}`);
    const server = overTls ? b.http.createSecureServer({ ...good }, greet) : b.http.createServer({}, greet);
    const remote = await listening(server);
    const secure = overTls ? { secure: { ca, servername: 'www.example.test' } } : {};
    const alone = a.http.request(remote, { path: '/alone', headers: { host: 'www.example.test' }, ...secure });
    alone.end();
    expect(await answer(alone)).toEqual({ status: 200, body: `hello from /alone to ${a.address}` });
    const agent = overTls ? a.http.createSecureAgent({ keepAlive: true, ca, servername: 'www.example.test' }) : a.http.createAgent({ keepAlive: true });
    for (const path of ['/one', '/two', '/three']) {
      const request = a.http.request(remote, { path, agent });
      request.end();
      expect((await answer(request)).body).toContain(path);
    }
    expect(trace.facts('connection.accepted')).toHaveLength(2);
    agent.destroy();
    expectWiresAgree(trace);
    const [, second] = connections(trace);
    const kind = overTls ? 'plaintext.received' : 'bytes.received';
    const text = stream(trace, kind, second?.server ?? 0).bytes.toString();
    expect([...text.matchAll(/^GET (\S+) HTTP\/1\.1\r\n/gm)].map((match) => match[1])).toEqual(['/one', '/two', '/three']);
    a.closeAll();
    b.closeAll();
  });
});
