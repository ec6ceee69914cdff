// The fold fact by fact against the fold all at once; conditions of lessons over an application story; what bad bytes do to it.

import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { concatBytes } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { createRandom, type Random } from '../../base/random';
import { framed } from '../../codec/dns/codec';
import { encodeMessage } from '../../codec/dns/message';
import { NO_FLAGS, queryFor } from '../../codec/dns/records';
import { PREFACE } from '../../codec/http2/frame';
import { evaluate, findMatch, quantity } from '../evaluate';
import type { Scenario } from '../fixture';
import type { TcpEnd } from '../fixtureTcp';
import { LIMITS } from '../limits';
import { AppBuilder } from './appBuilder';
import { dialled, folded, pieceByPiece, SERVICES, webScene, wholeOf } from './appScene.fixture';
import { APP_LIMITS } from './limits';

const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const UP: readonly (string | Uint8Array)[] = [
  'GET / HTTP/1.1\r\nHost: h\r\n\r\n', 'POST /form HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody', 'HEAD / HTTP/1.0\r\n\r\n', 'nonsense\r\n',
  PREFACE, hex('000000040000000000'), hex('00000101050000000182'), framed(encodeMessage(queryFor(7, 'a.test.', 1))), hex('160301000501000001ff'),
];
const DOWN: readonly (string | Uint8Array)[] = [
  'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n', 'HTTP/1.1 404 Not Found\r\n\r\n',
  hex('000000040000000000'), hex('00000101050000000188'), hex('000003000100000001616263'), framed(encodeMessage({ ...queryFor(7, 'a.test.', 1), flags: { ...NO_FLAGS, qr: true } })), hex('15030300020228'),
];

/** A scene of several connections that speak at random: in pieces, out of turn, cut off. */
function randomScene(random: Random): Scenario {
  const s = webScene({ limits: { ...LIMITS, payloadPreview: random.below(3) === 0 ? 20 : 100_000 } });
  const actor = s.role('server', '127.0.40.1', 'server');
  const relay = s.role('client', '127.0.40.2', random.below(2) === 0 ? 'relay' : 'client');
  const listeners = SERVICES.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => actor.listen(port));
  const udp = actor.udp(8053);
  const stub = relay.udp();
  const lines: { readonly client: TcpEnd; readonly server: TcpEnd }[] = [];
  const pick = <T>(list: readonly T[]): T => must(list[random.below(list.length)], 'item');
  const pieces = (end: TcpEnd, whole: string | Uint8Array): void => {
    const bytes = typeof whole === 'string' ? utf8Bytes(whole) : whole;
    for (let at = 0; at < bytes.length;) {
      const size = 1 + random.below(random.below(2) === 0 ? bytes.length : 5);
      end.send(bytes.slice(at, at + size));
      at += size;
    }
  };
  for (let step = 0; step < 60; step++) {
    const line = lines.length === 0 ? undefined : pick(lines);
    switch (random.below(10)) {
      case 0: {
        const listener = pick(listeners);
        if (random.below(3) === 0) lines.push({ client: s.foreignClient(listener), server: listener.accept() });
        else {
          const call = relay.dial(listener.endpoint);
          const early = random.below(2) === 0 ? listener.accept() : null;
          if (early !== null && random.below(2) === 0) pieces(early, pick(DOWN));
          const client = must(call.end(), 'connection');
          lines.push({ client, server: early ?? listener.accept() });
        }
        break;
      }
      case 1:
      case 2:
        if (line !== undefined && !line.client.closed) pieces(line.client, pick(UP));
        break;
      case 3:
      case 4:
        if (line !== undefined && !line.server.closed) pieces(line.server, pick(DOWN));
        break;
      case 5:
      case 6:
        if (line !== undefined && !line.server.closed && line.server.half.buffer.length > 0) line.server.recv(1 + random.below(40));
        if (line !== undefined && !line.client.closed && line.client.half.buffer.length > 0) line.client.recv(1 + random.below(40));
        break;
      case 7:
        if (line !== undefined && random.below(3) === 0) pick([line.client, line.server]).close();
        break;
      case 8:
        if (line !== undefined && !line.client.closed) {
          line.client.secured({ alpn: 'http/1.1' });
          line.client.plainSends(pick(UP));
          if (!line.server.closed) line.server.plainReads(pick(UP));
        }
        break;
      default: {
        relay.note({ topic: 'dns.lookup', lookup: step, name: 'a.test', type: 'A', client: '' });
        relay.note({ topic: 'dns.ask', lookup: step, name: 'a.test', type: 'A', zone: '.', server: '', attempt: 1, id: 7, transport: 'udp' });
        stub.send(encodeMessage(queryFor(7, 'a.test.', 1)), udp.local, random.below(4) === 0);
        if (udp.queue.length > 0) udp.recv();
        udp.send(encodeMessage({ ...queryFor(7, 'a.test.', 1), flags: { ...NO_FLAGS, qr: true } }), stub.local);
        if (random.below(3) > 0 && stub.queue.length > 0) stub.recv();
      }
    }
  }
  return random.below(2) === 0 ? s.end() : s;
}

