// The names of this lab: a root, com, naver.com, as zone files, with the addresses that this run has. An invented tree: the real DNS is
// not asked.

import { readZone } from '../../roles/dns/zoneFile';
import type { RootHint } from '../../roles/dns/resolver';
import type { Zone } from '../../roles/dns/zone';
import type { LabContext } from '../../roles/lab';
import type { Endpoint } from '../../../shared/trace/event';
import { DNS_PORT, manifest, type NameServer } from './manifest';

const ROOT = `$ORIGIN .
$TTL 86400
@                   SOA a.root-servers.net. hostmaster.root-servers.net. 2025 1800 900 604800 3600
@                   NS  a.root-servers.net.
a.root-servers.net. A   127.0.62.2
com.                NS  ns.nic.com.
ns.nic.com.         A   127.0.62.3
`;

const COM = `$ORIGIN com.
$TTL 3600
@         SOA ns.nic hostmaster.nic 2025 1800 900 604800 900
@         NS  ns.nic
ns.nic    A   127.0.62.3
naver     NS  ns1.naver
ns1.naver A   127.0.62.4
`;

const NAVER = `$ORIGIN naver.com.
$TTL 60
@    SOA   ns1 hostmaster 2025 3600 600 86400 60
@    NS    ns1
ns1  A     127.0.62.4
@    A     127.0.62.80
www  A     127.0.62.80
m    CNAME www
old  A     127.0.62.80
`;

/** Names that the web server's certificate is for. */
export const SITE_NAMES = ['www.naver.com', 'naver.com', 'm.naver.com'];

export interface Places {
  readonly hints: readonly RootHint[];
  readonly zones: ReadonlyMap<NameServer, Zone>;
  /** Where the name server, or the web server's port, of a published address is reached. */
  nameServer(address: string): Endpoint;
  web(address: string, port: number): Endpoint;
}

/** Zones name this run's addresses; where the system has only 127.0.0.1 those of the manifest, and the routes know better. */
export function placesOf(lab: LabContext): Places {
  const shared = lab.endpoint('root').address === lab.endpoint('com').address;
  const published = new Map(manifest.hosts.filter(({ id }) => id !== 'client').map(({ id, address }) => [address, shared ? address : lab.endpoint(id).address]));
  const servers = new Map(manifest.hosts.filter(({ id }) => id !== 'client').map(({ id, address }) => [published.get(address) ?? address, lab.endpoint(id)]));
  const web = published.get(manifest.hosts.find(({ id }) => id === 'web')?.address ?? '') ?? '';
  const zone = (text: string): Zone =>
    readZone(text, { change: (record) => (record.data.type === 'A' ? { ...record, data: { type: 'A', address: published.get(record.data.address) ?? record.data.address } } : record) });
  return {
    hints: [{ name: 'a.root-servers.net.', addresses: [published.get('127.0.62.2') ?? ''] }],
    zones: new Map<NameServer, Zone>([['root', zone(ROOT)], ['com', zone(COM)], ['naver', zone(NAVER)]]),
    nameServer: (address) => servers.get(address) ?? { address, port: DNS_PORT },
    web: (address, port) => {
      if (port !== 80 && port !== 443) return { address: address === web ? lab.endpoint('web').address : address, port };
      const endpoint = lab.endpoint(port === 443 ? 'web-tls' : 'web');
      // Another address than the site's was typed: there the high twin of the port is asked.
      return address === web ? endpoint : { address, port: endpoint.port };
    },
  };
}
