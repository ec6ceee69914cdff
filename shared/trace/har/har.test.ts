import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HAR_LIMITS, parseHar, timeOf } from './har';
import { harStory } from './harStory';

/** An entry with only what must be there, and what a test puts in. */
const entry = (more: object = {}): object => ({
  startedDateTime: '2026-08-01T10:00:00.000Z', request: { method: 'GET', url: 'http://web.test/a?b=1', headers: [] }, response: { status: 200, headers: [], content: {} }, ...more,
});
const har = (...entries: unknown[]): string => JSON.stringify({ log: { entries } });

/** Reads it as the app does, and asks the story for everything that views ask. */
function shown(text: string): ReturnType<typeof parseHar> {
  const read = parseHar(text);
  const { app, story } = harStory(read);
  for (const exchange of app.exchanges) {
    for (const side of ['request', 'response'] as const) app.body(exchange.id, side);
    for (const span of Object.values(exchange.timing)) if (span !== null && typeof span === 'object') expect(Number.isFinite(span.start + span.end) && span.end >= span.start).toBe(true);
    expect(exchange.request.bodySize >= 0 && (exchange.response?.bodySize ?? 0) >= 0 && Number.isSafeInteger(exchange.response?.bodySize ?? 0)).toBe(true);
  }
  for (let index = 0; index < story.moments.count; index++) expect(Number.isFinite(story.moments.at(index).t)).toBe(true);
  return read;
}

