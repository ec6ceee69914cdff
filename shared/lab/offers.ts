// What of a running lab could be shared on the LAN: what listens now, the members of a family together, as the user is asked about it.

import { endpointsOf } from './hosts';
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

/** The family of a role, and how many it has; a role without a family is one of its own. */
export function familyOf(manifest: LabManifest, role: string): { readonly role: string; readonly count: number } {
  const stem = /^(.+)-\d+$/.exec(role)?.[1];
  if (stem === undefined || manifest.endpoints.some((spec) => spec.role === role)) return { role, count: 1 };
  const spec = manifest.endpoints.find((one) => one.role === stem);
  const count = manifest.hosts.find(({ id }) => id === spec?.host)?.count;
  return spec === undefined || count === undefined || !endpointsOf(manifest).some((one) => one.role === role) ? { role, count: 1 } : { role: stem, count };
}

/** In the order in which they began to listen. */
export function offerable(manifest: LabManifest, endpoints: readonly LiveEndpoint[]): readonly Offerable[] {
  const found = new Map<string, Offerable>();
  for (const endpoint of endpoints) {
    const { role, count } = familyOf(manifest, endpoint.role);
    const key = `${endpoint.protocol} ${role}`;
    const before = found.get(key);
    found.set(key, { role, count, protocol: endpoint.protocol, port: before?.port ?? endpoint.port, live: [...(before?.live ?? []), endpoint] });
  }
  return [...found.values()];
}
