// What an answer of a name server means to a resolver (RFC 1034 5.3.3, 4): the end of the search, an alias to follow, a step down the
// tree, or nothing that can be used. Believes a server about its own zone only (bailiwick; RFC 5452 6, RFC 2181 5.4.1). Pure.

import { isWithin, labelCount, nameKey, sameName } from '../../../shared/codec/dns/name';
import { fullRcode, recordType, type DnsMessage, type DnsRecord } from '../../../shared/codec/dns/records';
import { DNS_TYPE, RCODE } from '../../../shared/codec/dns/types';
import { DNS_LIMITS } from './limits';

export type Judgement =
  /** `records`: aliases on the way, then the records asked for. */
  | { readonly kind: 'answer'; readonly records: readonly DnsRecord[] }
  /** The server knows no further than this name. */
  | { readonly kind: 'cname'; readonly records: readonly DnsRecord[]; readonly target: string }
  /** `name`: whose records there are none of; another than asked for when aliases led there. */
  | { readonly kind: 'nodata' | 'nxdomain'; readonly records: readonly DnsRecord[]; readonly name: string; readonly soa: DnsRecord | null }
  | { readonly kind: 'referral'; readonly cut: string; readonly servers: readonly DnsRecord[]; readonly glue: readonly DnsRecord[] }
  | { readonly kind: 'loop' }
  | { readonly kind: 'servfail' | 'refused' | 'formerr' | 'lame' };

export interface Judged {
  readonly judgement: Judgement;
  /** Names of records that this server has no business to speak of; they were not read. */
  readonly foreign: readonly string[];
}

/** `zone`: the zone whose server was asked. */
export function judge(message: DnsMessage, name: string, type: number, zone: string): Judged {
  const foreign = new Set<string>();
  const own = (records: readonly DnsRecord[]): DnsRecord[] => records.filter((record) => {
    if (record.data.type === 'OPT') return false;
    if (isWithin(record.name, zone)) return true;
    foreign.add(nameKey(record.name));
    return false;
  });
  const sections = { answers: own(message.answers), authorities: own(message.authorities), additionals: own(message.additionals) };
  return { judgement: decide(message, sections, name, type, zone), foreign: [...foreign] };
}

interface Sections {
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

function decide(message: DnsMessage, { answers, authorities, additionals }: Sections, name: string, type: number, zone: string): Judgement {
  const rcode = fullRcode(message);
  if (rcode === RCODE.REFUSED) return { kind: 'refused' };
  if (rcode === RCODE.FORMERR || rcode === RCODE.NOTIMP) return { kind: 'formerr' };
  if (rcode !== RCODE.NOERROR && rcode !== RCODE.NXDOMAIN) return { kind: 'servfail' };

  const chain: DnsRecord[] = [];
  let at = name;
  for (;;) {
    const here = answers.filter((record) => sameName(record.name, at));
    const wanted = here.filter(({ data }) => type === DNS_TYPE.ANY || recordType(data) === type);
    // A server that is not an authority for what it says is no server of this zone.
    if (wanted.length > 0) return message.flags.aa ? { kind: 'answer', records: [...chain, ...wanted] } : { kind: 'lame' };
    const alias = here.find(({ data }) => data.type === 'CNAME');
    if (alias?.data.type !== 'CNAME') break;
    if (!message.flags.aa) return { kind: 'lame' };
    if (chain.some((record) => record === alias || sameName(record.name, at)) || chain.length >= DNS_LIMITS.aliases) return { kind: 'loop' };
    chain.push(alias);
    at = alias.data.target;
  }
  const soa = authorities.find((record) => record.data.type === 'SOA' && isWithin(at, record.name)) ?? null;
  // After an alias the code and the SOA speak of its target (RFC 2308 2.1, RFC 6604): of a name of this zone only.
  if (message.flags.aa && isWithin(at, zone)) {
    if (rcode === RCODE.NXDOMAIN) return { kind: 'nxdomain', records: chain, name: at, soa };
    if (soa !== null || (chain.length === 0 && !authorities.some(({ data }) => data.type === 'NS'))) return { kind: 'nodata', records: chain, name: at, soa };
  }
  if (chain.length > 0) return { kind: 'cname', records: chain, target: at };
  return referral(authorities, additionals, name, zone) ?? { kind: 'lame' };
}

/** Name servers of a zone that is closer to the name than the one asked; anything else leads in circles. */
function referral(authorities: readonly DnsRecord[], additionals: readonly DnsRecord[], name: string, zone: string): Judgement | null {
  const first = authorities.find(({ data, name: cut }) => data.type === 'NS' && isWithin(name, cut) && labelCount(cut) > labelCount(zone));
  if (first === undefined) return null;
  const servers = authorities.filter((record) => record.data.type === 'NS' && sameName(record.name, first.name));
  const glue = additionals.filter((record) => record.data.type === 'A' && servers.some(({ data }) => data.type === 'NS' && sameName(data.target, record.name)));
  return { kind: 'referral', cut: nameKey(first.name), servers, glue };
}
