// An HTTP cache (RFC 9111), private or shared: what may be stored, what may be reused, what must be validated. Pure: it knows no
// socket and no clock but the one that it is given. cachingClient.ts and cacheServer.ts put it between a program and the network.

import { cacheControlOf, secondsOf } from './cacheControl';
import { ageOf, isHeuristic, lifetimeOf, type CacheKind, type Timing } from './freshness';
import { elementsOf, isToken, valueOf, withHeader, without, type HeaderLines } from './headers';

/** Answers that it keeps, and bytes of one body; the one used longest ago goes first. */
export const MAX_STORED = 200;
export const MAX_STORED_BODY = 1024 * 1024;

export interface CacheRequest {
  readonly method: string;
  /** Scheme, authority, path and query together: the key. */
  readonly url: string;
  readonly headers: HeaderLines;
}

export interface CacheResponse {
  readonly status: number;
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

export interface Stored extends Timing {
  readonly url: string;
  readonly response: CacheResponse;
  /** The request's fields that Vary names, as they were then. */
  readonly vary: HeaderLines;
}

/** What the cache can do for a request. Ages and lifetimes in seconds. */
export type Lookup =
  /** Answer from the store. */
  | { readonly kind: 'fresh'; readonly stored: Stored; readonly age: number; readonly lifetime: number }
  /** Ask whether the copy still holds; `conditions` go with the request. Without validators there are none: then all of it comes again. */
  | { readonly kind: 'stale'; readonly stored: Stored; readonly age: number; readonly lifetime: number; readonly conditions: HeaderLines }
  | { readonly kind: 'miss' }
  /** The request forbids the network, and there is nothing to give: 504 (RFC 9111 5.2.1.7). */
  | { readonly kind: 'gateway-timeout' };

export class HttpCache {
  /** In order of their last use; several a URL where Vary tells them apart. */
  private entries: readonly Stored[] = [];

  constructor(
    readonly kind: CacheKind,
    /** ms since 1970. */
    private readonly now: () => number,
  ) {}

  get size(): number {
    return this.entries.length;
  }

  clear(): void {
    this.entries = [];
  }

  /** RFC 9111 4. */
  lookup(request: CacheRequest): Lookup {
    const asked = cacheControlOf(request.headers, 'request');
    const stored = request.method === 'GET' ? this.select(request) : undefined;
    if (stored === undefined) return asked.has('only-if-cached') ? { kind: 'gateway-timeout' } : { kind: 'miss' };
    this.entries = [...this.entries.filter((one) => one !== stored), stored];
    const age = ageOf(stored.response.headers, stored, this.now());
    const { seconds: lifetime } = lifetimeOf(stored.response, this.kind, stored.responseTime);
    if (this.mayReuse(asked, stored, age, lifetime)) return { kind: 'fresh', stored, age, lifetime };
    return asked.has('only-if-cached') ? { kind: 'gateway-timeout' } : { kind: 'stale', stored, age, lifetime, conditions: conditionsOf(stored) };
  }

  /** Stores what may be stored (RFC 9111 3); null when it may not. Changes by unsafe methods throw out what they changed (4.4). */
  store(request: CacheRequest, response: CacheResponse, timing: Timing): Stored | null {
    const unsafe = !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(request.method);
    if (unsafe && response.status >= 200 && response.status < 400) this.invalidate(request.url);
    if (!isStorable(request, response, this.kind)) return null;
    const vary = elementsOf(response.headers, 'vary').map((name) => [name.toLowerCase(), valueOf(request.headers, name) ?? ''] as const);
    const stored: Stored = { url: request.url, response, vary, requestTime: timing.requestTime, responseTime: timing.responseTime };
    const others = this.entries.filter((one) => one.url !== request.url || !matches(one, request));
    this.entries = [...others, stored].slice(-MAX_STORED);
    return stored;
  }

