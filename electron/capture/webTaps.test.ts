// What all taps above TCP owe: recording that breaks never breaks a conversation, nothing is left behind, and a role that is killed
// lets go of everything at once.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type * as http2 from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { roleIx } from '../../shared/base/brand';
import { certificates } from './certificates.fixture';
import { createClock } from './clock';
import { createNetwork } from './network';
import { Recorder } from './recorder';
import { all, listening, sha } from './streams.fixture';
import { ownAddress, traced } from './traced.fixture';
import type { Web } from './web.fixture';

const NAME = 'www.example.test';

/** One exchange of a body with an echo server of its own, over each protocol; resolves with what came back. */
const exchanges: Readonly<Record<string, (web: Web, body: Uint8Array) => Promise<Buffer>>> = {
  tls: async (web, body) => {
    const { ca, good } = await certificates();
    const server = web.tls.createServer(good, (socket) => void socket.pipe(socket));
    const client = web.tls.connect(await listening(server), { ca, servername: NAME });
    // Left open until all is back: not a half-open socket.
    const parts: Buffer[] = [];
    let size = 0;
    client.write(body);
    await new Promise<void>((resolve, reject) => {
      client.on('close', () => reject(new Error('closed too early'))).on('data', (bytes: Buffer) => {
        parts.push(bytes);
        size += bytes.length;
        if (size >= body.length) resolve();
      });
    });
    client.end();
    server.close();
    await Promise.all([once(client, 'close'), once(server, 'close')]);
    return Buffer.concat(parts);
  },
  https: async (web, body) => {
    const { ca, good } = await certificates();
    const server = web.http.createSecureServer(good, (request, response) => void request.pipe(response));
    const request = web.http.request(await listening(server), { method: 'POST', secure: { ca, servername: NAME } });
    request.end(body);
    const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
    const back = await all(response);
    server.close();
    await once(server, 'close');
    return back;
  },
  h2c: (web, body) => post(web, body, false),
  h2: (web, body) => post(web, body, true),
};

async function post(web: Web, body: Uint8Array, overTls: boolean): Promise<Buffer> {
  const { ca, good } = await certificates();
  const answer = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): void => void request.pipe(response);
  const server = overTls ? web.http2.createSecureServer(good, answer) : web.http2.createServer({}, answer);
  const session = web.http2.connect(`${overTls ? 'https' : 'http'}://${NAME}`, await listening(server), overTls ? { secure: { ca, servername: NAME } } : {});
  const request = session.request({ ':method': 'POST' });
  request.end(body);
  const back = await all(request);
  session.close();
  server.close();
  await Promise.all([once(session, 'close'), once(server, 'close')]);
  return back;
}

describe.each(Object.entries(exchanges))('%s', (_, exchange) => {
  it('goes on when recording itself fails, at whatever fact', async () => {
    const body = randomBytes(300_000);
    for (let allowed = 0; allowed < 60; allowed += 3) {
      const recorder = new Recorder({ clock: createClock(), onBatch: () => undefined });
      let left = allowed;
      for (const name of ['bytesSent', 'bytesReceived', 'sendEnded', 'streamEnded', 'streamShutdown', 'socketClosed', 'connectionAccepted', 'connectStarted', 'tlsSecured', 'plaintextSent', 'plaintextReceived'] as const) {
        const original = recorder[name].bind(recorder) as (...args: readonly unknown[]) => void;
        Object.assign(recorder, {
          [name]: (...args: readonly unknown[]) => {
            if (left-- <= 0) throw new Error('recording is broken');
            original(...args);
          },
        });
      }
      const address = ownAddress();
      const network = createNetwork(recorder, { host: 'both', role: roleIx(1), address });
      expect(sha(await exchange({ ...network, address }, body))).toBe(sha(body));
      network.closeAll();
    }
  });

  it.runIf(process.platform === 'linux')('leaves no descriptor behind', async () => {
    const descriptors = (): number => readdirSync('/proc/self/fd').length;
    const trace = traced();
    const role = trace.role('both');
    await exchange(role, randomBytes(10));
    await turn();
    const before = descriptors();
    for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 25 }, () => exchange(role, randomBytes(2000))));
    await turn();
    expect(descriptors()).toBeLessThanOrEqual(before);
    const opened = trace.facts('socket.opened').length + trace.facts('connection.accepted').length;
    expect(opened).toBe(3 * 101);
    expect(trace.facts('socket.closed')).toHaveLength(opened);
  });
});

it('lets go of everything at once when the role is killed in the middle', async () => {
  const { ca, good } = await certificates();
  const trace = traced();
  const [a, b] = [trace.role('client'), trace.role('server')];
  const secure = { ca, servername: NAME };
  const servers = [b.http.createServer({}, () => undefined), b.http.createSecureServer(good, () => undefined), b.http2.createServer({}, () => undefined), b.http2.createSecureServer(good, () => undefined)] as const;
  const [clear, overTls, clear2, over2] = await Promise.all(servers.map(listening));
  if (clear === undefined || overTls === undefined || clear2 === undefined || over2 === undefined) throw new Error('no server');
  const requests = [a.http.request(clear, {}), a.http.request(overTls, { secure }), a.http2.connect('http://a', clear2).request({}), a.http2.connect('https://a', over2, { secure }).request({})];
  const served = servers.map((server) => once(server, 'request'));
  const failed = Promise.all(requests.map((request) => new Promise((resolve) => request.once('close', resolve))));
  for (const request of requests) request.end();
  await Promise.all(served);
  b.closeAll();
  const theirs = new Set<number>([...trace.facts('connection.accepted').map((fact) => fact.a), ...trace.facts('socket.listened').map((fact) => fact.sock)]);
  expect(theirs.size).toBe(8);
  const closed = new Set<number>(trace.facts('socket.closed').map((fact) => fact.sock));
  for (const sock of theirs) expect(closed.has(sock)).toBe(true);
  expect(servers.map((server) => server.listening)).toEqual([false, false, false, false]);
  await failed;
  a.closeAll();
  await turn();
  expect(trace.facts('socket.closed')).toHaveLength(12);
});

it('keeps to loopback, whatever the protocol', async () => {
  const a = traced().role('client');
  const outside = { address: '192.0.2.1', port: 9 };
  const tries = [
    () => a.tls.connect(outside, {}), () => a.http.request(outside, {}), () => a.http.request(outside, { secure: {} }),
    () => a.http2.connect('http://a', outside), () => a.http2.connect('https://a', outside, { secure: {} }),
  ];
  for (const attempt of tries) expect(await once(attempt(), 'error')).toMatchObject([{ code: 'EACCES' }]);
  for (const server of [a.http.createServer({}), a.http2.createServer({})]) {
    server.listen(0, '0.0.0.0');
    expect(await once(server, 'error')).toMatchObject([{ code: 'EACCES' }]);
  }
});
