// A person's own address book: what the directory said, what a caller said of itself, what a friend told. It answers when the directory
// does not; nothing in it is surer than the last call.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { Note } from '../../../shared/trace/notes';
import type { Acquaintance } from './chatLines';

/** People at most; the one learned first is forgotten first. */
const MAX_ENTRIES = 50;

type Source = 'directory' | 'peer';

export class AddressBook {
  private readonly entries = new Map<string, { readonly at: Endpoint; readonly from: Source }>();

  constructor(private readonly note: (note: Note) => void) {}

  learn(name: string, at: Endpoint, from: Source): void {
    this.entries.delete(name);
    if (this.entries.size >= MAX_ENTRIES) {
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest);
        break;
      }
    }
    this.entries.set(name, { at, from });
    this.say('learned', name, at, from);
  }

  /** Where somebody is; says that the book was used. */
  use(name: string): Endpoint | null {
    const entry = this.entries.get(name);
    if (entry === undefined) return null;
    this.say('used', name, entry.at, entry.from);
    return entry.at;
  }

  /** Nobody answered there. */
  stale(name: string): void {
    const entry = this.entries.get(name);
    if (entry === undefined) return;
    this.entries.delete(name);
    this.say('stale', name, entry.at, entry.from);
  }

  /** All but one, for a friend who asks. */
  allBut(name: string): readonly Acquaintance[] {
    return [...this.entries].filter(([one]) => one !== name).map(([one, { at }]) => ({ name: one, at }));
  }

  private say(what: 'learned' | 'used' | 'stale', name: string, at: Endpoint, from: Source): void {
    this.note({ topic: 'book.entry', what, name, at: formatEndpoint(at), from });
  }
}
