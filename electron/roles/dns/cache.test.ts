// A cache and a clock that is wound: what is kept, for how long, what gives way to what, and what the cache says of it.
import { describe, expect, it } from 'vitest';
import type { DnsRecord } from '../../../shared/codec/dns/records';
import { parseRecordLine } from '../../../shared/codec/dns/zoneText';
import { DnsCache, type CacheEvent } from './cache';
import { createLabClock } from './labClock';

const A = 1;
const NS = 2;
const record = (line: string): DnsRecord => {
  const read = parseRecordLine(line);
  if ('reason' in read) throw new Error(read.reason);
  return read;
};
function make(limit?: number): { cache: DnsCache; wind(seconds: number): void; said: string[] } {
  let ms = 0;
  const clock = createLabClock(() => ms);
  const said: string[] = [];
  const say = ({ what, key, ttl, data }: CacheEvent): void => void said.push([what, key, ttl === 0 ? '' : ttl, data].filter((one) => one !== '').join(' '));
  ms = 0;
  return { cache: new DnsCache(clock, say, limit), wind: (seconds) => clock.wind(seconds), said };
}
const WWW = record('www.example.test. 300 A 127.0.60.2');
const SOA = record('example.test. 900 SOA ns h 1 2 3 4 60');

describe('the clock', () => {
  it('goes with the machine and can be wound forward, never back', () => {
    let ms = 5000;
    const clock = createLabClock(() => ms);
    expect(clock.now()).toBe(0);
    ms += 1500;
    clock.wind(300);
    expect(clock.now()).toBe(301.5);
    expect(() => clock.wind(-1)).toThrow(RangeError);
    expect(() => clock.wind(NaN)).toThrow(RangeError);
  });
});

describe('the cache', () => {
  it('counts the seconds down and forgets', () => {
    const { cache, wind, said } = make();
    expect(cache.get('www.example.test.', A)).toBeNull();
    cache.store([WWW], 'answer');
    wind(100.2);
    expect(cache.get('WWW.Example.Test.', A)).toMatchObject({ kind: 'records', records: [{ ttl: 200 }] });
    wind(200);
    expect(cache.get('www.example.test.', A)).toBeNull();
    expect(said).toEqual([
      'miss www.example.test A', 'stored www.example.test A 300 127.0.60.2', 'hit www.example.test A 200 127.0.60.2', 'expired www.example.test A 127.0.60.2', 'miss www.example.test A',
    ]);
  });

  it('remembers for a set what its shortest TTL says, nothing of TTL 0, nothing for longer than a week', () => {
    const { cache, wind } = make();
    cache.store([WWW, record('www.example.test. 10 A 127.0.60.3')], 'answer');
    wind(11);
    expect(cache.get('www.example.test.', A)).toBeNull();
    cache.store([{ ...WWW, ttl: 0 }], 'answer');
    cache.store([{ ...WWW, ttl: 2 ** 31 }], 'answer'); // RFC 2181 8: as if 0
    expect(cache.get('www.example.test.', A)).toBeNull();
    cache.store([{ ...WWW, ttl: 2 ** 31 - 1 }], 'answer');
    wind(7 * 86_400);
    expect(cache.get('www.example.test.', A)).toBeNull();
  });

  it('remembers that a name does not exist for every type, that a type is missing for that type only', () => {
    const { cache, wind, said } = make();
    cache.storeNegative('nope.example.test.', A, 'nxdomain', SOA);
    cache.storeNegative('www.example.test.', A, 'nodata', SOA);
    wind(20);
    expect(cache.get('nope.example.test.', 28)).toMatchObject({ kind: 'nxdomain', soa: { ttl: 40 } });
    expect(cache.get('www.example.test.', 28)).toBeNull();
    expect(cache.get('www.example.test.', A)).toMatchObject({ kind: 'nodata' });
    expect(said).toContain('negative nope.example.test AAAA 40 nxdomain');
    wind(40);
    expect(cache.get('nope.example.test.', A)).toBeNull();
  });

  it('believes an authority more than a hint, and does not answer with hints', () => {
    const { cache } = make();
    const hint = record('ns.example.test. 600 A 127.0.0.1');
    cache.store([hint], 'hint');
    expect(cache.get('ns.example.test.', A)).toBeNull();
    expect(cache.way('ns.example.test.', A)).toHaveLength(1);
    cache.store([record('ns.example.test. 600 A 127.0.0.2')], 'answer');
    cache.store([hint], 'hint');
    expect(cache.get('ns.example.test.', A)).toMatchObject({ records: [{ data: { address: '127.0.0.2' } }] });
    expect(cache.way('example.test.', NS)).toEqual([]);
  });

  it('keeps a failure for a second only', () => {
    const { cache, wind } = make();
    cache.storeFailure('www.example.test.', A);
    expect(cache.get('www.example.test.', A)).toEqual({ kind: 'failure' });
    wind(1);
    expect(cache.get('www.example.test.', A)).toBeNull();
  });

  it('has a bound: what was not used for longest goes', () => {
    const { cache } = make(2);
    for (const name of ['a.', 'b.']) cache.store([{ ...WWW, name }], 'answer');
    cache.get('a.', A);
    cache.store([{ ...WWW, name: 'c.' }], 'answer');
    expect(['a.', 'b.', 'c.'].map((name) => cache.get(name, A) !== null)).toEqual([true, false, true]);
    expect(cache.size).toBe(2);
    cache.flush();
    expect(cache.size).toBe(0);
  });
});
