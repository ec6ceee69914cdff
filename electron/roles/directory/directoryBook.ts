// What a directory knows: who can be reached where, and until when. Soft state: an entry lives as long as it was given, unless it is
// refreshed; nobody is asked whether it is still true. Pure: the caller has the clock. How it is asked is in directoryHandler.ts.

import type { Endpoint } from '../../../shared/trace/event';

/** People at most; beyond, nobody new is taken. */
const MAX_PEOPLE = 200;

export interface Entry {
  readonly name: string;
  readonly at: Endpoint;
  /** ms that it lives after it was last heard of. */
  readonly lifetime: number;
  /** When it was last heard of, in ms of the caller's clock. */
  readonly heard: number;
}

/** 'moved': the same host, at another port. 'taken': somebody at another address has that name. */
export type Registered = 'registered' | 'refreshed' | 'moved' | 'taken' | 'full';

export class DirectoryBook {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly expired: (entry: Entry, now: number) => void) {}

  register(entry: Entry): Registered {
    this.expire(entry.heard);
    const known = this.entries.get(entry.name);
    if (known === undefined && this.entries.size >= MAX_PEOPLE) return 'full';
    if (known !== undefined && known.at.address !== entry.at.address) return 'taken';
    this.entries.set(entry.name, entry);
    if (known === undefined) return 'registered';
    return known.at.port === entry.at.port ? 'refreshed' : 'moved';
  }

  find(name: string, now: number): Entry | null {
    this.expire(now);
    return this.entries.get(name) ?? null;
  }

  /** All, in order of their names. */
  all(now: number): readonly Entry[] {
    this.expire(now);
    return [...this.entries.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The entry that is gone now; null when there was none. */
  leave(name: string, now: number): Entry | null {
    const known = this.find(name, now);
    this.entries.delete(name);
    return known;
  }

  /** Drops what has outlived its time. */
  expire(now: number): void {
    for (const entry of [...this.entries.values()]) {
      if (now - entry.heard < entry.lifetime) continue;
      this.entries.delete(entry.name);
      this.expired(entry, now);
    }
  }

  /** When the next entry ends, in ms of the caller's clock; null when there is none. */
  get next(): number | null {
    const ends = [...this.entries.values()].map(({ heard, lifetime }) => heard + lifetime);
    return ends.length === 0 ? null : Math.min(...ends);
  }
}
