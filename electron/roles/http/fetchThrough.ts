// A request through a cache: answered from it, by a 304 for it, or by the origin; and the note of each decision. The same for a client's
// own cache and for a shared one.

import type { Note } from '../../../shared/trace/notes';
import { lifetimeOf } from './freshness';
import { valueOf } from './headers';
import { aged, type CacheRequest, type CacheResponse, type HttpCache, type Stored } from './httpCache';

export type Origin = (request: CacheRequest) => Promise<CacheResponse>;

export interface Fetched {
  readonly response: CacheResponse;
  /** 'hit': nobody was asked. 'revalidated': a 304 came. 'disconnected': stale, for the origin could not be reached. */
  readonly how: 'hit' | 'revalidated' | 'fetched' | 'disconnected' | 'forbidden';
  /** Seconds; of what was fetched: the age that it came with. */
  readonly age: number;
  readonly lifetime: number;
}

type What = Extract<Note, { topic: 'http.cache' }>['what'];

/** Rejects as `origin` does, unless a stale copy may stand in. `now` is the clock that ages count by. */
export async function fetchThrough(cache: HttpCache, request: CacheRequest, origin: Origin, now: () => number, note: (note: Note) => void): Promise<Fetched> {
  const tell = (what: What, headers: CacheResponse['headers'], age: number, lifetime: number): void =>
    note({ topic: 'http.cache', what, url: request.url, age, lifetime, etag: valueOf(headers, 'etag') ?? '' });

  const found = cache.lookup(request);
  switch (found.kind) {
    case 'fresh':
      tell('hit', found.stored.response.headers, found.age, found.lifetime);
      return { response: aged(found.stored, found.age), how: 'hit', age: found.age, lifetime: found.lifetime };
    case 'gateway-timeout':
      return { response: { status: 504, headers: [], body: new Uint8Array(0) }, how: 'forbidden', age: 0, lifetime: 0 };
    case 'stale':
      tell('stale', found.stored.response.headers, found.age, found.lifetime);
      break;
    case 'miss':
      tell(request.method === 'GET' ? 'miss' : 'bypass', [], 0, 0);
  }

  const requestTime = now();
  let response: CacheResponse;
  try {
    response = await origin(found.kind === 'stale' ? { ...request, headers: [...request.headers, ...found.conditions] } : request);
  } catch (error) {
    if (found.kind === 'stale' && cache.mayServeStale(found.stored)) return { response: aged(found.stored, found.age), how: 'disconnected', age: found.age, lifetime: found.lifetime };
    throw error;
  }
  const timing = { requestTime, responseTime: now() };
  if (found.kind === 'stale' && response.status === 304) {
    const fresh: Stored = cache.freshen(found.stored, response.headers, timing);
    const { seconds } = lifetimeOf(fresh.response, cache.kind, timing.responseTime);
    tell('revalidated', fresh.response.headers, ageSaid(fresh.response), seconds);
    return { response: fresh.response, how: 'revalidated', age: ageSaid(fresh.response), lifetime: seconds };
  }
  const stored = cache.store(request, response, timing);
  const { seconds } = lifetimeOf(response, cache.kind, timing.responseTime);
  if (request.method === 'GET') tell(stored === null ? 'uncacheable' : 'stored', response.headers, ageSaid(response), stored === null ? 0 : seconds);
  return { response, how: 'fetched', age: ageSaid(response), lifetime: stored === null ? 0 : seconds };
}

const ageSaid = (response: CacheResponse): number => Number(/^\d{1,9}$/.exec(valueOf(response.headers, 'age') ?? '')?.[0] ?? 0);
