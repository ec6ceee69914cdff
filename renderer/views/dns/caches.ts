// What the caches of resolvers and clients hold at the playhead, with what is left of each lifetime: notes in, rows out. The lab's clock
// can be wound on, which makes everything older at once. Pure.

import type { AppStory } from '../../../shared/trace/app/appStory';
import type { RoleIx } from '../../../shared/base/brand';
import { hasHappened, timeAt, type HappenedStory } from '../../timeline/happened';

export interface CacheEntry {
  readonly key: string;
  readonly data: string;
  /** Seconds that are left; 0: it has run out. */
  readonly left: number;
  readonly lifetime: number;
  /** How often it has answered. */
  readonly hits: number;
  readonly negative: boolean;
  readonly seq: number;
}

export interface Cache {
  readonly role: RoleIx;
  readonly entries: readonly CacheEntry[];
}

/** Entries of one cache that are listed, newest first. */
const MOST = 200;

export function cachesAt(story: HappenedStory, app: AppStory, position: number): Cache[] {
  const now = timeAt(story, position);
  const caches = new Map<RoleIx, Map<string, CacheEntry & { readonly storedAt: number }>>();
  let wound = 0;
  for (const { seq, t, role, note } of app.notes) {
    if (!hasHappened(story, Math.floor(position), seq, t)) break;
    if (note.topic === 'clock.wound') wound += note.seconds;
    if (note.topic !== 'dns.cache') continue;
    const cache = caches.get(role) ?? new Map<string, CacheEntry & { readonly storedAt: number }>();
    caches.set(role, cache);
    const known = cache.get(note.key);
    const at = t / 1e6 + wound;
    if (note.what === 'stored') {
      cache.set(note.key, { key: note.key, data: note.data, left: note.ttl, lifetime: note.ttl, hits: 0, negative: note.data === 'nxdomain' || note.data === 'nodata', seq, storedAt: at });
    } else if (note.what === 'flushed') cache.clear();
    else if (note.what === 'expired') cache.delete(note.key);
    else if (known !== undefined && (note.what === 'hit' || note.what === 'negative')) cache.set(note.key, { ...known, hits: known.hits + 1 });
  }
  const clock = now / 1e6 + wound;
  return [...caches].map(([role, entries]) => ({
    role,
    entries: [...entries.values()].reverse().slice(0, MOST).map(({ storedAt, ...entry }) => ({ ...entry, left: Math.max(0, Math.ceil(entry.lifetime - (clock - storedAt))) })),
  }));
}
