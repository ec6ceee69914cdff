// What of a running lab could be shared on the LAN: what listens now, the members of a family together, as the user is asked about it.

import type { LabManifest, LiveEndpoint } from './manifest';

export interface Offerable {
  /** A role, or the name of a family of them: 'peer' for 'peer-1' and the others. */
  readonly role: string;
  readonly protocol: 'tcp' | 'udp';
  /** Where the first of them listens on loopback. */
  readonly port: number;
  /** How many ports it may take, from the chosen one on: 1, or the size of its family. */
  readonly count: number;
  readonly live: readonly LiveEndpoint[];
}

/** What a server is called when it is shared: the role of its manifest's endpoint, however often it was started again; and how many such there are. */
export function familyOf(manifest: LabManifest, { role, host, protocol, port }: LiveEndpoint): { readonly role: string; readonly count: number } {
  const stem = (id: string): string => id.replace(/-\d+$/, '');
  const onHost = manifest.hosts.find(({ id, count }) => id === host || (count !== undefined && host !== undefined && id === stem(host)));
  const there = manifest.endpoints.filter((spec) => spec.protocol === protocol && (host === undefined || spec.host === onHost?.id));
  const spec = there.find((one) => one.role === role) ?? there.find((one) => one.role === stem(role)) ?? there.find((one) => one.port === port && host !== undefined);
  return spec === undefined ? { role, count: 1 } : { role: spec.role, count: manifest.hosts.find(({ id }) => id === spec.host)?.count ?? 1 };
}

/** In the order in which they began to listen. */
export function offerable(manifest: LabManifest, endpoints: readonly LiveEndpoint[]): readonly Offerable[] {
  const found = new Map<string, Offerable>();
  for (const endpoint of endpoints) {
    const { role, count } = familyOf(manifest, endpoint);
    const key = `${endpoint.protocol} ${role}`;
    const before = found.get(key);
    found.set(key, { role, count, protocol: endpoint.protocol, port: before?.port ?? endpoint.port, live: [...(before?.live ?? []), endpoint] });
  }
  return [...found.values()];
}

/** Below, the system's own services live, and rights are needed. */
export const SHARED_PORTS = { lowest: 1024, highest: 65_535 } as const;

/** The ports to propose, in the order of the offers: the labs' own, families one after the other. */
export function proposedPorts(offers: readonly Offerable[]): readonly number[] {
  const ends = new Map<'tcp' | 'udp', number>();
  return offers.map(({ protocol, port, count }) => {
    const wanted = Math.max(SHARED_PORTS.lowest, port);
    if (count === 1) return wanted;
    const first = Math.max(wanted, ends.get(protocol) ?? 0);
    if (first + count - 1 > SHARED_PORTS.highest) return wanted;
    ends.set(protocol, first + count);
    return first;
  });
}
