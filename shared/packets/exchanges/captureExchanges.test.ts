// The list of HTTP exchanges: connections told as scripts, a millisecond from packet to packet, so that every step of the split can be counted.
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../base/bytes';
import { latin1Bytes } from '../../codec/http/chars';
import { encodeFrame, PREFACE, type FramePayload } from '../../codec/http2/frame';
import { HpackEncoder } from '../../codec/http2/hpack/encoder';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { KeyLog } from '../../codec/tls/decrypt/keyLog';
import { Line, openFrames } from '../dissection/captured.fixture';
import { http1Line, http2Line } from '../follow/web.fixture';
import { CaptureExchanges } from './captureExchanges';
import type { EXCHANGE_LIMITS, Exchange, ExchangeList } from './exchange';

type Limits = Partial<Record<keyof typeof EXCHANGE_LIMITS, number>>;
function listOf(frames: readonly Uint8Array[], limits: Limits = {}, step = 3): ExchangeList {
  const { table, flows, packets } = openFrames(frames);
  const reader = new CaptureExchanges({ table, flows, packets, keys: new KeyLog() }, { exchanges: 100, packets: 1000, quiet: 100, ...limits });
  while (!reader.advance(step)) { /* in steps */ }
  return reader.list();
}
const of = (line: Line, limits: Limits = {}): readonly Exchange[] => listOf(line.frames, limits).exchanges;
const GET = 'GET /a HTTP/1.1\r\nHost: web.test\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nkept';
/** The packets as people number them. */
const numbers = ({ request, response }: Exchange): readonly (number | null)[] => [request?.first ?? null, request?.last ?? null, response?.first ?? null, response?.last ?? null].map((one) => (one === null ? null : one + 1));
const millis = ({ phases }: Exchange): Record<string, number | null> => Object.fromEntries(Object.entries(phases).map(([name, ns]) => [name, ns === null ? null : ns / 1e6]));
const told = ({ method, url, status, outcome }: Exchange): string => `${method} ${url} ${status ?? '-'} ${outcome}`;

describe('exchanges of HTTP/1', () => {
  it('have what was asked and answered, their packets, and where the time went', () => {
    const line = new Line(80).segment('up', 1, '').pieces('up', `${GET.slice(0, -2)}Content-Length: 5\r\n\r\nhello`, 40);
    line.segment('down', 1, '').segment('down', 1, '').pieces('down', OK, 30).close('down');
    const [one, ...more] = of(line);
    expect(more).toEqual([]);
    expect(one).toMatchObject({ flow: 1, stream: 0, substream: null, version: 'HTTP/1.1', tls: false, method: 'GET', host: 'web.test', url: 'http://web.test/a', status: 200, contentType: 'text/plain', requestSize: 5, size: 4, start: 3e6, outcome: 'complete' });
    expect(one === undefined ? null : [numbers(one), millis(one)]).toEqual([[4, 5, 8, 10], { connect: 2, tls: null, send: 1, wait: 3, receive: 2 }]);
  });

  it('count bodies without their chunks, and the handshake once', () => {
    const exchanges = of(http1Line(latin1Bytes('x'.repeat(35)), 'gzip'));
    expect(exchanges.map(told)).toEqual(['GET http://example.org/story 200 complete', 'POST http://example.org/note 201 complete']);
    expect(exchanges.map(({ requestSize, size, phases }) => [requestSize, size, phases.connect !== null])).toEqual([[0, 35, true], [5, 4, false]]);
  });

  it('wait through interim responses, and tell pipelined ones apart', () => {
    expect(of(new Line(80).say('up', GET).say('down', 'HTTP/1.1 103 Early Hints\r\n\r\n').say('down', OK)).map((one) => [told(one), millis(one)['wait']])).toEqual([['GET http://web.test/a 200 complete', 2]]);
    const pipelined = of(new Line(80).say('up', GET + GET.replace('/a', '/b')).say('down', OK + OK.slice(0, 20)).say('down', OK.slice(20)));
    expect(pipelined.map((one) => [told(one), numbers(one)])).toEqual([['GET http://web.test/a 200 complete', [3, 3, 4, 4]], ['GET http://web.test/b 200 complete', [3, 3, 4, 5]]]);
  });

  it('say what the capture has not', () => {
    const begun = of(new Line(80).say('up', GET).say('down', OK.slice(0, -2)));
    expect(begun.map((one) => [told(one), one.size])).toEqual([['GET http://web.test/a 200 cut', 2]]);
    expect(of(new Line(80).say('up', GET).close('up')).map((one) => [told(one), one.size, millis(one)['wait']])).toEqual([['GET http://web.test/a - unanswered', null, null]]);
    // A response that ends with its connection has its end in the last packet with bytes of it.
    expect(of(new Line(80).say('up', GET).say('down', 'HTTP/1.1 200 OK\r\n\r\nall').segment('down', 23, '').close('down')).map((one) => [told(one), numbers(one)])).toEqual([['GET http://web.test/a 200 complete', [3, 3, 4, 4]]]);
    expect(of(new Line(80).lose('up', 50).say('down', OK)).map((one) => [told(one), one.request, one.phases.connect])).toEqual([['  200 complete', null, null]]);
  });

  it('are told apart where the capture began behind a request', () => {
    const line = new Line(80).say('down', OK).say('up', GET.replace('GET', 'HEAD')).say('down', OK.slice(0, -4)).say('up', GET).say('down', OK);
    expect(of(line).map((one) => [told(one), numbers(one)])).toEqual([
      ['  200 complete', [null, null, 3, 3]], ['HEAD http://web.test/a 200 complete', [4, 4, 5, 5]], ['GET http://web.test/a 200 complete', [6, 6, 7, 7]],
    ]);
  });

  it('begin with the answer where the server did not wait for all', () => {
    const early = of(new Line(80).say('up', 'POST /a HTTP/1.1\r\nHost: web.test\r\nContent-Length: 9\r\n\r\n').say('down', 'HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n').say('up', 'too large'));
    expect(early.map((one) => [told(one), millis(one)])).toEqual([['POST http://web.test/a 413 complete', { connect: 2, tls: null, send: 1, wait: 0, receive: 0 }]]);
  });

  it('of a large body: its first packet is still known', () => {
    const line = new Line(80).say('up', GET).say('down', `HTTP/1.1 200 OK\r\nContent-Length: ${5 * 1024 * 1024}\r\n\r\n`);
    line.pieces('down', new Uint8Array(5 * 1024 * 1024), 32_000);
    expect(of(line).map((one) => [told(one), one.size, numbers(one)])).toEqual([['GET http://web.test/a 200 complete', 5 * 1024 * 1024, [3, 3, 4, 4 + Math.ceil(5 * 1024 * 1024 / 32_000)]]]);
  });
});

