import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { utf8Text } from '../../base/bytesText';
import { dialled, folded } from '../app/appScene.fixture';
import type { AppStory, ExchangeTiming, HttpExchange } from '../app/appStory';
import { parseHar, type HarEntry } from './har';
import { harStory } from './harStory';
import { harOf, harParts } from './writeHar';

const CREATOR = { name: 'Looplab', version: '1' };
const ORIGIN = Date.UTC(2026, 7, 1, 10) * 1000;

/** What an exchange is apart from ids of its own program: durations in whole µs. */
const told = (app: AppStory, { request, response, timing, version, id, outcome }: HttpExchange): object => ({
  method: request.head.method, url: request.head.url, target: request.head.target, version, outcome, requestHeaders: request.headers, headers: response?.headers, status: response?.head.status, reason: response?.head.reason,
  sizes: [request.headSize, request.bodySize, response?.headSize, response?.bodySize], took: took(timing), bodies: [utf8Text(app.body(id, 'request').bytes), utf8Text(app.body(id, 'response').bytes)],
});
const took = (timing: ExchangeTiming): Record<string, number | null> => Object.fromEntries(Object.entries(timing).map(([name, span]: [string, ExchangeTiming['send']]) => [name, span === null ? null : Math.round(span.end - span.start)]));

function threeExchanges() {
  const { s, client, server } = dialled(8080);
  client.send('GET /api/user?name=%ED%99%8D HTTP/1.1\r\nHost: web.test\r\n\r\n');
  server.recv();
  s.wait(1234);
  server.send('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"a":"홍ы"}');
  client.recv();
  client.send('POST /api/users HTTP/1.1\r\nHost: web.test\r\nContent-Length: 4\r\n\r\na=1&');
  server.recv();
  server.send('HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nnothi\r\n2\r\nng\r\n0\r\n\r\n');
  client.recv();
  client.send('GET /never HTTP/1.1\r\nHost: web.test\r\n\r\n');
  server.recv();
  server.close();
  client.recv();
  client.close();
  return folded(s);
}

describe('a run as a HAR and back', () => {
  it('keeps methods, URLs, headers, statuses, sizes, bodies and times', () => {
    const { app, story } = threeExchanges();
    const back = harStory(parseHar(JSON.stringify(harOf(app, story, { creator: CREATOR, origin: ORIGIN }))));
    expect(app.exchanges).toHaveLength(3);
    expect(back.app.exchanges.slice(0, 2).map((exchange) => told(back.app, exchange))).toEqual(app.exchanges.slice(0, 2).map((exchange) => told(app, exchange)));
    expect(back.app.exchanges[2]).toMatchObject({ response: null, outcome: 'cut' });
    // Where one began after the other: to the microsecond, on a clock of the file's own.
    const starts = (exchanges: readonly HttpExchange[]): number[] => exchanges.map(({ request }) => Math.round(request.depart - must(exchanges[1], 'second').request.depart));
    expect(starts(back.app.exchanges).slice(1)).toEqual(starts(app.exchanges).slice(1));
    expect(back.app.exchanges.map(({ clientRole }) => back.story.role(must(clientRole, 'role'))?.name)).toEqual(['client', 'client', 'client']);
    expect(back.app.exchanges.map(({ conn, first }) => [conn, first])).toEqual([[1, true], [1, false], [1, false]]);
  });

  it('is the same text in parts as at once', () => {
    const { app, story } = threeExchanges();
    const options = { creator: CREATOR, origin: ORIGIN };
    expect(JSON.parse([...harParts(app, story, options)].join(''))).toEqual(JSON.parse(JSON.stringify(harOf(app, story, options))));
  });

  it('writes bodies without their content coding, or says which is still on them', () => {
    const { s, client, server } = dialled(8080);
    client.send('GET / HTTP/1.1\r\nHost: web.test\r\n\r\n');
    server.recv();
    server.send('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzzzz');
    client.recv();
    const { app, story } = folded(s);
    const entryOf = (decoded?: () => Uint8Array | null) => must(parseHar(JSON.stringify(harOf(app, story, { creator: CREATOR, origin: 0, ...(decoded === undefined ? {} : { decoded }) }))).entries[0], 'entry');
    expect(entryOf(() => Uint8Array.from([111, 112, 101, 110, 101, 100])).response).toMatchObject({ bodySize: 4, content: { size: 6, compression: 2, text: 'opened' } });
    expect(entryOf(() => null).response).toMatchObject({ bodySize: 4, content: { size: 4, text: 'zzzz', _coding: 'gzip' } });
    const still = harStory({ creator: '', browser: '', pages: [], broken: 0, refused: [], entries: [entryOf()] });
    expect(still.app.body(0, 'response')).toMatchObject({ coding: 'gzip', size: 4 });
  });
});

const entry = (more: Partial<Record<keyof HarEntry, unknown>> = {}): object => ({
  startedDateTime: '2026-08-01T10:00:00.000Z', time: 0, request: { method: 'GET', url: 'https://web.test/', headers: [] }, response: { status: 200, headers: [], content: {} }, ...more,
});
const read = (...entries: object[]) => harStory(parseHar(JSON.stringify({ log: { creator: { name: 'Firefox', version: '140' }, entries } })));
const timingOf = (timings: object, time = 0): Record<string, number | null> => took(must(read(entry({ timings, time })).app.exchanges[0], 'exchange').timing);

