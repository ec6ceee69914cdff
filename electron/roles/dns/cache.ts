// What a resolver remembers and for how long: sets of records until their TTL is over, and that there are none (RFC 2308). Counts by the
// lab's clock. Bounded; says everything it does to whoever listens.

import { nameKey } from '../../../shared/codec/dns/name';
import { recordType, type DnsRecord } from '../../../shared/codec/dns/records';
import { typeText } from '../../../shared/codec/dns/types';
import type { Note } from '../../../shared/trace/notes';
import type { LabClock } from './labClock';
import { DNS_LIMITS } from './limits';
import { dataText } from './show';

/** How far a set is believed (RFC 2181 5.4.1): an answer of an authority over what came along with a referral. */
export type Trust = 'hint' | 'answer';

export type Remembered =
  | { readonly kind: 'records'; readonly records: readonly DnsRecord[]; readonly trust: Trust }
  /** No record of that type; `soa` with the TTL that remains (null: the authority sent none). */
  | { readonly kind: 'nodata' | 'nxdomain'; readonly soa: DnsRecord }
  /** The last try failed (RFC 9520): it is not tried again at once. */
  | { readonly kind: 'failure' };

interface Entry {
  readonly what: Remembered;
  readonly ttl: number;
  readonly expires: number;
}

export type CacheEvent = Omit<Extract<Note, { topic: 'dns.cache' }>, 'topic'>;

/** No type at all: that the name does not exist holds for all of them (RFC 2308 5). */
const ANY_TYPE = '*';

export class DnsCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly clock: LabClock,
    private readonly say: (event: CacheEvent) => void = () => undefined,
    private readonly limit: number = DNS_LIMITS.cacheEntries,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** What may be answered of a name and type; TTLs are those that remain. `quietly`: a miss is not worth a word. */
  get(name: string, type: number, quietly = false): Remembered | null {
    const found = this.look(`${nameKey(name)} ${ANY_TYPE}`) ?? this.look(keyOf(name, type));
    // What only came along with a referral shows the way; it is no answer (RFC 2181 5.4.1).
    if (found === null || (found.what.kind === 'records' && found.what.trust === 'hint')) {
      if (!quietly) this.say({ what: 'miss', key: shownKey(name, type), ttl: 0, data: '' });
      return null;
    }
    const { what, left } = found;
    if (what.kind !== 'failure') {
      this.say({ what: what.kind === 'records' ? 'hit' : 'negative', key: shownKey(name, type), ttl: left, data: what.kind === 'records' ? dataOf(what.records) : what.kind });
    }
    return what;
  }

  /** Records that show the way: name servers of a zone, their addresses. Without a word, and hints count. */
  way(name: string, type: number): readonly DnsRecord[] {
    const found = this.look(keyOf(name, type));
    return found?.what.kind === 'records' ? found.what.records : [];
  }

  /** A set of records of one name and type. What is trusted less does not replace what is trusted more. A TTL of 0 is not kept (RFC 1035 3.2.1). */
  store(records: readonly DnsRecord[], trust: Trust): void {
    const [first] = records;
    if (first === undefined) return;
    const type = recordType(first.data);
    const known = this.look(keyOf(first.name, type));
    if (trust === 'hint' && known?.what.kind === 'records' && known.what.trust === 'answer') return;
    const ttl = Math.min(...records.map((record) => ttlOf(record)), DNS_LIMITS.cacheTtl);
    if (ttl <= 0) return;
    this.put(keyOf(first.name, type), { kind: 'records', records, trust }, ttl);
    this.say({ what: 'stored', key: shownKey(first.name, type), ttl, data: dataOf(records) });
  }

  /** RFC 2308 5: for as long as the SOA record that came with it says; its own TTL or its MINIMUM, whichever is less. */
  storeNegative(name: string, type: number, kind: 'nodata' | 'nxdomain', soa: DnsRecord): void {
    if (soa.data.type !== 'SOA') return;
    const ttl = Math.min(ttlOf(soa), soa.data.minimum, DNS_LIMITS.negativeTtl);
    if (ttl <= 0) return;
    this.put(kind === 'nxdomain' ? `${nameKey(name)} ${ANY_TYPE}` : keyOf(name, type), { kind, soa: { ...soa, ttl } }, ttl);
    this.say({ what: 'stored', key: shownKey(name, type), ttl, data: kind });
  }

  storeFailure(name: string, type: number): void {
    this.put(keyOf(name, type), { kind: 'failure' }, DNS_LIMITS.failureTtl);
  }

  /** Forgets everything. */
  flush(): void {
    this.entries.clear();
    this.say({ what: 'flushed', key: '', ttl: 0, data: '' });
  }

  private put(key: string, what: Remembered, ttl: number): void {
    this.entries.delete(key);
    const [oldest] = this.entries.keys();
    if (this.entries.size >= this.limit && oldest !== undefined) this.entries.delete(oldest);
    this.entries.set(key, { what, ttl, expires: this.clock.now() + ttl });
  }

  private look(key: string): { readonly what: Remembered; readonly left: number } | null {
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    const left = Math.ceil(entry.expires - this.clock.now());
    this.entries.delete(key);
    if (left <= 0) {
      const { what } = entry;
      if (what.kind !== 'failure') this.say({ what: 'expired', key: expiredKey(key), ttl: 0, data: what.kind === 'records' ? dataOf(what.records) : what.kind });
      return null;
    }
    this.entries.set(key, entry); // the one that was used last is the last to go
    return { what: aged(entry.what, left), left };
  }
}

function aged(what: Remembered, ttl: number): Remembered {
  switch (what.kind) {
    case 'records': return { ...what, records: what.records.map((record) => ({ ...record, ttl })) };
    case 'nodata': case 'nxdomain': return { ...what, soa: { ...what.soa, ttl } };
    default: return what;
  }
}

/** RFC 2181 8: a TTL with its highest bit set counts as 0. */
const ttlOf = ({ ttl }: DnsRecord): number => (ttl > 0x7fff_ffff ? 0 : ttl);

const keyOf = (name: string, type: number): string => `${nameKey(name)} ${type}`;
const shownKey = (name: string, type: number): string => `${trimmed(nameKey(name))} ${typeText(type)}`;
const expiredKey = (key: string): string => {
  const space = key.lastIndexOf(' ');
  const type = key.slice(space + 1);
  return `${trimmed(key.slice(0, space))} ${type === ANY_TYPE ? ANY_TYPE : typeText(Number(type))}`;
};
const trimmed = (name: string): string => (name === '.' ? name : name.slice(0, -1));
const dataOf = (records: readonly DnsRecord[]): string => records.map(({ data }) => dataText(data)).join(', ');
