// A site's answers to what clients ask of it: conditions, ranges, codings; and dates in their three forms.
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encode } from '../text';
import { codingFor, decodeBody, encodeBody, MAX_DECODED } from './contentCoding';
import { parseHeaderLines, valueOf, type HeaderLines } from './headers';
import { formatDate, parseDate } from './httpDate';
import { splitTarget, wholeBody, type HttpAnswer, type HttpRequest } from './message';
import { parseRange } from './ranges';
import { siteHandler, type Resource } from './siteServer';

const CHANGED = Date.UTC(2026, 0, 1);
const BODY = encode('0123456789'.repeat(50));
const PAGE: Resource = { headers: [['Content-Type', 'text/plain'], ['ETag', '"v1"'], ['Last-Modified', formatDate(CHANGED)]], body: BODY, ranges: true };

async function ask(resource: Resource, headers: HeaderLines = [], method = 'GET', target = '/page'): Promise<HttpAnswer> {
  const request: HttpRequest = { method, target, ...splitTarget(target), headers, body: new Uint8Array(0), version: '1.1', secure: false, client: { address: '127.0.0.1', port: 1 } };
  return siteHandler(() => new Map([['/page', resource]]))(request);
}
const field = (answer: HttpAnswer, name: string): string | null => valueOf(answer.headers, name);
const text = (answer: HttpAnswer): string => Buffer.from(wholeBody(answer)).toString();

