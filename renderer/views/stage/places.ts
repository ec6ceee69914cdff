// Which sockets of a process share a place on the stage: those of one kind that are never open at the same time, as a fresh socket for
// each query is. At each instant one of them stands there, so that closed doors do not pile up.

import type { RoleModel, SocketModel, Story } from '../../../shared/trace/story';

/** Sockets in order of opening. */
export type SharedPlace = readonly SocketModel[];

interface Growing {
  readonly sockets: SocketModel[];
  /** When the place is free again, µs; infinite while its last socket is open. */
  free: number;
}

/** `kindOf`: sockets of different kinds never share a place. Stable while the story grows: each socket takes the first free place. */
export function placesOf(story: Story, role: RoleModel, kindOf: (socket: SocketModel) => string): readonly SharedPlace[] {
  const places: Growing[] = [];
  const byKind = new Map<string, Growing[]>();
  for (const id of role.sockets) {
    const socket = story.socket(id);
    if (socket === null) continue;
    const kind = kindOf(socket);
    const known = byKind.get(kind) ?? [];
    const free = socket.closedAt ?? Number.POSITIVE_INFINITY;
    const place = known.find((one) => one.free <= socket.openedAt);
    if (place !== undefined) {
      place.sockets.push(socket);
      place.free = free;
      continue;
    }
    const made = { sockets: [socket], free };
    known.push(made);
    places.push(made);
    byKind.set(kind, known);
  }
  return places.map((place) => place.sockets);
}

/** Who stands at a place: the chosen one, else the last that has been opened, else the first that will be. */
export function currentOf(place: SharedPlace, isThere: (socket: SocketModel) => boolean, selected: number | null): SocketModel | null {
  const chosen = selected === null ? undefined : place.find((socket) => socket.id === selected && isThere(socket));
  return chosen ?? place.findLast(isThere) ?? place[0] ?? null;
}