  /** A 304 came: the copy holds, with the new fields (RFC 9111 3.2, 4.3.4). */
  freshen(stored: Stored, headers: HeaderLines, timing: Timing): Stored {
    let merged = stored.response.headers;
    const given = without(headers, 'content-length', 'content-encoding', 'content-type', 'transfer-encoding', 'connection', 'keep-alive');
    for (const name of new Set(given.map(([one]) => one.toLowerCase()))) merged = [...without(merged, name), ...given.filter(([one]) => one.toLowerCase() === name)];
    // An Age of the old answer says nothing of the new one.
    if (valueOf(headers, 'age') === null) merged = without(merged, 'age');
    const fresh: Stored = { ...stored, response: { ...stored.response, headers: merged }, requestTime: timing.requestTime, responseTime: timing.responseTime };
    this.entries = [...this.entries.filter((one) => one !== stored), fresh];
    return fresh;
  }

  /** Whether a stale copy may stand in when the server cannot be reached (RFC 9111 4.2.4). */
  mayServeStale(stored: Stored): boolean {
    const said = cacheControlOf(stored.response.headers, 'response');
    return !said.has('no-cache') && !this.isStrict(said);
  }

  invalidate(url: string): void {
    this.entries = this.entries.filter((one) => one.url !== url);
  }

  private select(request: CacheRequest): Stored | undefined {
    return this.entries.findLast((one) => one.url === request.url && matches(one, request));
  }

  /** RFC 9111 4.2.4, 5.2.1, 5.2.2. */
  private mayReuse(asked: ReadonlyMap<string, string>, stored: Stored, age: number, lifetime: number): boolean {
    const said = cacheControlOf(stored.response.headers, 'response');
    if (said.has('no-cache') || asked.has('no-cache')) return false;
    const maxAge = secondsOf(asked, 'max-age');
    if (maxAge !== null && age > maxAge) return false;
    if (lifetime > age) return lifetime - age >= (secondsOf(asked, 'min-fresh') ?? 0);
    if (!asked.has('max-stale')) return false;
    return !this.isStrict(said) && (asked.get('max-stale') === '' || age - lifetime <= (secondsOf(asked, 'max-stale') ?? 0));
  }

  /** RFC 9111 5.2.2.2, 5.2.2.8, 5.2.2.10: a stale copy is never good enough. */
  private isStrict(said: ReadonlyMap<string, string>): boolean {
    return said.has('must-revalidate') || (this.kind === 'shared' && (said.has('proxy-revalidate') || said.has('s-maxage')));
  }
}

/** RFC 9111 3. Partial content and answers to other methods than GET are left out. */
export function isStorable(request: CacheRequest, response: CacheResponse, kind: CacheKind): boolean {
  const said = cacheControlOf(response.headers, 'response');
  if (request.method !== 'GET' || response.status < 200 || response.status === 206 || response.status === 304) return false;
  if (said.has('no-store') || cacheControlOf(request.headers, 'request').has('no-store')) return false;
  if (response.body.length > MAX_STORED_BODY || elementsOf(response.headers, 'vary').some((name) => name === '*' || !isToken(name))) return false;
  if (kind === 'shared') {
    if (said.has('private')) return false;
    // RFC 9111 3.5: what was given to somebody who said who he is, is for nobody else unless the server says so.
    if (valueOf(request.headers, 'authorization') !== null && !['must-revalidate', 'public', 's-maxage'].some((name) => said.has(name))) return false;
  }
  const told = said.has('public') || said.has('max-age') || (kind === 'private' && said.has('private')) || (kind === 'shared' && said.has('s-maxage')) || valueOf(response.headers, 'expires') !== null;
  return told || isHeuristic(response.status);
}

/** RFC 9111 4.1: the fields that Vary names are what they were. */
const matches = (stored: Stored, request: CacheRequest): boolean => stored.vary.every(([name, value]) => (valueOf(request.headers, name) ?? '') === value);

/** If-None-Match and If-Modified-Since of a copy (RFC 9111 4.3.1). */
export function conditionsOf(stored: Stored): HeaderLines {
  const etag = valueOf(stored.response.headers, 'etag');
  const modified = valueOf(stored.response.headers, 'last-modified');
  return [...(etag === null ? [] : [['If-None-Match', etag] as const]), ...(modified === null ? [] : [['If-Modified-Since', modified] as const])];
}

/** The copy as an answer of `age` seconds (RFC 9111 5.1). */
export const aged = (stored: Stored, age: number): CacheResponse => ({ ...stored.response, headers: withHeader(stored.response.headers, 'Age', String(age)) });