describe('exchanges of HTTP/2', () => {
  it('are put together stream by stream', () => {
    const exchanges = of(http2Line(latin1Bytes('x'.repeat(40)), 'gzip'));
    expect(exchanges.map((one) => [one.substream, one.version, told(one), one.host, one.contentType, one.requestSize, one.size, numbers(one)])).toEqual([
      [1, 'HTTP/2', 'GET http://example.org/story 200 complete', 'example.org', 'text/plain', 0, 40, [5, 5, 7, 9]],
      [3, 'HTTP/2', 'POST http://example.org/note 201 complete', 'example.org', '', 5, 4, [6, 6, 8, 8]],
    ]);
    expect(exchanges.map(millis)).toEqual([{ connect: 2, tls: null, send: 0, wait: 2, receive: 2 }, { connect: null, tls: null, send: 0, wait: 2, receive: 0 }]);
  });

  it('know blocks that go on, pushes, trailers and resets', () => {
    const [up, down] = [new HpackEncoder(), new HpackEncoder()];
    const frame = (payload: FramePayload, flags: number, streamId: number): Uint8Array => encodeFrame({ ...payload, flags, reserved: false, streamId });
    const block = (by: HpackEncoder, fields: Readonly<Record<string, string>>): Uint8Array => by.encode(Object.entries(fields).map(([name, value]) => ({ name, value })));
    const asked = block(up, { ':method': 'GET', ':scheme': 'http', ':authority': 'web.test', ':path': '/a' });
    const settings = frame({ type: 'SETTINGS', settings: [] }, 0, 0);
    const line = new Line(80).say('up', concatBytes(PREFACE, settings)).say('down', settings)
      .say('up', frame({ type: 'HEADERS', padding: null, priority: null, fragment: asked.subarray(0, 3) }, 1, 1)).say('up', frame({ type: 'CONTINUATION', fragment: asked.subarray(3) }, 4, 1))
      .say('down', frame({ type: 'PUSH_PROMISE', padding: null, promised: 2, promisedReserved: false, fragment: block(down, { ':method': 'GET', ':scheme': 'http', ':authority': 'web.test', ':path': '/b' }) }, 4, 1))
      .say('down', frame({ type: 'HEADERS', padding: null, priority: null, fragment: block(down, { ':status': '200' }) }, 4, 1))
      .say('down', frame({ type: 'DATA', padding: null, data: latin1Bytes('kept') }, 0, 1))
      .say('down', frame({ type: 'HEADERS', padding: null, priority: null, fragment: block(down, { 'x-sum': '4' }) }, 5, 1))
      .say('down', frame({ type: 'HEADERS', padding: null, priority: null, fragment: block(down, { ':status': '200' }) }, 4, 2)).say('up', frame({ type: 'RST_STREAM', error: 8 }, 0, 2));
    expect(of(line).map((one) => [told(one), one.size, numbers(one)])).toEqual([['GET http://web.test/a 200 complete', 4, [5, 6, 8, 10]], ['GET http://web.test/b 200 reset', 0, [7, 7, 11, 11]]]);
  });
});

