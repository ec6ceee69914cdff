// The hosts and endpoints that a manifest really means: its families written out, one by one. Addresses of a family follow one another.

import type { EndpointSpec, LabManifest } from './manifest';

export interface NamedHost {
  readonly id: string;
  readonly address: string;
  /** One of a family, or said to be late: it is there when its first role starts. */
  readonly late: boolean;
}

/** Most hosts of a family: the last octet of their addresses has no more. */
const MOST = 254;

/** Throws RangeError when a family has more hosts than addresses. */
export function hostsOf(manifest: LabManifest): readonly NamedHost[] {
  return manifest.hosts.flatMap(({ id, address, count, late = false }): NamedHost[] => {
    if (count === undefined) return [{ id, address, late }];
    const [, network = '', first = '0'] = /^(.*\.)(\d+)$/.exec(address) ?? [];
    if (count < 1 || Number(first) + count - 1 > MOST) throw new RangeError(`host family ${id}: ${count} addresses from ${address} on`);
    return Array.from({ length: count }, (_, i) => ({ id: `${id}-${i + 1}`, address: `${network}${Number(first) + i}`, late: true }));
  });
}

/** Endpoints with the hosts that they are on. */
export function endpointsOf(manifest: LabManifest): readonly EndpointSpec[] {
  return manifest.endpoints.flatMap((spec) => {
    const count = manifest.hosts.find(({ id }) => id === spec.host)?.count;
    return count === undefined ? [spec] : Array.from({ length: count }, (_, i) => ({ ...spec, role: `${spec.role}-${i + 1}`, host: `${spec.host}-${i + 1}` }));
  });
}
