// The lanes of the timeline: one for each role (or, when there are many, for all clients and all servers) and one for the wire.
// Pure: which lane a moment lies in, and with which mark. Drawing is in paint.ts.

import type { Moment, RoleModel, Story } from '../../../shared/trace/story';

export type LaneTone = 'quiet' | 'app' | 'transport' | 'bad';

export interface Lane {
  readonly kind: 'role' | 'clients' | 'relays' | 'servers' | 'wire';
  /** Role id; empty for the others. */
  readonly id: string;
  /** Roles in it. */
  readonly count: number;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly wire: number;
  /** Lane of a role by its index; -1 for none. */
  laneOfRole(role: number): number;
}

/** More roles than this share two lanes. */
const MOST_ROLES = 4;

/** Clients above the wire, servers below it, as the mock has them; relays, which are both, beside it on the servers' side. */
export function timelineLanes(story: Story): Lanes {
  const clients = story.roles.filter((role) => role.kind === 'client');
  const servers = story.roles.filter((role) => role.kind === 'server');
  const relays = story.roles.filter((role) => role.kind === 'relay');
  const apart = clients.length + relays.length + servers.length <= MOST_ROLES;
  const of = (kind: 'clients' | 'relays' | 'servers', roles: readonly RoleModel[]): Lane[] => (apart ? roles.map((role) => ({ kind: 'role', id: role.id, count: 1 })) : group(kind, roles.length));
  const above = of('clients', clients);
  const beside = of('relays', relays);
  const below = of('servers', servers);
  const lanes: Lane[] = [...above, { kind: 'wire', id: '', count: 0 }, ...beside, ...below];
  const byRole = new Map<number, number>();
  clients.forEach((role, index) => byRole.set(role.index, apart ? index : 0));
  relays.forEach((role, index) => byRole.set(role.index, above.length + 1 + (apart ? index : 0)));
  servers.forEach((role, index) => byRole.set(role.index, above.length + 1 + beside.length + (apart ? index : 0)));
  return { lanes, wire: above.length, laneOfRole: (role) => byRole.get(role) ?? -1 };
}

const group = (kind: 'clients' | 'relays' | 'servers', count: number): Lane[] => (count === 0 ? [] : [{ kind, id: '', count }]);

/** The mark of a moment on the wire, or null when it sends nothing. */
export function wireTone(story: Story, moment: Moment): LaneTone | null {
  if (moment.segment === null) return null;
  const segment = story.segments.at(moment.segment);
  if (segment.kind === 'rst' || segment.kind === 'unreachable' || segment.fate === 'lost') return 'bad';
  return segment.kind === 'data' || segment.kind === 'datagram' ? 'app' : 'transport';
}