describe('the packets of an exchange', () => {
  const packetsOf = (frames: readonly Uint8Array[]): readonly string[] => {
    const { table, flows, packets } = openFrames(frames);
    const reader = new CaptureExchanges({ table, flows, packets, keys: new KeyLog() });
    while (!reader.advance(3)) { /* in steps */ }
    return reader.list().exchanges.map((one) => `${one.url.slice(-2)} ${[...reader.packetsOf(one)].map((packet) => packet + 1).join(' ')}`);
  };

  it('are those with bytes of its messages, without what others say meanwhile', () => {
    const [a, b] = [new Line(80).pieces('up', GET, 20).segment('down', 1, '').pieces('down', OK, 30), new Line(81).say('up', GET.replace('/a', '/b')).say('down', OK)];
    expect(packetsOf([...a.frames.slice(0, 4), ...b.frames, ...a.frames.slice(4)])).toEqual(['/a 3 4 10 11 12', '/b 7 8']);
  });

  it('of HTTP/2 are those with frames of its stream', () => {
    expect(packetsOf(http2Line(latin1Bytes('x'.repeat(40)), 'gzip').frames)).toEqual(['ry 5 7 9', 'te 6 8']);
  });
});

describe('the list', () => {
  it('is in the order of time over all connections, whatever the steps in which it is read', () => {
    const [a, b] = [new Line(80).say('up', GET).say('down', OK).say('up', GET.replace('/a', '/c')).say('down', OK), new Line(81).say('up', GET.replace('/a', '/b')).say('down', OK)];
    const frames = [...a.frames.slice(0, 4), ...b.frames, ...a.frames.slice(4)];
    const whole = listOf(frames, {}, 1000);
    expect(whole.exchanges.map(({ url, stream }) => `${url} ${stream}`)).toEqual(['http://web.test/a 0', 'http://web.test/b 1', 'http://web.test/c 0']);
    for (const step of [1, 2, 5]) expect(listOf(frames, {}, step)).toEqual(whole);
  });

  it('is bounded, and says what it leaves out', () => {
    const three = new Line(80);
    for (let n = 0; n < 3; n++) three.say('up', GET).say('down', OK);
    expect(listOf(three.frames, { exchanges: 2 })).toMatchObject({ exchanges: [{ outcome: 'complete' }, { outcome: 'complete' }], left: 1, unread: 0 });
    expect(listOf(three.frames, { packets: 5 })).toMatchObject({ exchanges: [{ outcome: 'complete' }, { outcome: 'unanswered' }], left: 0, unread: 1 });
    const late = new Line(7007).say('up', 'no').say('down', 'HTTP').say('up', 'here');
    expect(listOf([...late.frames, ...three.frames], { quiet: 4 })).toMatchObject({ exchanges: [{ flow: 2 }, {}, {}], unread: 1 });
    expect(listOf([])).toEqual({ exchanges: [], left: 0, unread: 0 });
  });

  it('takes connections that are cut anywhere', () => {
    for (const { frames } of [http1Line(latin1Bytes('x'.repeat(35)), 'br'), http2Line(latin1Bytes('x'.repeat(35)), 'br')]) {
      for (let count = 0; count <= frames.length; count++) expect(listOf(frames.slice(0, count)).exchanges.length).toBeLessThanOrEqual(2);
      for (let lost = 0; lost < frames.length; lost++) expect(listOf(frames.filter((_, at) => at !== lost)).unread).toBe(0);
    }
  });
});

it('does not take a reset packet for an answer', () => {
  expect(of(new Line(80).say('up', GET).say('down', '', TCP_FLAGS.RST | TCP_FLAGS.ACK)).map(told)).toEqual(['GET http://web.test/a - unanswered']);
});
