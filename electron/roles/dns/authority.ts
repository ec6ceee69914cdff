// What an authoritative server answers to a question: the search through its zones (RFC 1034 4.3.2), aliases followed as far as its own
// zones go, put into the sections of a message. Pure; sockets are in dnsFront.ts.

import { never } from '../../../shared/base/assert';
import { isWithin, nameKey } from '../../../shared/codec/dns/name';
import type { DnsQuestion, DnsRecord } from '../../../shared/codec/dns/records';
import { DNS_CLASS, DNS_TYPE, RCODE } from '../../../shared/codec/dns/types';
import { DNS_LIMITS } from './limits';
import type { Reply } from './reply';
import { addressesIn, closestZone, find, type Zone } from './zone';

/** Zone transfers and the like, which this server does not do (RFC 5936, RFC 6895 3.1). */
const REFUSED_TYPES: ReadonlySet<number> = new Set([DNS_TYPE.AXFR, DNS_TYPE.IXFR, DNS_TYPE.TKEY, DNS_TYPE.TSIG]);

const EMPTY: Reply = { rcode: RCODE.NOERROR, aa: false, ra: false, answers: [], authorities: [], additionals: [] };

/** Every zone by the key of its apex. Throws when two have the same. */
export function zoneTable(zones: readonly Zone[]): ReadonlyMap<string, Zone> {
  const table = new Map(zones.map((zone) => [zone.apex, zone]));
  if (table.size < zones.length) throw new Error('two zones of one server have the same name');
  return table;
}

export function answerFrom(zones: ReadonlyMap<string, Zone>, question: DnsQuestion): Reply {
  const refused = { ...EMPTY, rcode: RCODE.REFUSED };
  if (question.class !== DNS_CLASS.IN || REFUSED_TYPES.has(question.type)) return refused;
  if (question.type === DNS_TYPE.OPT) return { ...EMPTY, rcode: RCODE.FORMERR };
  const first = closestZone(zones, question.name);
  // Not our zone: RFC 1035 4.1.1, refused. Nobody is sent upwards: that would help attackers (draft-ietf-dnsop-refuse-any's history).
  if (first === null) return refused;

  const answers: DnsRecord[] = [];
  const seen = new Set<string>();
  let name = question.name;
  for (let zone: Zone | null = first; zone !== null; zone = closestZone(zones, name)) {
    const found = find(zone, name, question.type);
    switch (found.kind) {
      case 'answer':
        answers.push(...found.records);
        return { ...EMPTY, aa: true, answers, additionals: additionalOf(zones, found.records, answers) };
      case 'cname':
        answers.push(found.record);
        seen.add(nameKey(name));
        name = found.target;
        // A loop, or a chain without end: say what there is; the client sees it too.
        if (seen.has(nameKey(name)) || seen.size > DNS_LIMITS.aliases) return { ...EMPTY, aa: true, answers };
        break;
      case 'referral':
        // Authoritative for the alias, but not for where it leads (RFC 1034 6.2.7).
        return { ...EMPTY, aa: answers.length > 0, answers, authorities: found.records, additionals: glueOf(zone, found.records) };
      case 'nodata':
        return { ...EMPTY, aa: true, answers, authorities: [zone.soa] };
      case 'nxdomain':
        // The code is that of the last name of the chain (RFC 6604 2.1).
        return { ...EMPTY, aa: true, rcode: RCODE.NXDOMAIN, answers, authorities: [zone.soa] };
      default:
        return never(found);
    }
  }
  return { ...EMPTY, aa: true, answers };
}

/** Addresses of the name servers of a delegation, as far as this zone knows them. */
const glueOf = (zone: Zone, servers: readonly DnsRecord[]): DnsRecord[] =>
  servers.flatMap(({ data }) => (data.type === 'NS' && isWithin(data.target, zone.apex) ? addressesIn(zone, data.target) : []));

/** Addresses of the hosts that mail and name server records name (RFC 1035 3.3.9, 3.3.11), where a zone of ours has them. */
function additionalOf(zones: ReadonlyMap<string, Zone>, records: readonly DnsRecord[], answers: readonly DnsRecord[]): DnsRecord[] {
  const found: DnsRecord[] = [];
  for (const { data } of records) {
    const target = data.type === 'MX' ? data.exchange : data.type === 'NS' || data.type === 'SRV' ? data.target : null;
    const zone = target === null ? null : closestZone(zones, target);
    if (target === null || zone === null) continue;
    for (const type of [DNS_TYPE.A, DNS_TYPE.AAAA]) {
      const finding = find(zone, target, type);
      if (finding.kind === 'answer') found.push(...finding.records.filter((record) => !answers.includes(record) && !found.includes(record)));
    }
  }
  return found;
}
