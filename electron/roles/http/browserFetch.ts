// One object of a page: from the HTTP cache when it is fresh there, else over the network, asking whether an old copy still holds;
// redirects followed. Says by notes which cache answered.

import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { MAX_OBJECT, MAX_REDIRECTS } from './browserBounds';
import { failure, type Carrier, type FetchTimes } from './browserCarrier';
import type { Found, Names } from './browserNames';
import { lifetimeOf } from './freshness';
import { valueOf, type HeaderLines } from './headers';
import type { CacheRequest, CacheResponse, HttpCache, Lookup, Stored } from './httpCache';

export interface FetchTools {
  readonly role: RoleContext;
  readonly carrier: Carrier;
  readonly names: Names;
  /** Where a server of this address and port is reached: the lab's port for the well-known one. */
  readonly route: (address: string, port: number) => Endpoint;
  readonly cache: HttpCache | null;
  /** ms since 1970, by the clock of the cache. */
  readonly now: () => number;
}

export interface Fetched {
  /** Where it was in the end. */
  readonly url: string;
  readonly status: number;
  readonly type: string;
  readonly size: number;
  /** 'cache': from the HTTP cache, asked again (revalidated) or not. */
  readonly from: 'network' | 'cache';
  readonly revalidated: boolean;
  /** How it was found and fetched; null when the network was not needed. */
  readonly name: Found | null;
  readonly times: FetchTimes | null;
}

/** Bytes of a body with status 200 or an error's, as they come: of the last answer, not of redirects. */
export type OnBytes = (bytes: Uint8Array, head: { readonly url: string; readonly status: number; readonly type: string }) => void;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const HEADERS: HeaderLines = [['User-Agent', 'Looplab'], ['Accept', '*/*']];

/** Rejects with the failure of the name, the connection, TLS or HTTP. */
export async function fetchObject(tools: FetchTools, url: string, onBytes: OnBytes): Promise<Fetched> {
  let at = url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const one = await fetchOne(tools, at, onBytes);
    if (one.next === null) return one.fetched;
    tools.role.print(`${one.fetched.status} ${shown(at)} is at ${shown(one.next)}`);
    at = one.next;
  }
  throw failure('TOO_MANY_REDIRECTS', `${MAX_REDIRECTS} redirects in a row`);
}

interface Hop {
  readonly fetched: Fetched;
  /** Where a redirect leads. */
  readonly next: string | null;
}

async function fetchOne(tools: FetchTools, url: string, onBytes: OnBytes): Promise<Hop> {
  const request: CacheRequest = { method: 'GET', url, headers: HEADERS };
  const known: Lookup = tools.cache?.lookup(request) ?? { kind: 'miss' };
  if (known.kind === 'fresh') {
    note(tools, 'hit', url, known.age, known.lifetime, known.stored.response.headers);
    return fromStore(url, known.stored.response, onBytes, null);
  }
  if (tools.cache !== null) note(tools, known.kind === 'stale' ? 'stale' : 'miss', url, 'age' in known ? known.age : 0, 'lifetime' in known ? known.lifetime : 0, 'stored' in known ? known.stored.response.headers : []);
  return overNetwork(tools, request, known.kind === 'stale' ? known : null, onBytes);
}

async function overNetwork(tools: FetchTools, request: CacheRequest, stale: { readonly stored: Stored; readonly conditions: HeaderLines } | null, onBytes: OnBytes): Promise<Hop> {
  const { carrier, names, route, now, cache } = tools;
  const url = new URL(request.url);
  const requestTime = now();
  const name = await names(bareHost(url));
  const parts: Uint8Array[] = [];
  let head = { url: request.url, status: 0, type: '' };
  let headers: HeaderLines = [];
  let size = 0;
  const times = await carrier.fetch({ url, remote: route(name.address, portOf(url)), headers: [...request.headers, ...(stale?.conditions ?? [])] }, {
    onHead(status, given) {
      headers = given;
      head = { url: request.url, status, type: valueOf(given, 'content-type') ?? '' };
    },
    onData(bytes) {
      size += bytes.length;
      if (size > MAX_OBJECT) throw failure('TOO_LARGE', `more than ${MAX_OBJECT} bytes`);
      parts.push(bytes);
      if (!isRedirect(head.status, headers) && head.status !== 304) onBytes(bytes, head);
    },
  });
  const timing = { requestTime, responseTime: now() };
  if (head.status === 304 && stale !== null && cache !== null) {
    const { response } = cache.freshen(stale.stored, headers, timing);
    note(tools, 'revalidated', request.url, 0, lifetimeOf(response, 'private', timing.responseTime).seconds, response.headers);
    return fromStore(request.url, response, onBytes, { name, times });
  }
  const response: CacheResponse = { status: head.status, headers, body: Buffer.concat(parts) };
  if (cache !== null) {
    const stored = cache.store(request, response, timing);
    note(tools, stored === null ? 'uncacheable' : 'stored', request.url, 0, stored === null ? 0 : lifetimeOf(response, 'private', timing.responseTime).seconds, headers);
  }
  const fetched: Fetched = { ...head, size, from: 'network', revalidated: false, name, times };
  return { fetched, next: nextOf(head.status, headers, request.url) };
}

function fromStore(url: string, { status, headers, body }: CacheResponse, onBytes: OnBytes, asked: { readonly name: Found; readonly times: FetchTimes } | null): Hop {
  const head = { url, status, type: valueOf(headers, 'content-type') ?? '' };
  const next = nextOf(status, headers, url);
  if (next === null && body.length > 0) onBytes(body, head);
  return { fetched: { ...head, size: body.length, from: 'cache', revalidated: asked !== null, name: asked?.name ?? null, times: asked?.times ?? null }, next };
}

const isRedirect = (status: number, headers: HeaderLines): boolean => REDIRECTS.has(status) && valueOf(headers, 'location') !== null;

/** RFC 9110 15.4, 10.2.2; other schemes than http and https are not followed. */
function nextOf(status: number, headers: HeaderLines, url: string): string | null {
  const location = valueOf(headers, 'location');
  if (!isRedirect(status, headers) || location === null) return null;
  if (!URL.canParse(location, url)) throw failure('BAD_REDIRECT', `to ${location.slice(0, 100)}`);
  const next = new URL(location, url);
  if (next.protocol !== 'http:' && next.protocol !== 'https:') throw failure('BAD_REDIRECT', `to ${next.protocol}`);
  return next.href;
}

function note({ role }: FetchTools, what: 'hit' | 'miss' | 'stale' | 'revalidated' | 'stored' | 'uncacheable', url: string, age: number, lifetime: number, headers: HeaderLines): void {
  role.note({ topic: 'http.cache', what, url, age, lifetime, etag: valueOf(headers, 'etag') ?? '' });
}

/** IPv6 addresses without the brackets that they have in a URL. */
const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

export const portOf = (url: URL): number => (url.port !== '' ? Number(url.port) : url.protocol === 'https:' ? 443 : 80);

const shown = (url: string): string => url.slice(0, 200);