describe('a HAR from outside', () => {
  it('needs no more than what makes an exchange', () => {
    const read = shown(har(entry()));
    expect([read.entries.length, read.broken, read.creator]).toEqual([1, 0, '']);
  });

  it('says where it stops to be one', () => {
    expect(() => parseHar('')).toThrow(/^not JSON: /u);
    expect(() => parseHar('<html>')).toThrow(/^not JSON: /u);
    expect(() => parseHar('null')).toThrow(/^not a HAR: the text: /u);
    expect(() => parseHar('[]')).toThrow(/^not a HAR: log: /u);
    expect(() => parseHar('{"log":{}}')).toThrow(/^not a HAR: log\.entries: /u);
    expect(() => parseHar('{"log":{"entries":{"length":3}}}')).toThrow(/^not a HAR: log\.entries: /u);
  });

  it('loses only the entries that are none, and names them', () => {
    const read = shown(har(entry(), null, 7, {}, entry({ startedDateTime: 'yesterday' }), entry({ startedDateTime: '7' }), entry({ response: { status: '200', content: {} } }), entry({ request: { method: '', url: '/' } }), entry()));
    expect([read.entries.length, read.broken]).toEqual([2, 7]);
    expect(read.refused.map((line) => line.slice(0, 36))).toEqual([
      'entries[1]: the text: Invalid type: ', 'entries[2]: the text: Invalid type: ', 'entries[3]: startedDateTime: Invalid', 'entries[4]: startedDateTime: not a t', 'entries[5]: startedDateTime: not a t',
      'entries[6]: response.status: Invalid', 'entries[7]: request.method: Invalid ',
    ]);
    expect(parseHar(har(...Array.from({ length: 500 }, () => 0)))).toMatchObject({ broken: 500, refused: { length: HAR_LIMITS.refused } });
  });

  it('reads what other programs leave out or write otherwise', () => {
    const odd = entry({
      time: null, timings: { blocked: -1, dns: null, connect: 'fast', wait: 3 }, serverIPAddress: '', connection: 443, comment: {},
      request: { method: 'POST', url: 'http://web.test/', headers: [{ name: 'A', value: 'b' }, null, { value: 'x' }, { name: 'C' }], bodySize: null, postData: null },
      response: { status: 0, statusText: null, headers: 'none', content: null, bodySize: -1 },
    });
    const { entries } = shown(`\ufeff${har(odd)}`);
    expect(entries[0]).toMatchObject({ time: 0, timings: { blocked: null, dns: null, connect: null, wait: 3, receive: null }, request: { headers: [{ name: 'A', value: 'b' }, { name: 'C', value: '' }], bodySize: -1 }, response: { headers: [] } });
  });

  it('bears numbers of any size', () => {
    const huge = `{"log":{"pages":[{"startedDateTime":"2026-08-01T10:00:00Z","pageTimings":{"onLoad":1e308}},{"startedDateTime":"9999-12-31T23:59:59Z","pageTimings":{"onLoad":1e999}}],"entries":[${JSON.stringify(entry())
      .replace('"content":{}', '"content":{"size":1e308,"compression":-1e308},"bodySize":-1,"headersSize":-1e300')
      .replace('"headers":[]}', '"headers":[],"headersSize":1e999,"bodySize":1e308},"time":1e999,"timings":{"blocked":1e308,"dns":1e308,"connect":1e999,"ssl":1e308,"send":1e308,"wait":-1e308,"receive":1e308}')}]}}`;
    expect(shown(huge).entries).toHaveLength(1);
    expect(shown(har(entry({ startedDateTime: '0001-01-01T00:00:00Z' }), entry({ startedDateTime: '9999-12-31T23:59:59.999999Z' }))).entries).toHaveLength(2);
  });

  it('takes nothing from names that objects have', () => {
    const text = '{"__proto__":{"log":{}},"log":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"entries":[' +
      `${JSON.stringify(entry({ connection: '__proto__', serverIPAddress: 'constructor' })).replace('"headers":[]', '"headers":[{"name":"__proto__","value":"toString"},{"name":"constructor","value":"valueOf"}]')},{"__proto__":${JSON.stringify(entry())}}]}}`;
    const { entries, broken } = shown(text);
    expect([entries.length, broken]).toEqual([1, 1]);
    expect(entries[0]?.request.headers.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('reads 100 000 entries, and refuses more', () => {
    const many = Array.from({ length: HAR_LIMITS.entries }, (_, at) => entry({ connection: String(at % 7), startedDateTime: `2026-08-01T10:00:${String(at % 60).padStart(2, '0')}.000Z`, timings: { wait: at % 100, receive: 1 } }));
    const { app } = harStory(parseHar(har(...many)));
    expect(app.exchanges).toHaveLength(HAR_LIMITS.entries);
    expect(new Set(app.exchanges.map(({ conn }) => conn)).size).toBe(7);
    expect(() => parseHar(har(...many, entry()))).toThrow(/not a HAR: log\.entries: /u);
  }, 120_000);

  it('bears nesting of any depth', () => {
    const deep = 100_000;
    const nested = `${'['.repeat(deep)}${']'.repeat(deep)}`;
    expect(() => {
      try {
        shown(`{"log":{"entries":[${nested}],"pages":${nested}}}`);
      } catch (error) {
        // Where the machine's stack is small it is refused as text.
        expect(String(error)).toMatch(/not JSON/u);
      }
    }).not.toThrow();
  });

  it('says something of any JSON, and never breaks', () => {
    const almost = fc.record({
      startedDateTime: fc.oneof(fc.constant('2026-08-01T10:00:00Z'), fc.string(), fc.anything()), time: fc.anything(), timings: fc.oneof(fc.anything(), fc.record({ dns: fc.double(), connect: fc.double(), ssl: fc.double(), send: fc.double(), wait: fc.double(), receive: fc.double() })),
      request: fc.oneof(fc.anything(), fc.record({ method: fc.string(), url: fc.oneof(fc.webUrl(), fc.string()), httpVersion: fc.anything(), headers: fc.oneof(fc.anything(), fc.array(fc.anything())), bodySize: fc.anything(), postData: fc.anything() })),
      response: fc.oneof(fc.anything(), fc.record({ status: fc.oneof(fc.nat(999), fc.anything()), headers: fc.anything(), content: fc.oneof(fc.anything(), fc.record({ size: fc.double(), text: fc.string(), encoding: fc.constantFrom('base64', 'none') })) })),
      connection: fc.anything(), comment: fc.oneof(fc.constantFrom('cut', 'waiting', 'reset'), fc.anything()),
    }, { requiredKeys: [] });
    fc.assert(fc.property(fc.array(almost, { maxLength: 4 }), (entries) => {
      const text = JSON.stringify({ log: { entries } }, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      const { entries: good, broken } = shown(text);
      expect(good.length + broken).toBe(entries.length);
    }), { numRuns: 200 });
  }, 120_000);
});

describe('times of a HAR', () => {
  it('are read to the microsecond, in any zone', () => {
    expect(timeOf('2026-08-01T10:00:00.123456Z')).toBe(Date.UTC(2026, 7, 1, 10, 0, 0, 123) * 1000 + 456);
    expect(timeOf('2026-08-01T12:00:00.123456789+02:00')).toBe(timeOf('2026-08-01T10:00:00.123456Z'));
    expect(timeOf('2026-08-01T10:00:00.5Z')).toBe(Date.UTC(2026, 7, 1, 10, 0, 0, 500) * 1000);
    expect([timeOf('1'), timeOf('Aug 1 2026'), timeOf('2026-13-41T99:00:00Z'), timeOf('')]).toEqual([null, null, null, null]);
  });
});