describe('a HAR of another program', () => {
  it('has its steps one after the other, TLS out of connect', () => {
    expect(timingOf({ blocked: 1, dns: 2, connect: 10, ssl: 6, send: 0, wait: 5, receive: 1 }, 19)).toEqual({ blocked: 1000, lookup: 2000, connect: 4000, tls: 6000, send: 0, wait: 5000, receive: 1000 });
  });

  it('may count TLS apart from connect: its sum says so', () => {
    expect(timingOf({ connect: 10, ssl: 6, send: 0, wait: 5, receive: 1 }, 22)).toMatchObject({ connect: 10_000, tls: 6000 });
    expect(timingOf({ connect: 2, ssl: 6, send: 0, wait: 5, receive: 1 })).toMatchObject({ connect: 2000, tls: 6000 });
  });

  it('ends after its time where it has no steps', () => {
    const { app, story } = read(entry({ time: 12 }));
    expect(app.exchanges[0]?.response?.arrive).toBe(12_000);
    expect(story.moments.count).toBe(2);
  });

  it('takes versions by their names', () => {
    const versions = ['HTTP/1.0', 'http/1.1', 'h2', 'http/2.0', 'HTTP/2', 'h3', 'unknown'].map((httpVersion) => read(entry({ response: { status: 200, httpVersion, content: {} } })).app.exchanges[0]?.version);
    expect(versions).toEqual(['HTTP/1.0', 'HTTP/1.1', 'HTTP/2', 'HTTP/2', 'HTTP/2', 'HTTP/3', 'HTTP/1.1']);
  });

  it('does not take a port for a connection', () => {
    const conns = [{}, { connection: '443' }, { connection: '0' }, { connection: '77' }, { connection: '77' }, { connection: '78' }].map((more) => entry(more));
    expect(read(...conns).app.exchanges.map(({ conn, first }) => [Number(conn), first])).toEqual([[0, false], [0, false], [0, false], [1, true], [1, false], [2, true]]);
  });

  it('has the sizes that went over the wire, and says when they are not known', () => {
    const sizeOf = (response: object): unknown[] => {
      const { app } = read(entry({ response: { status: 200, headers: [{ name: 'content-encoding', value: 'br' }], ...response } }));
      return [app.exchanges[0]?.response?.headSize, app.exchanges[0]?.response?.bodySize, app.body(0, 'response').size, app.body(0, 'response').coding];
    };
    expect(sizeOf({ headersSize: 90, bodySize: 40, content: { size: 5, text: 'hello' } })).toEqual([90, 40, 5, '']);
    expect(sizeOf({ headersSize: -1, bodySize: -1, content: { size: 100, compression: 60 } })).toEqual([-1, 40, 100, '']);
    expect(sizeOf({ content: { text: 'aGVsbG8=', encoding: 'base64' } })).toEqual([-1, 5, 5, '']);
  });

  it('has its pages as groups of their own', () => {
    const page = (second: number, onLoad?: number): object => ({ startedDateTime: `2026-08-01T10:00:0${second}.000Z`, id: `page_${second}`, title: second === 0 ? 'http://web.test/' : '', pageTimings: { onLoad } });
    const { app, story } = harStory(parseHar(JSON.stringify({ log: { pages: [page(5), page(0, 1500), page(9)], entries: [entry({ pageref: 'page_0' }), entry({ pageref: 'page_5', startedDateTime: '2026-08-01T10:00:06.000Z' }), entry(), entry({ pageref: 'page_none' })] } })));
    expect(app.exchanges.map(({ clientRole }) => story.role(must(clientRole, 'role'))?.name)).toEqual(['http://web.test/', 'page_5', '', '']);
    // Of the page that nobody asked anything for there is nothing to say.
    expect(app.notes.map(({ t, role, note }) => [t, story.role(role)?.name, note.topic])).toEqual([[0, 'http://web.test/', 'page.visit'], [1_500_000, 'http://web.test/', 'page.done'], [5_000_000, 'page_5', 'page.visit']]);
    expect(story.momentTime(1)).toBe(6_000_000);
  });

  it('is empty when nothing is in it', () => {
    const { app, story } = read();
    expect([app.exchanges.length, story.moments.count, story.hosts.length]).toEqual([0, 0, 1]);
  });

  it('names hosts and the program that asked', () => {
    const { app, story } = read(entry(), entry({ request: { method: 'GET', url: 'http://other.test:8080/x#part', headers: [] } }), entry());
    expect(story.hosts.map(({ name }) => name)).toEqual(['Firefox 140', 'web.test', 'other.test:8080']);
    expect(app.exchanges.map((exchange) => [story.role(must(exchange.clientRole, 'role'))?.name, exchange.request.head.target, exchange.secure])).toEqual([['Firefox 140', '/', true], ['Firefox 140', '/x', false], ['Firefox 140', '/', true]]);
    expect(app.message(2)?.toHost).toBe(story.hosts[2]?.index);
  });
});
