// Which roles stand side by side: clients left, servers right, as on the stage; with more roles than places one place follows whoever
// acts, and each can be given to a role. Pure.

import type { RoleIx } from '../../../shared/base/brand';
import type { RoleModel, RoleSnapshot, Snapshot, Story } from '../../../shared/trace/story';

/** A role, or whoever acted last of those that no other place shows. */
export type Choice = RoleIx | 'follow';

/** px of width that a column needs. */
const LEAST = 310;
const MOST = 3;

/** How many columns fit. */
export const placesIn = (width: number): number => Math.min(Math.max(Math.floor(width / LEAST), 1), MOST);

const ORDER: Readonly<Record<RoleModel['kind'], number>> = { client: 0, relay: 1, server: 2 };

/** Roles that run at the playhead or have run, and have used a socket at some time; clients first. */
export function rolesShown(story: Story, snapshot: Snapshot): RoleModel[] {
  const begun = new Set(snapshot.roles.map((role) => role.role));
  return story.roles.filter((role) => begun.has(role.index) && role.sockets.length > 0).sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || a.index - b.index);
}

/** What each place shows when nothing is chosen: all roles when they fit, else the server and whoever acts. */
export function usualChoices(roles: readonly RoleModel[], places: number): Choice[] {
  if (roles.length <= places) return roles.map((role) => role.index);
  if (places === 1) return ['follow'];
  const servers = roles.filter((role) => role.kind === 'server').slice(0, places - 1);
  const others = roles.filter((role) => !servers.includes(role)).slice(0, places - 1 - servers.length);
  return ['follow', ...others.map((role) => role.index), ...servers.map((role) => role.index)];
}

/** The role at each place; null where nobody is left to follow. */
export function rolesAt(choices: readonly Choice[], roles: readonly RoleModel[], snapshot: Snapshot): (RoleModel | null)[] {
  const fixed = new Set(choices.filter((choice) => choice !== 'follow'));
  const acted = new Map<number, RoleSnapshot>(snapshot.roles.map((role) => [role.role, role]));
  const free = roles.filter((role) => !fixed.has(role.index)).sort((a, b) => (acted.get(b.index)?.last ?? -1) - (acted.get(a.index)?.last ?? -1));
  return choices.map((choice) => (choice === 'follow' ? free.shift() ?? null : roles.find((role) => role.index === choice) ?? null));
}
