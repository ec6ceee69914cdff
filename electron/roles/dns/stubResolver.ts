// What a program's "look up this name" does (a stub resolver, RFC 1034 5.3.1): one question to the resolver that it was told of, asked
// again when nothing comes, over TCP when the answer was cut short. Used by every lab whose client has names.

import { parseName } from '../../../shared/codec/dns/name';
import { fullRcode, type DnsRecord } from '../../../shared/codec/dns/records';
import { DNS_CLASS, DNS_TYPE, RCODE, rcodeText, typeNumber } from '../../../shared/codec/dns/types';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import type { DnsCache } from './cache';
import { exchange } from './exchange';
import { LookupNotes } from './lookupNotes';

export interface LookupOptions {
  /** RD: "find it out for me". Default true. */
  readonly recursionDesired?: boolean;
  /** Bytes that it says it takes in a datagram; 0: no EDNS. Default 1232. */
  readonly udpSize?: number;
  /** ms for the first answer, doubled each time; default 2000. */
  readonly wait?: number;
  /** Queries at the most; default 3. */
  readonly attempts?: number;
  /** The program's own cache, asked first and filled with what comes. */
  readonly cache?: DnsCache;
}

export interface LookupResult {
  /** 'NOERROR', 'NXDOMAIN', ...; '' when nobody answered. */
  readonly rcode: string;
  /** Of A and AAAA records. */
  readonly addresses: readonly string[];
  /** Seconds that all of the answer holds; 0 when there is none. */
  readonly ttl: number;
  /** The answer section: aliases, then what was asked for. */
  readonly records: readonly DnsRecord[];
  /** The authority section: the SOA of a negative answer, the name servers of a referral. */
  readonly authorities: readonly DnsRecord[];
  /** From the program's own cache. */
  readonly cached: boolean;
  /** Why nobody answered: an errno name, or EINVAL for what is no name; else ''. */
  readonly failure: string;
}

/** Rejects only when the role ends. `type`: 'A', 'TYPE65'. A name without a last dot is taken as if it had one. */
export async function lookup(role: RoleContext, server: Endpoint, name: string, type: string, options: LookupOptions = {}): Promise<LookupResult> {
  const { recursionDesired = true, udpSize = 1232, wait = 2000, attempts = 3, cache } = options;
  const full = parseName(name);
  const number = typeNumber(type);
  if (full === null || number === null) return failed('EINVAL');
  const question = { name: full, type: number, class: DNS_CLASS.IN };
  const notes = new LookupNotes(role, full, number, '');
  const known = cache === undefined ? null : fromCache(cache, full, number);
  if (known !== null) {
    notes.done(known.rcode === 'NXDOMAIN' ? RCODE.NXDOMAIN : RCODE.NOERROR, true);
    return known;
  }
  let failure = 'ETIMEDOUT';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const result = await exchange(role, {
      server, question, recursionDesired, udpSize, wait: wait * 2 ** (attempt - 1),
      onAsk: (id, transport) => notes.ask({ name: full, type: number, zone: '', server, attempt, id, transport }),
      onTruncated: () => notes.told('truncated', ''),
    });
    if ('failure' in result) {
      failure = result.failure;
      notes.told(failure === 'ETIMEDOUT' ? 'timeout' : 'servfail', '');
      continue;
    }
    const { message } = result;
    const rcode = fullRcode(message);
    const found = message.answers.some(({ data }) => data.type !== 'CNAME' || number === DNS_TYPE.CNAME);
    const servers = message.authorities.find(({ data }) => data.type === 'NS');
    const referral = rcode === RCODE.NOERROR && !found && servers !== undefined && !message.flags.aa;
    if (referral) notes.told('referral', servers.name);
    else notes.told(rcode === RCODE.NXDOMAIN ? 'nxdomain' : rcode === RCODE.REFUSED ? 'refused' : rcode !== RCODE.NOERROR ? 'servfail' : found ? 'answer' : 'nodata', '');
    if (cache !== undefined) remember(cache, full, number, rcode, message.answers, message.authorities);
    notes.done(rcode, false);
    return resultOf(rcodeText(rcode), message.answers, false, message.authorities);
  }
  notes.done(null, false);
  return failed(failure);
}

const failed = (failure: string): LookupResult => ({ rcode: '', addresses: [], ttl: 0, records: [], authorities: [], cached: false, failure });

const resultOf = (rcode: string, records: readonly DnsRecord[], cached: boolean, authorities: readonly DnsRecord[] = []): LookupResult => ({
  rcode, records, authorities, cached, failure: '',
  addresses: records.flatMap(({ data }) => (data.type === 'A' || data.type === 'AAAA' ? [data.address] : [])),
  ttl: records.length === 0 ? 0 : Math.min(...records.map((record) => record.ttl)),
});

/** A program keeps the whole answer, aliases included, under the name that it asked for. */
function remember(cache: DnsCache, name: string, type: number, rcode: number, answers: readonly DnsRecord[], authorities: readonly DnsRecord[]): void {
  const wanted = answers.filter(({ data }) => data.type !== 'CNAME' || type === DNS_TYPE.CNAME);
  const ttl = Math.min(...answers.map((record) => record.ttl));
  if (rcode === RCODE.NOERROR && wanted.length > 0) cache.store(wanted.map((record) => ({ ...record, name, ttl })), 'answer');
  const soa = authorities.find(({ data }) => data.type === 'SOA');
  if (wanted.length === 0 && soa !== undefined && (rcode === RCODE.NOERROR || rcode === RCODE.NXDOMAIN)) cache.storeNegative(name, type, rcode === RCODE.NXDOMAIN ? 'nxdomain' : 'nodata', soa);
}

function fromCache(cache: DnsCache, name: string, type: number): LookupResult | null {
  const known = cache.get(name, type);
  switch (known?.kind) {
    case 'records': return resultOf('NOERROR', known.records, true);
    case 'nodata': return resultOf('NOERROR', [], true);
    case 'nxdomain': return resultOf('NXDOMAIN', [], true);
    default: return null;
  }
}
