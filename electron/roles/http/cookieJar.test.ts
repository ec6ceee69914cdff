// Cookies as RFC 6265 has them: what a server may set, what goes back to whom, and when it is over.
import { describe, expect, it } from 'vitest';
import { cookieHeader, CookieJar, domainMatches, parseCookies, parseSetCookie, pathMatches, type CookieUrl } from './cookieJar';
import { formatDate } from './httpDate';

const NOW = Date.UTC(2026, 0, 1);
const SITE: CookieUrl = { host: 'www.site.test', path: '/shop/cart', secure: false };

function jar(...lines: readonly string[]): { jar: CookieJar; sent: (to?: Partial<CookieUrl>) => string; wind: (seconds: number) => void; receive: (line: string, from?: CookieUrl) => string[] } {
  let now = NOW;
  const made = new CookieJar(() => now);
  const receive = (line: string, from = SITE): string[] => made.receive([['Set-Cookie', line]], from).map(({ what, cookie }) => `${what} ${cookie.name}`);
  for (const line of lines) receive(line);
  return { jar: made, sent: (to = {}) => cookieHeader(made.cookiesFor({ ...SITE, ...to })), wind: (seconds) => (now += seconds * 1000), receive };
}

describe('a cookie', () => {
  it('has a name, a value and attributes in any order and case', () => {
    expect(parseSetCookie('sid=a=b; HTTPONLY; path=/x; SameSite=Lax; Max-Age=60', SITE, NOW)).toMatchObject({ name: 'sid', value: 'a=b', httpOnly: true, path: '/x', sameSite: 'lax', expires: NOW + 60_000, hostOnly: true });
  });
  it.each(['', '=x', 'no pair', 'a=1; Domain=other.test', 'a=1; Domain=w.site.test', 'a=1; Secure', `a=${'x'.repeat(5000)}`, 'a=1\u0000'])('%j is not kept', (line) => expect(parseSetCookie(line, SITE, NOW)).toBeNull());
});

describe('goes back', () => {
  it('to its host only, or to those below its domain', () => {
    expect(jar('a=1').sent({ host: 'deep.www.site.test' })).toBe('');
    expect(jar('a=1; Domain=.site.test').sent({ host: 'deep.www.site.test' })).toBe('a=1');
    expect(domainMatches('127.0.20.1', '0.20.1')).toBe(false);
  });
  it('to its path and below, the longest path first', () => {
    const { sent } = jar('a=1; Path=/', 'b=2; Path=/shop', 'c=3; Path=/shop/cart/deep');
    expect(sent()).toBe('b=2; a=1');
    expect(sent({ path: '/' })).toBe('a=1');
    expect(pathMatches('/shopping', '/shop')).toBe(false);
    expect(jar('a=1').sent({ path: '/' })).toBe(''); // its path is that of the request: /shop
  });
  it('only under TLS when it is Secure', () => {
    const { receive, sent } = jar();
    receive('a=1; Secure', { ...SITE, secure: true });
    expect([sent(), sent({ secure: true })]).toEqual(['', 'a=1']);
  });
});

describe('is over', () => {
  it('after Max-Age, which counts before Expires', () => {
    const { jar: made, sent, wind } = jar(`a=1; Max-Age=60; Expires=${formatDate(NOW)}`, `b=2; Expires=${formatDate(NOW + 90_000)}`, 'c=3');
    expect(sent()).toBe('a=1; b=2; c=3');
    wind(60);
    expect(sent()).toBe('b=2; c=3');
    expect(made.expire().map(({ name }) => name)).toEqual(['a']);
    wind(1e6);
    expect(sent()).toBe('c=3');
  });
  it('when the server takes it back', () => {
    const { receive, sent } = jar('a=1; Path=/');
    expect(receive('a=; Path=/; Max-Age=0')).toEqual(['expired a']);
    expect(sent()).toBe('');
    expect(receive('a=; Path=/; Max-Age=0')).toEqual([]);
  });
});

it('a new value takes the old one\'s place', () => expect(jar('a=1', 'a=2').sent()).toBe('a=2'));
it('a host can store 50 and no more', () => expect(jar(...Array.from({ length: 60 }, (_, index) => `c${index}=x`)).jar.all).toHaveLength(50));
it('the server reads pairs; names are data', () => expect([...parseCookies([['Cookie', 'a=1; __proto__=x; a=2; b']])]).toEqual([['a', '1'], ['__proto__', 'x']]));
