// Who is meant by a role's name in a condition (match.ts).

import type { SockId } from '../base/brand';
import type { Story } from './story';

/** True when a role's id is the wanted one, or begins as it does. */
export const named = (wanted: string | undefined, id: string): boolean =>
  wanted === undefined || (wanted.endsWith('*') ? id.startsWith(wanted.slice(0, -1)) : id === wanted);

/** True when the socket at that end belongs to a role of that name; a program that is not ours has none. */
export function whoMatches(wanted: string | undefined, sock: SockId | null, story: Story): boolean {
  if (wanted === undefined) return true;
  const socket = sock === null ? null : story.socket(sock);
  const role = socket === null ? null : story.role(socket.role);
  return role !== null && named(wanted, role.id);
}
