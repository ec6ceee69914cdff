// Lookups of names: those that resolvers tell of in their notes, with the queries that belong to them; and what each program last learnt
// of an address, so that a connection to it can say how long it had to look it up.

import { eventSeq, micros, roleIx, type Micros, type RoleIx } from '../../base/brand';
import { nameKey } from '../../codec/dns/name';
import type { Note } from '../notes';
import type { DnsLookup, Span } from './appStory';
import { plainName } from './dnsText';
import { ModelList } from './modelList';

class LookupRow {
  end: number | null = null;
  rcode: string | null = null;
  cached = false;
  readonly exchanges: number[] = [];
  readonly notes: { readonly seq: ReturnType<typeof eventSeq>; readonly t: Micros; readonly note: Note }[] = [];
  dirty = false;

  constructor(readonly id: number, readonly role: number, readonly number: number, readonly name: string, readonly type: string, readonly start: number) {}
}

/** What a role learnt of an address and has not used yet. */
interface Learnt {
  readonly start: number;
  readonly end: number;
  readonly lookup: LookupRow | null;
}

export class Lookups {
  private readonly models = new ModelList(modelOf);
  readonly list: readonly DnsLookup[] = this.models.list;
  private readonly rows: LookupRow[] = [];
  /** By role and the resolver's own number. */
  private readonly byNumber = new Map<string, LookupRow>();
  /** Queries that a role is about to send, by role and transaction id. */
  private readonly announced = new Map<string, LookupRow>();
  /** Lookups by the ids of their queries. */
  private readonly ofQuery = new Map<number, LookupRow>();
  /** Since when a role has asked for a name, and what it learnt of an address. */
  private readonly asking = new Map<string, number>();
  private readonly learnt = new Map<string, Learnt>();

  /** A note of topic `dns.*` that names its lookup. */
  note(role: number, note: Note, seq: number, t: number): void {
    if (!('lookup' in note) || typeof note.lookup !== 'number') return;
    const key = `${role} ${note.lookup}`;
    if (note.topic === 'dns.lookup') this.begin(key, role, note, t);
    const row = this.byNumber.get(key);
    if (row === undefined) return;
    row.notes.push({ seq: eventSeq(seq), t: micros(t), note });
    this.touch(row);
    if (note.topic === 'dns.ask') this.announced.set(`${role} ${note.id}`, row);
    else if (note.topic === 'dns.done') {
      row.end = t;
      row.rcode = typeof note.rcode === 'string' ? note.rcode : '';
      row.cached = note.cached === true;
    }
  }

  private begin(key: string, role: number, note: Extract<Note, { topic: 'dns.lookup' }>, t: number): void {
    const row = new LookupRow(this.rows.length, role, note.lookup, plainName(String(note.name)), String(note.type), t);
    this.rows.push(row);
    this.byNumber.set(key, row);
  }

  /** A role has sent query `id`: the lookup that it announced it for, by id of its row. */
  queried(role: RoleIx, transaction: number, id: number): number | null {
    const key = `${role} ${transaction}`;
    const row = this.announced.get(key);
    if (row === undefined) return null;
    this.announced.delete(key);
    row.exchanges.push(id);
    this.ofQuery.set(id, row);
    this.touch(row);
    return row.id;
  }

  /** A role asks for a name, again perhaps. */
  asked(role: RoleIx, name: string, t: number): void {
    const key = `${role} ${nameKey(name)}`;
    if (!this.asking.has(key)) this.asking.set(key, t);
  }

  /** The answer to its query has come. */
  learned(role: RoleIx, name: string, addresses: readonly string[], query: number, t: number): void {
    const key = `${role} ${nameKey(name)}`;
    const start = this.asking.get(key) ?? t;
    if (addresses.length === 0) return;
    this.asking.delete(key);
    for (const address of addresses) this.learnt.set(`${role} ${address}`, { start, end: t, lookup: this.ofQuery.get(query) ?? null });
  }

  /** A role connects to an address: the lookup that told it, once. */
  use(role: number, address: string, t: number): Span | null {
    const key = `${role} ${address}`;
    const known = this.learnt.get(key);
    if (known === undefined) return null;
    this.learnt.delete(key);
    const start = Math.min(known.start, known.lookup?.start ?? known.start);
    const end = Math.min(t, Math.max(known.end, known.lookup?.end ?? known.end));
    return { start: micros(Math.min(start, end)), end: micros(end) };
  }

  private touch(row: LookupRow): void {
    this.models.touch(row);
  }

  /** Makes the objects of changed rows. */
  refresh(): void {
    this.models.refresh();
  }
}

const modelOf = (row: LookupRow): DnsLookup => ({
  id: row.id, role: roleIx(row.role), number: row.number, name: row.name, type: row.type, start: micros(row.start),
  end: row.end === null ? null : micros(row.end), rcode: row.rcode, cached: row.cached, exchanges: [...row.exchanges], notes: [...row.notes],
});
