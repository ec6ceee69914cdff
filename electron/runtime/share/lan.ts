// This machine's places on the LAN: IPv4 addresses that others of its network can reach, as the system tells them now, and who is of that
// network. IPv6 is left out: the labs' swarms have no other family (BEP 23), and one address is enough to type.

import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import type { LanPlace } from '../../../shared/ipc/contract';

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** An IPv4 address as a number; NaN for anything else. */
export function numberOf(address: string): number {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number) ?? [];
  if (parts.length !== 4 || parts.some((part) => part > 255)) return Number.NaN;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

const block = (address: string, prefix: number): ((given: number) => boolean) => {
  const size = 2 ** (32 - prefix);
  const first = Math.floor(numberOf(address) / size);
  return (given) => Math.floor(given / size) === first;
};

/** RFC 1918 3. */
const PRIVATE = [block('10.0.0.0', 8), block('172.16.0.0', 12), block('192.168.0.0', 16)];
/** RFC 3927 2.1. */
const LINK_LOCAL = block('169.254.0.0', 16);
/** This host (RFC 1122 3.2.1.3), loopback, multicast and beyond: no place to share at. */
const NO_PLACE = [block('0.0.0.0', 8), block('127.0.0.0', 8), (given: number): boolean => given >= numberOf('224.0.0.0')];

export function scopeOf(address: string): LanPlace['scope'] {
  const number = numberOf(address);
  if (PRIVATE.some((holds) => holds(number))) return 'private';
  return LINK_LOCAL(number) ? 'link-local' : 'public';
}

/** Bridges of containers, virtual machines and tunnels: there mostly, and rarely where a class is. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|bridge|utun|tun|tap|wg|zt|tailscale)/i;
const SCOPES: readonly LanPlace['scope'][] = ['private', 'link-local', 'public'];

/** Those most likely to be meant first. */
export function lanPlaces(interfaces: Interfaces = networkInterfaces()): readonly LanPlace[] {
  const found = new Map<string, LanPlace>();
  for (const [name, addresses = []] of Object.entries(interfaces)) {
    for (const { address, netmask, family, internal } of addresses) {
      const number = numberOf(address);
      if (internal || family !== 'IPv4' || Number.isNaN(number) || NO_PLACE.some((holds) => holds(number)) || found.has(address)) continue;
      found.set(address, { name, address, prefix: prefixOf(netmask), scope: scopeOf(address) });
    }
  }
  const rank = ({ name, scope }: LanPlace): number => SCOPES.indexOf(scope) + (VIRTUAL.test(name) ? SCOPES.length : 0);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

/** A mask that is none means a network of one: nobody else is let in. */
function prefixOf(netmask: string): number {
  const bits = numberOf(netmask);
  for (let prefix = 0; prefix <= 32; prefix++) if (bits === 2 ** 32 - 2 ** (32 - prefix)) return prefix;
  return 32;
}

/** Whether the address is of the place's network. */
export const isNeighbour = ({ address, prefix }: Pick<LanPlace, 'address' | 'prefix'>, other: string): boolean => block(address, prefix)(numberOf(other));

/** Whether the address names one machine of the network: not all of it, and not the network itself (RFC 1122 3.2.1.3). */
export function isMachineOf(place: Pick<LanPlace, 'address' | 'prefix'>, other: string): boolean {
  if (!isNeighbour(place, other)) return false;
  const size = 2 ** (32 - place.prefix);
  const host = numberOf(other) % size;
  return size <= 2 || (host !== 0 && host !== size - 1);
}
