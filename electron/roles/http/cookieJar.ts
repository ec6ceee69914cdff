// A client's cookies (RFC 6265): reads Set-Cookie, keeps what it may, and says what goes with a request. Its clock is given, so that
// lifetimes can run out in a lab. No list of public suffixes: every host of a lab is one of ours.

import type { HeaderLines } from './headers';
import { valuesOf } from './headers';
import { parseDate } from './httpDate';

/** Bounds of RFC 6265 6.1, kept from above: bytes of one cookie, cookies of a host, of all. */
const MAX_COOKIE = 4096;
const MAX_PER_HOST = 50;
const MAX_COOKIES = 500;

export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Only this very host, not those below it. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'strict' | 'lax' | 'none' | '';
  /** ms since 1970; null: until the client's session ends. */
  readonly expires: number | null;
  readonly created: number;
}

export interface CookieUrl {
  readonly host: string;
  readonly path: string;
  readonly secure: boolean;
}

/** A cookie as the line gives it (RFC 6265 5.2, 5.3); null for one that may not be kept: of another's domain, Secure over clear text, too long. */
export function parseSetCookie(line: string, from: CookieUrl, now: number): Cookie | null {
  const [pair = '', ...attributes] = line.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(equals, 0)).trim();
  const value = pair.slice(equals + 1).trim();
  if (equals < 1 || name === '' || name.length + value.length > MAX_COOKIE || hasControls(line)) return null;
  const given = new Map(attributes.map((one) => /^\s*([^=]*?)\s*(?:=\s*(.*?)\s*)?$/s.exec(one)).map((found) => [(found?.[1] ?? '').toLowerCase(), found?.[2] ?? ''] as const));
  const domain = (given.get('domain') ?? '').replace(/^\./, '').toLowerCase();
  const host = from.host.toLowerCase();
  if (domain !== '' && !domainMatches(host, domain)) return null;
  const secure = given.has('secure');
  if (secure && !from.secure) return null; // RFC 6265bis 5.7: clear text cannot set a cookie that clear text must not see
  const path = given.get('path') ?? '';
  const sameSite = (given.get('samesite') ?? '').toLowerCase();
  return {
    name,
    value,
    domain: domain === '' ? host : domain,
    hostOnly: domain === '',
    path: path.startsWith('/') ? path : defaultPath(from.path),
    secure,
    httpOnly: given.has('httponly'),
    sameSite: sameSite === 'strict' || sameSite === 'lax' || sameSite === 'none' ? sameSite : '',
    expires: expiryOf(given, now),
    created: now,
  };
}

/** Max-Age counts before Expires (RFC 6265 4.1.2.2). */
function expiryOf(given: ReadonlyMap<string, string>, now: number): number | null {
  const maxAge = given.get('max-age') ?? '';
  if (/^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0 ? 0 : now + Number(maxAge) * 1000;
  return parseDate(given.get('expires') ?? '', now);
}

/** RFC 6265 5.1.3: the same, or below it; an address is below nothing. */
export const domainMatches = (host: string, domain: string): boolean => host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$|:/.test(host));

/** RFC 6265 5.1.4. */
export const pathMatches = (path: string, under: string): boolean => path === under || (path.startsWith(under) && (under.endsWith('/') || path[under.length] === '/'));

const defaultPath = (path: string): string => (path.startsWith('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '/');

const hasControls = (text: string): boolean => /[\x00-\x08\x0a-\x1f\x7f]/.test(text);

export class CookieJar {
  private cookies: readonly Cookie[] = [];

  constructor(private readonly now: () => number) {}

  get all(): readonly Cookie[] {
    return this.cookies;
  }

  /** Takes the answer's Set-Cookie lines; returns what became of each that it understood. */
  receive(headers: HeaderLines, from: CookieUrl): readonly { readonly what: 'stored' | 'expired'; readonly cookie: Cookie }[] {
    const told: { what: 'stored' | 'expired'; cookie: Cookie }[] = [];
    for (const line of valuesOf(headers, 'set-cookie')) {
      const cookie = parseSetCookie(line, from, this.now());
      if (cookie === null) continue;
      const earlier = this.cookies.find((one) => same(one, cookie));
      this.cookies = this.cookies.filter((one) => one !== earlier);
      // A date in the past is how a server takes a cookie back.
      if (cookie.expires !== null && cookie.expires <= this.now()) {
        if (earlier !== undefined) told.push({ what: 'expired', cookie: earlier });
        continue;
      }
      this.keep(earlier === undefined ? cookie : { ...cookie, created: earlier.created });
      told.push({ what: 'stored', cookie });
    }
    return told;
  }

  /** The cookies that go with a request, longest path first, oldest first (RFC 6265 5.4). */
  cookiesFor(to: CookieUrl): readonly Cookie[] {
    const host = to.host.toLowerCase();
    return this.cookies
      .filter((one) => (one.hostOnly ? one.domain === host : domainMatches(host, one.domain)) && pathMatches(to.path, one.path) && (!one.secure || to.secure))
      .filter((one) => one.expires === null || one.expires > this.now())
      .toSorted((a, b) => b.path.length - a.path.length || a.created - b.created);
  }

  /** Throws out what has run out; returns it. */
  expire(): readonly Cookie[] {
    const gone = this.cookies.filter((one) => one.expires !== null && one.expires <= this.now());
    this.cookies = this.cookies.filter((one) => !gone.includes(one));
    return gone;
  }

  clear(): void {
    this.cookies = [];
  }

  private keep(cookie: Cookie): void {
    const ofHost = this.cookies.filter((one) => one.domain === cookie.domain);
    const oldest = ofHost.length >= MAX_PER_HOST ? ofHost[0] : this.cookies.length >= MAX_COOKIES ? this.cookies[0] : undefined;
    this.cookies = [...this.cookies.filter((one) => one !== oldest), cookie];
  }
}

/** The Cookie field's value (RFC 6265 4.2.1); '' for none. */
export const cookieHeader = (cookies: readonly Cookie[]): string => cookies.map(({ name, value }) => `${name}=${value}`).join('; ');

/** What a server reads of it; the first of two counts. */
export function parseCookies(headers: HeaderLines): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of valuesOf(headers, 'cookie').flatMap((value) => value.split(';'))) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    if (name !== '' && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
}

const same = (one: Cookie, other: Cookie): boolean => one.name === other.name && one.domain === other.domain && one.path === other.path;
