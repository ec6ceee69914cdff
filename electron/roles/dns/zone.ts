// One zone as a server holds it, and what it says of a name: the search of RFC 1034 4.3.2 with the wildcards of RFC 4592. Knows names and
// records only; messages are made in authority.ts.

import { isWithin, labelsOf, nameKey, parentOf, ROOT, sameName, wildcardBelow } from '../../../shared/codec/dns/name';
import { recordType, type DnsRecord, type SoaData } from '../../../shared/codec/dns/records';
import { DNS_TYPE } from '../../../shared/codec/dns/types';

/** Sets of records by type; a name without any is an empty one between two others (RFC 8020, RFC 4592 2.2.2). */
type Node = Map<number, DnsRecord[]>;

export interface Zone {
  /** Its topmost name: 'example.test.'. */
  readonly apex: string;
  /** By key of the name. */
  readonly nodes: ReadonlyMap<string, ReadonlyMap<number, readonly DnsRecord[]>>;
  /** The SOA record, with the TTL that negative answers have (RFC 2308 3). */
  readonly soa: DnsRecord;
}

/** What a zone says of a name and a type. */
export type Finding =
  | { readonly kind: 'answer'; readonly records: readonly DnsRecord[] }
  | { readonly kind: 'cname'; readonly record: DnsRecord; readonly target: string }
  /** The name belongs to another zone: its name servers. */
  | { readonly kind: 'referral'; readonly cut: string; readonly records: readonly DnsRecord[] }
  | { readonly kind: 'nodata' }
  | { readonly kind: 'nxdomain' };

export class ZoneError extends Error {
  readonly code = 'ZONE_SYNTAX';

  /** `record`: the one at fault, of those given. */
  constructor(message: string, readonly record: DnsRecord | null = null) {
    super(message);
  }
}

/** Throws ZoneError unless the records make a zone: one SOA, at the top; name servers there; nothing outside; no CNAME beside other data. */
export function createZone(records: readonly DnsRecord[]): Zone {
  const soas = records.filter(({ data }) => data.type === 'SOA');
  const [soa, second] = soas;
  if (soa === undefined) throw new ZoneError('a zone needs a SOA record');
  if (second !== undefined) throw new ZoneError('a zone has one SOA record: this is another', second);
  const apex = nameKey(soa.name);
  const nodes = new Map<string, Node>();
  const nodeOf = (key: string): Node => {
    const known = nodes.get(key);
    if (known !== undefined) return known;
    const node: Node = new Map();
    nodes.set(key, node);
    // Every name between it and the top exists by that alone (RFC 4592 2.2.2).
    if (key !== apex) nodeOf(parentOf(key));
    return node;
  };
  for (const record of records) {
    if (!isWithin(record.name, apex)) throw new ZoneError(`${record.name} lies outside of ${soa.name}`, record);
    const node = nodeOf(nameKey(record.name));
    const type = recordType(record.data);
    const set = node.get(type);
    if (set === undefined) node.set(type, [record]);
    // Records of one set have one TTL (RFC 2181 5.2): the first one's.
    else set.push(record.ttl === set[0]?.ttl ? record : { ...record, ttl: set[0]?.ttl ?? record.ttl });
  }
  for (const [key, node] of nodes) {
    const cnames = node.get(DNS_TYPE.CNAME);
    if (cnames !== undefined && (node.size > 1 || cnames.length > 1)) throw new ZoneError(`${key} has a CNAME record, so it may have no other (RFC 1034 3.6.2)`, cnames[1] ?? cnames[0]);
  }
  if (!nodeOf(apex).has(DNS_TYPE.NS)) throw new ZoneError(`${soa.name} needs an NS record: who serves it?`, soa);
  const { minimum } = soa.data as SoaData;
  return { apex, nodes, soa: { ...soa, ttl: Math.min(soa.ttl, minimum) } };
}

/** `name` must lie in the zone. */
export function find(zone: Zone, name: string, type: number): Finding {
  const { apex, nodes } = zone;
  const key = nameKey(name);
  const below = labelsOf(key).length - labelsOf(apex).length;
  const path = [key];
  for (let at = 0; at < below; at++) path.push(parentOf(path[at] ?? ROOT));
  // From the top downwards: a cut on the way ends the zone (RFC 1034 4.3.2, 3b).
  for (let at = below - 1; at >= 0; at--) {
    const here = path[at] ?? ROOT;
    const node = nodes.get(here);
    if (node === undefined) return synthesize(zone, path[at + 1] ?? apex, name, type);
    const servers = node.get(DNS_TYPE.NS);
    // The DS record of a delegation is the parent's own (RFC 4035 3.1.4.1).
    if (servers !== undefined && !(at === 0 && type === DNS_TYPE.DS)) return { kind: 'referral', cut: here, records: servers };
  }
  return atNode(nodes.get(key) ?? new Map(), type, null);
}

/** RFC 4592 3.3.1: `encloser` is the longest name on the way that exists; a '*' just below it stands for what does not. */
function synthesize(zone: Zone, encloser: string, name: string, type: number): Finding {
  const star = zone.nodes.get(wildcardBelow(encloser));
  return star === undefined ? { kind: 'nxdomain' } : atNode(star, type, name);
}

function atNode(node: ReadonlyMap<number, readonly DnsRecord[]>, type: number, owner: string | null): Finding {
  const named = (records: readonly DnsRecord[]): readonly DnsRecord[] => (owner === null ? records : records.map((record) => ({ ...record, name: owner })));
  const [cname] = node.get(DNS_TYPE.CNAME) ?? [];
  if (cname?.data.type === 'CNAME' && type !== DNS_TYPE.CNAME && type !== DNS_TYPE.ANY) {
    return { kind: 'cname', record: named([cname])[0] ?? cname, target: cname.data.target };
  }
  const records = type === DNS_TYPE.ANY ? [...node.values()].flat() : (node.get(type) ?? []);
  return records.length === 0 ? { kind: 'nodata' } : { kind: 'answer', records: named(records) };
}

/** The addresses that the zone knows of a name, glue below its cuts too (RFC 1034 4.2.1). */
export function addressesIn(zone: Zone, name: string): readonly DnsRecord[] {
  const node = zone.nodes.get(nameKey(name));
  return node === undefined ? [] : [...(node.get(DNS_TYPE.A) ?? []), ...(node.get(DNS_TYPE.AAAA) ?? [])];
}

/** The zone that is closest to a name; null when it lies in none (RFC 1034 4.3.2, 2). */
export function closestZone(zones: ReadonlyMap<string, Zone>, name: string): Zone | null {
  for (let key = nameKey(name); ; key = parentOf(key)) {
    const zone = zones.get(key);
    if (zone !== undefined) return zone;
    if (sameName(key, ROOT)) return null;
  }
}
