// RFC 9111 as a conversation between a cache and its clock: what is fresh, how old it is, what may be kept and for whom.
import { describe, expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import { encode } from '../text';
import { ageOf, lifetimeOf } from './freshness';
import type { HeaderLines } from './headers';
import { valueOf } from './headers';
import { HttpCache, isStorable, MAX_STORED, type CacheResponse, type Lookup } from './httpCache';
import { formatDate } from './httpDate';

const START = Date.UTC(2026, 0, 1);
const DATE: HeaderLines = [['Date', formatDate(START)]];
const URL = 'http://site/page';
const get = (...headers: HeaderLines): { method: string; url: string; headers: HeaderLines } => ({ method: 'GET', url: URL, headers });
const ok = (...headers: HeaderLines): CacheResponse => ({ status: 200, headers: [...DATE, ...headers], body: encode('page') });
const at = (time: number): { requestTime: number; responseTime: number } => ({ requestTime: time, responseTime: time });

/** A cache that has been given the answer at START, asked `seconds` later. */
function after(seconds: number, answer: CacheResponse, request = get(), kind: 'private' | 'shared' = 'private'): Lookup {
  let now = START;
  const cache = new HttpCache(kind, () => now);
  cache.store(get(), answer, at(START));
  now += seconds * 1000;
  return cache.lookup(request);
}

describe('freshness lifetime (4.2.1)', () => {
  const lifetime = (headers: HeaderLines, kind: 'private' | 'shared' = 'private', status = 200): string => {
    const { seconds, from } = lifetimeOf({ status, headers: [...DATE, ...headers] }, kind, START);
    return `${from} ${seconds}`;
  };
  it.each([
    [[['Cache-Control', 'max-age=60']], 'private', 'max-age 60'],
    [[['Cache-Control', 'max-age=60, s-maxage=600']], 'private', 'max-age 60'],
    [[['Cache-Control', 'max-age=60, s-maxage=600']], 'shared', 's-maxage 600'],
    [[['Cache-Control', 'Max-Age="60"']], 'private', 'max-age 60'],
    [[['Cache-Control', 'max-age=soon']], 'private', 'max-age 0'],
    [[['Cache-Control', 'max-age=99999999999']], 'private', `max-age ${2 ** 31}`],
    [[['Cache-Control', 'max-age=5'], ['Expires', formatDate(START + 60_000)]], 'private', 'max-age 5'],
    [[['Expires', formatDate(START + 60_000)]], 'private', 'expires 60'],
    [[['Expires', '0']], 'private', 'expires 0'],
    [[['Expires', formatDate(START - 1000)]], 'private', 'expires 0'],
    [[['Last-Modified', formatDate(START - 1000_000)]], 'private', 'heuristic 100'],
    [[['Last-Modified', formatDate(START - 1e12)]], 'private', 'heuristic 86400'],
    [[], 'private', 'none 0'],
  ] as const)('%j, %s: %s', (headers, kind, expected) => expect(lifetime(headers, kind)).toBe(expected));
  it('no guess for statuses that are not cacheable by default', () => expect(lifetime([['Last-Modified', formatDate(START - 1000_000)]], 'private', 302)).toBe('none 0'));
});

describe('age (4.2.3)', () => {
  it('is the time that the answer lies here', () => expect(ageOf(DATE, at(START), START + 7900)).toBe(7));
  it('adds what other caches said', () => expect(ageOf([...DATE, ['Age', '100']], at(START), START + 5000)).toBe(105));
  it('adds the time that the answer took', () => expect(ageOf([...DATE, ['Age', '10']], { requestTime: START, responseTime: START + 3000 }, START + 3000)).toBe(13));
  it('trusts Date where no Age is said', () => expect(ageOf(DATE, at(START + 50_000), START + 60_000)).toBe(60));
  it('is never below 0 when clocks differ', () => expect(ageOf([['Date', formatDate(START + 60_000)]], at(START), START + 1000)).toBe(1));
  it('does not believe what is no number', () => expect(ageOf([...DATE, ['Age', '-5']], at(START), START)).toBe(0));
});

describe('reuse (4)', () => {
  it('while it is fresh, with its age; then it is stale and asks', () => {
    const answer = ok(['Cache-Control', 'max-age=60'], ['ETag', '"v1"'], ['Last-Modified', formatDate(START)]);
    expect(after(59, answer)).toMatchObject({ kind: 'fresh', age: 59, lifetime: 60 });
    expect(after(60, answer)).toMatchObject({ kind: 'stale', conditions: [['If-None-Match', '"v1"'], ['If-Modified-Since', formatDate(START)]] });
  });
  it('no-cache: stored, but asked about each time', () => {
    expect(after(0, ok(['Cache-Control', 'no-cache, max-age=60'], ['ETag', '"v1"']))).toMatchObject({ kind: 'stale', conditions: [['If-None-Match', '"v1"']] });
  });
  it.each([
    ['no-cache', 0, 'stale'],
    ['max-age=0', 1, 'stale'],
    ['max-age=30', 30, 'fresh'],
    ['max-age=30', 31, 'stale'],
    ['min-fresh=20', 40, 'fresh'],
    ['min-fresh=20', 41, 'stale'],
    ['max-stale=10', 70, 'fresh'],
    ['max-stale=10', 71, 'stale'],
    ['max-stale', 6000, 'fresh'],
    ['only-if-cached', 10, 'fresh'],
    ['only-if-cached', 61, 'gateway-timeout'],
  ])('a request with %s after %i s: %s', (directive, seconds, kind) => {
    expect(after(seconds, ok(['Cache-Control', 'max-age=60']), get(['Cache-Control', directive])).kind).toBe(kind);
  });
  it('must-revalidate forbids stale answers whatever the client bears', () => {
    expect(after(61, ok(['Cache-Control', 'max-age=60, must-revalidate']), get(['Cache-Control', 'max-stale'])).kind).toBe('stale');
    expect(after(61, ok(['Cache-Control', 'max-age=60, proxy-revalidate']), get(['Cache-Control', 'max-stale'])).kind).toBe('fresh');
    expect(after(61, ok(['Cache-Control', 'max-age=60, proxy-revalidate']), get(['Cache-Control', 'max-stale']), 'shared').kind).toBe('stale');
  });
  it('Pragma: no-cache of old clients', () => expect(after(1, ok(['Cache-Control', 'max-age=60']), get(['Pragma', 'no-cache'])).kind).toBe('stale'));
  it('of nothing: a miss, or 504 when the network is forbidden', () => {
    const cache = new HttpCache('private', () => START);
    expect(cache.lookup(get()).kind).toBe('miss');
    expect(cache.lookup(get(['Cache-Control', 'only-if-cached'])).kind).toBe('gateway-timeout');
  });
});

describe('Vary (4.1)', () => {
  it('keeps one answer for each value that the request had', () => {
    const cache = new HttpCache('shared', () => START);
    const vary = ok(['Cache-Control', 'max-age=60'], ['Vary', 'Accept-Language']);
    cache.store(get(['Accept-Language', 'ko']), { ...vary, body: encode('안녕') }, at(START));
    cache.store(get(['Accept-Language', 'ru']), { ...vary, body: encode('привет') }, at(START));
    const body = (language: string): string | null => {
      const found = cache.lookup(get(['accept-language', language]));
      return found.kind === 'fresh' ? new TextDecoder().decode(found.stored.response.body) : null;
    };
    expect([body('ko'), body('ru'), body('en')]).toEqual(['안녕', 'привет', null]);
    expect(cache.size).toBe(2);
  });
  it('* is never stored', () => expect(isStorable(get(), ok(['Vary', '*']), 'private')).toBe(false));
});

describe('storing (3)', () => {
  it.each([
    ['no-store', 'private', false],
    ['private, max-age=60', 'private', true],
    ['private, max-age=60', 'shared', false],
    ['s-maxage=60', 'shared', true],
    ['public', 'shared', true],
  ] as const)('%s in a %s cache: %s', (directive, kind, may) => expect(isStorable(get(), ok(['Cache-Control', directive]), kind)).toBe(may));
  it('not for a client that says no-store, not what needs a password in a shared cache, not 206, not POST', () => {
    expect(isStorable(get(['Cache-Control', 'no-store']), ok(), 'private')).toBe(false);
    expect(isStorable(get(['Authorization', 'Basic x']), ok(['Cache-Control', 'max-age=60']), 'shared')).toBe(false);
    expect(isStorable(get(['Authorization', 'Basic x']), ok(['Cache-Control', 'public']), 'shared')).toBe(true);
    expect(isStorable(get(), { ...ok(['Cache-Control', 'max-age=60']), status: 206 }, 'private')).toBe(false);
    expect(isStorable({ ...get(), method: 'POST' }, ok(['Cache-Control', 'max-age=60']), 'private')).toBe(false);
    expect(isStorable(get(), { ...ok(), status: 302 }, 'private')).toBe(false);
    expect(isStorable(get(), { ...ok(['Cache-Control', 'max-age=1']), status: 302 }, 'private')).toBe(true);
  });
  it('throws out what an unsafe method changed (4.4)', () => {
    const cache = new HttpCache('private', () => START);
    cache.store(get(), ok(['Cache-Control', 'max-age=60']), at(START));
    cache.store({ ...get(), method: 'PUT' }, { ...ok(), status: 500 }, at(START));
    expect(cache.size).toBe(1);
    cache.store({ ...get(), method: 'PUT' }, { ...ok(), status: 204 }, at(START));
    expect(cache.size).toBe(0);
  });
  it('is bounded: the one used longest ago goes', () => {
    const cache = new HttpCache('private', () => START);
    for (let index = 0; index <= MAX_STORED; index++) cache.store({ ...get(), url: `http://site/${index}` }, ok(['Cache-Control', 'max-age=60']), at(START));
    expect(cache.size).toBe(MAX_STORED);
    expect(cache.lookup({ ...get(), url: 'http://site/0' }).kind).toBe('miss');
  });
});

it('a 304 makes the copy fresh again, with new fields and the old body (4.3.4)', () => {
  let now = START;
  const cache = new HttpCache('private', () => now);
  const stored = must(cache.store(get(), ok(['Cache-Control', 'max-age=60'], ['ETag', '"v1"'], ['X-Old', 'stays'], ['Age', '40']), at(START)), 'stored');
  now += 100_000;
  cache.freshen(stored, [['Date', formatDate(now)], ['Cache-Control', 'max-age=30'], ['Content-Length', '0']], at(now));
  const found = cache.lookup(get());
  expect(found).toMatchObject({ kind: 'fresh', age: 0, lifetime: 30 });
  if (found.kind !== 'fresh') throw new Error('not fresh');
  expect(valueOf(found.stored.response.headers, 'x-old')).toBe('stays');
  expect(valueOf(found.stored.response.headers, 'content-length')).toBeNull();
  expect(found.stored.response.body).toEqual(encode('page'));
});