describe('paths', () => {
  it('are found without their query, and whole URLs by their path', async () => {
    expect((await ask(PAGE, [], 'GET', '/page?x=1#y')).status).toBe(200);
    expect((await ask(PAGE, [], 'GET', 'http://site/page')).status).toBe(200);
    expect((await ask(PAGE, [], 'GET', '/other')).status).toBe(404);
    expect((await ask(PAGE, [], 'GET', '/__proto__')).status).toBe(404);
  });
  it('take GET and HEAD only, and say so', async () => {
    const answer = await ask(PAGE, [], 'DELETE');
    expect([answer.status, field(answer, 'allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('conditions', () => {
  it.each([
    ['If-None-Match', '"v1"', 304],
    ['If-None-Match', 'W/"v1"', 304],
    ['If-None-Match', '"v0", "v1"', 304],
    ['If-None-Match', '"a,b"', 200],
    ['If-None-Match', '*', 304],
    ['If-Match', '"v1"', 200],
    ['If-Match', 'W/"v1"', 412],
    ['If-Match', '"v0"', 412],
    ['If-Modified-Since', formatDate(CHANGED), 304],
    ['If-Modified-Since', formatDate(CHANGED - 1000), 200],
    ['If-Modified-Since', 'yesterday', 200],
    ['If-Unmodified-Since', formatDate(CHANGED - 1000), 412],
  ])('%s: %s -> %i', async (name, value, status) => expect((await ask(PAGE, [[name, value]])).status).toBe(status));
  it('a tag counts before a date', async () => expect((await ask(PAGE, [['If-None-Match', '"v0"'], ['If-Modified-Since', formatDate(CHANGED)]])).status).toBe(200));
  it('304 brings the validators, no body and no type', async () => {
    const answer = await ask(PAGE, [['If-None-Match', '"v1"']]);
    expect([field(answer, 'etag'), field(answer, 'content-type'), answer.body]).toEqual(['"v1"', null, []]);
  });
});

describe('ranges', () => {
  it.each([
    ['bytes=0-9', [{ first: 0, last: 9 }]],
    ['bytes=490-', [{ first: 490, last: 499 }]],
    ['bytes=-5', [{ first: 495, last: 499 }]],
    ['bytes=-9999', [{ first: 0, last: 499 }]],
    ['bytes=0-9999', [{ first: 0, last: 499 }]],
    ['bytes=0-0, 5-6', [{ first: 0, last: 0 }, { first: 5, last: 6 }]],
    ['bytes=500-', []],
    ['bytes=-0', []],
    ['bytes=9-1', null],
    ['bytes=-', null],
    ['lines=1-2', null],
    [`bytes=${'0-1,'.repeat(20)}0-1`, null],
  ])('%s', (value, expected) => expect(parseRange(value, 500)).toEqual(expected));

  it('206, 416, and the whole when it is another copy', async () => {
    const part = await ask(PAGE, [['Range', 'bytes=10-14']]);
    expect([part.status, field(part, 'content-range'), text(part)]).toEqual([206, 'bytes 10-14/500', '01234']);
    const beyond = await ask(PAGE, [['Range', 'bytes=900-']]);
    expect([beyond.status, field(beyond, 'content-range')]).toEqual([416, 'bytes */500']);
    expect((await ask(PAGE, [['Range', 'bytes=0-1'], ['If-Range', '"v0"']])).status).toBe(200);
    expect((await ask(PAGE, [['Range', 'bytes=0-1'], ['If-Range', '"v1"']])).status).toBe(206);
    expect((await ask(PAGE, [['Range', 'bytes=0-1'], ['If-Range', formatDate(CHANGED)]])).status).toBe(206);
    expect(field(await ask(PAGE), 'accept-ranges')).toBe('bytes');
  });

  it('several ranges are parts of one body', async () => {
    const parts = await ask(PAGE, [['Range', 'bytes=0-1,-2']]);
    expect(field(parts, 'content-type')).toMatch(/^multipart\/byteranges; boundary=/);
    expect(text(parts).match(/\r\n\r\n(\d\d)\r\n/g)).toEqual(['\r\n\r\n01\r\n', '\r\n\r\n89\r\n']);
  });
});

describe('content codings', () => {
  const coding = (value: string): string => codingFor([['Accept-Encoding', value]], ['br', 'gzip', 'deflate']);
  it.each([['gzip, deflate, br', 'br'], ['gzip;q=1, br;q=0.5', 'gzip'], ['*', 'br'], ['br;q=0, *', 'gzip'], ['identity', 'identity'], ['', 'identity'], ['zstd', 'identity'], ['gzip;q=0', 'identity'], ['GZIP', 'gzip']])('%j -> %s', (value, expected) => expect(coding(value)).toBe(expected));
  it('the coded page has a tag of its own and says what it varies by', async () => {
    const page = { ...PAGE, codings: ['gzip'] as const };
    const answer = await ask(page, [['Accept-Encoding', 'gzip']]);
    expect([field(answer, 'content-encoding'), field(answer, 'vary'), field(answer, 'etag')]).toEqual(['gzip', 'Accept-Encoding', '"v1-gzip"']);
    expect(gunzipSync(wholeBody(answer))).toEqual(Buffer.from(BODY));
    expect((await ask(page, [['Accept-Encoding', 'gzip'], ['If-None-Match', '"v1-gzip"']])).status).toBe(304);
    expect(field(await ask(page), 'vary')).toBe('Accept-Encoding');
  });
  it.each(['gzip', 'deflate', 'br'] as const)('%s comes off again', (one) => expect(decodeBody(encodeBody(BODY, one), [['Content-Encoding', one]])).toEqual(Buffer.from(BODY)));
  it('damage, the unknown and bombs come to nothing', () => {
    expect(decodeBody(encode('no gzip'), [['Content-Encoding', 'gzip']])).toBeNull();
    expect(decodeBody(BODY, [['Content-Encoding', 'zstd']])).toBeNull();
    expect(decodeBody(encodeBody(new Uint8Array(MAX_DECODED + 1), 'br'), [['Content-Encoding', 'br']])).toBeNull();
  });
});

it('dates in three forms', () => {
  const time = Date.UTC(1994, 10, 6, 8, 49, 37);
  expect(formatDate(time)).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
  for (const form of ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994']) expect(parseDate(form), form).toBe(time);
  for (const form of ['', '0', 'Sun, 31 Feb 1994 08:49:37 GMT', 'Sun, 06 Nov 1994 25:00:00 GMT', 'Sun, 06 Nov 1994 08:49:37 +0900', '1994-11-06T08:49:37Z']) expect(parseDate(form), form).toBeNull();
});

it('typed header lines: what is none is told apart', () => {
  expect(parseHeaderLines('A: 1\n\nb:2\r\nno colon\nbad name: x\nC: 가')).toEqual({ headers: [['A', '1'], ['b', '2']], wrong: ['no colon', 'bad name: x', 'C: 가'] });
});
