// Which zones each server of the lab has, in the chosen set-up, with the addresses that this run really has. Makes records; starts nothing.

import { createZone, ZoneError, type Zone } from '../../roles/dns/zone';
import { readRecords, readZone } from '../../roles/dns/zoneFile';
import { nameKey, parentOf } from '../../../shared/codec/dns/name';
import type { DnsRecord } from '../../../shared/codec/dns/records';
import { DNS_CLASS } from '../../../shared/codec/dns/types';
import type { Endpoint } from '../../../shared/trace/event';
import type { RootHint } from '../../roles/dns/resolver';
import type { LabContext } from '../../roles/lab';
import { manifest, PORT, type ServerId } from './manifest';
import { AC_KR_ZONE, CAMPUS_ZONE, CLUB_ZONE, COM_ZONE, KR_ZONE, LIE, NAVER_ZONE, PRIZE_ZONE, REVERSE_ZONE, ROOT_ZONE, TEST_ZONE } from './zones';

/** Strings of the TXT record that fits into no small datagram, and bytes of each. */
const BIG = { strings: 24, size: 120 };

/** Where the lab's servers are, as zones name them and as sockets reach them. */
export interface Places {
  /** The address that zones give for a host of the manifest. */
  published(host: string): string;
  /** Where the name server of a published address is reached. */
  route(address: string): Endpoint;
  /** All servers share one address: they are told apart by their ports, which no zone can say. */
  readonly shared: boolean;
}

/** Zones name 127.0.5x.y; where the system has only one loopback address they still do, and `route` knows better. */
export function placesOf(lab: LabContext): Places {
  const shared = lab.endpoint('root').address === lab.endpoint('com').address;
  const behind = lab.text('relay') === 'authority';
  const table = new Map<string, Endpoint>();
  const published = new Map<string, string>();
  for (const { id, address } of manifest.hosts) {
    if (id === 'client') continue;
    const endpoint = lab.endpoint(id);
    published.set(id, shared ? address : endpoint.address);
    table.set(shared ? address : endpoint.address, endpoint);
  }
  // The way to example.test leads through the relay: its address stands in the zones.
  if (behind) published.set('ns1', published.get('relay') ?? '');
  return {
    shared,
    published: (host) => published.get(host) ?? '',
    route: (address) => table.get(address) ?? { address, port: PORT },
  };
}

export const hintsOf = (places: Places): RootHint[] => [{ name: 'a.root-servers.net.', addresses: [places.published('root')] }];

/** The zones of each server. Throws ZoneError with the line when the user's zone is none. */
export function zonesOf(lab: LabContext, places: Places): ReadonlyMap<ServerId | 'attacker', readonly Zone[]> {
  const setup = lab.text('setup');
  const change = relocator(places);
  const zone = (text: string): Zone => readZone(text, { change });
  const { apex } = usersZone(lab);
  const example = createZone(exampleRecords(readRecords(lab.text('zone')).records.map(change), setup));
  const test = zone(`${TEST_ZONE}${delegationOf(apex, setup, lab.text('relay') === 'authority')}`);
  return new Map<ServerId | 'attacker', readonly Zone[]>([
    ['root', [zone(ROOT_ZONE)]],
    ['com', [zone(COM_ZONE)]],
    ['kr', [zone(KR_ZONE), zone(AC_KR_ZONE)]],
    ['test', [test]],
    ['naver', [zone(NAVER_ZONE), zone(CLUB_ZONE)]],
    ['ns1', [example]],
    ['ns2', [example]],
    ['campus', [zone(CAMPUS_ZONE)]],
    ['reverse', [zone(REVERSE_ZONE)]],
    ['attacker', [zone(PRIZE_ZONE)]],
  ]);
}

/** The zone of the form, as written. Throws ZoneError when it is none, or stands where nobody delegates it. */
function usersZone(lab: LabContext): Zone {
  try {
    const zone = readZone(lab.text('zone'));
    if (parentOf(zone.apex) === 'test.' && zone.apex !== 'prize.test.') return zone;
    throw new ZoneError(`the zone's top must be a name just below test., not ${zone.apex}`);
  } catch (error) {
    throw error instanceof ZoneError ? new ZoneError(`zone, ${error.message}`) : error;
  }
}

/** What the attacker's server says of www.naver.com, which is none of its business. */
export const smuggled = (): readonly DnsRecord[] => readRecords(`www.naver.com. 86400 A ${LIE}`).records;

/** Addresses of the manifest's hosts become those of this run. */
function relocator(places: Places): (record: DnsRecord) => DnsRecord {
  const moved = new Map(manifest.hosts.filter(({ id }) => id !== 'client').map(({ id, address }) => [address, places.published(id)]));
  return (record) => (record.data.type === 'A' ? { ...record, data: { type: 'A', address: moved.get(record.data.address) ?? record.data.address } } : record);
}

/** What the zone above says of the user's zone. */
function delegationOf(apex: string, setup: string, oneWay: boolean): string {
  switch (setup) {
    // The servers that it names know nothing of the zone.
    case 'lame': return `$TTL 3600\n${apex} NS ns1.${apex}\n${apex} NS ns2.${apex}\nns1.${apex} A 127.0.52.1\nns2.${apex} A 127.0.52.4\n`;
    // To find the one you need the other, and to find that you need the first.
    case 'delegation-loop': return `$TTL 3600\n${apex} NS ns.elsewhere.test.\nelsewhere.test. NS ns.${apex}\n`;
    default: return `$TTL 3600\n${apex} NS ns1.${apex}\nns1.${apex} A 127.0.52.2\n${oneWay ? '' : `${apex} NS ns2.${apex}\nns2.${apex} A 127.0.52.3\n`}`;
  }
}

/** The user's zone, with a record too big for a datagram; in one set-up with aliases that lead in a circle. */
function exampleRecords(given: readonly DnsRecord[], setup: string): DnsRecord[] {
  const apex = given.find(({ data }) => data.type === 'SOA')?.name ?? 'example.test.';
  const [www, web, big] = ['www', 'web', 'big'].map((label) => `${label}.${apex}`) as [string, string, string];
  const record = (name: string, data: DnsRecord['data']): DnsRecord => ({ name, class: DNS_CLASS.IN, ttl: 300, data });
  const has = (name: string): boolean => given.some((one) => nameKey(one.name) === nameKey(name));
  const line = (number: number): Uint8Array => new TextEncoder().encode(`line ${number + 1} of a text too long for one small datagram `.padEnd(BIG.size, '.'));
  const all = has(big) ? [...given] : [...given, record(big, { type: 'TXT', strings: Array.from({ length: BIG.strings }, (_, number) => line(number)) })];
  if (setup !== 'cname-loop') return all;
  const circle = [record(www, { type: 'CNAME', target: web }), record(web, { type: 'CNAME', target: www })];
  return [...all.filter((one) => nameKey(one.name) !== nameKey(www) && nameKey(one.name) !== nameKey(web)), ...circle];
}