describe('the fold of an application story', () => {
  it('is the same fact by fact as at once', () => {
    for (let seed = 1; seed <= 80; seed++) {
      const random = createRandom(seed);
      const atOnce = folded(randomScene(random));
      expect(wholeOf(pieceByPiece(atOnce.trace, random, seed % 2 === 0 ? 1 : 9)), `seed ${seed}`).toEqual(wholeOf(atOnce));
    }
  });

  it('has nothing to do when nothing came', () => {
    const { trace, story } = dialled(8080).s.told();
    const builder = new AppBuilder(trace, story);
    expect([builder.advance(), builder.advance(), builder.app.version]).toEqual([true, false, 1]);
  });

  it('replaces the objects of what has changed, and no others', () => {
    const { s, client, server } = dialled(8080);
    client.send('GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n');
    server.recv();
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    client.recv();
    const { trace, story, builder } = s.told();
    const apps = new AppBuilder(trace, story);
    apps.advance();
    const before = [...apps.app.exchanges];
    const { messages } = apps.app;
    const first = messages[0];
    server.send('HTTP/1.1 204 No Content\r\n\r\n');
    s.trace();
    builder.advance();
    apps.advance();
    expect(apps.app.exchanges[0]).toBe(before[0]);
    expect(apps.app.exchanges[1]).not.toBe(before[1]);
    expect(apps.app.messages).toBe(messages);
    expect(messages[0]).toBe(first);
  });

  it('stops at its bound, and says so', () => {
    const { s, client } = dialled(8080);
    for (let n = 0; n < 10; n++) client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    const { trace, story } = s.told();
    const builder = new AppBuilder(trace, story, { ...APP_LIMITS, messages: 4 });
    builder.advance();
    expect(builder.app.full).toBe(true);
    expect(builder.app.messages).toHaveLength(4);
    expect(builder.app.exchanges).toHaveLength(4);
  });

  it('stands any bytes on any port', () => {
    const random = createRandom(5);
    for (const { port, protocol } of SERVICES) {
      if (protocol === 'udp') continue;
      for (let round = 0; round < 40; round++) {
        const { s, client, server } = dialled(port);
        const noise = Uint8Array.from({ length: 1 + random.below(300) }, () => random.below(256));
        const start = must([new Uint8Array(0), utf8Bytes('GET / HTTP/1.1\r\n'), PREFACE, hex('1603010200010001fc')][round % 4], 'start');
        client.send(concatBytes(start, noise));
        server.recv(1000);
        server.send(noise);
        const found = folded(s);
        expect(() => wholeOf(found)).not.toThrow();
      }
    }
  });
});

describe('conditions of lessons', () => {
  const { s, client, server } = dialled(8080);
  client.send('GET /api/user HTTP/1.1\r\nHost: h\r\n\r\n');
  server.recv();
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
  server.send(ok);
  client.recv();
  client.send('GET /api/users HTTP/1.1\r\nHost: h\r\n\r\n');
  server.recv();
  server.send('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  const { app, story, trace } = folded(s);
  const find = (matcher: Parameters<typeof findMatch>[0]): number | null => findMatch(matcher, story, trace, app);

  it('find messages by what they mean', () => {
    const moment = must(find({ app: 'http.request', has: 'GET /api/user', role: 'client', to: 'server' }), 'moment');
    expect(story.moments.at(moment).seq).toBe(app.messages[0]?.sentSeq);
    expect(find({ app: 'http.request', nth: 2 })).toBeGreaterThan(moment);
    expect(find({ app: 'http.request', role: 'server' })).toBe(null);
    expect(story.moments.at(must(find({ app: 'http.response', trouble: true }), 'moment')).seq).toBe(app.messages[3]?.sentSeq);
    expect(find({ app: 'http.response', has: '404', trouble: false })).toBe(null);
    expect(find({ app: 'dns.query' })).toBe(null);
  });

  it('count and compare them', () => {
    expect(quantity({ count: { app: 'http.response' } }, story, trace, app)).toBe(2);
    expect(quantity({ bytes: { app: 'http.response', has: '200' } }, story, trace, app)).toBe(ok.length);
    expect(evaluate({ before: [{ app: 'http.request' }, { app: 'http.response' }] }, story, trace, app)).toBe(true);
    expect(evaluate({ all: [{ exists: { app: 'http.response', has: '404' } }, { not: { exists: { app: 'tls.message' } } }] }, story, trace, app)).toBe(true);
  });

  it('hold of nothing without an application story', () => {
    expect(evaluate({ exists: { app: 'http.request' } }, story, trace)).toBe(false);
    expect(quantity({ count: { app: 'http.request' } }, story, trace)).toBe(0);
  });
});
