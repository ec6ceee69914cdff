// What the stage shows at one instant, before it has a place: hosts with their processes and doors, and the wires between doors.
// Pure: story and snapshot in, plain objects out. layout.ts gives it places; flights.ts says what is on the wires.

import type { HostModel, Segment } from '../../../shared/trace/story';
import { columnsOf } from './columns';
import { datagramTies } from './datagrams';
import { Doors } from './doors';
import type { Door, Process, Picture, PictureInput } from './pictureModel';

/** More hosts than this, and those without traffic are left out. */
const MANY_HOSTS = 6;

export function pictureAt(input: PictureInput): Picture {
  const { story, snapshot } = input;
  const columns = columnsOf(story);
  const at = new Doors(input, datagramTies(story), columns);
  const processes = new Map<number, Process[]>();
  const roles = new Map(snapshot.roles.map((role) => [role.role as number, role]));
  for (const role of story.roles) {
    const snap = roles.get(role.index) ?? null;
    const made = at.doorsOf(role);
    // Listening sockets stand below: connected ones face those of the other side.
    const doors = [...made.filter((door) => door.kind !== 'listening'), ...made.filter((door) => door.kind === 'listening')];
    const list = processes.get(role.host) ?? [];
    list.push({ key: `r${role.index}`, role, present: snap !== null, snap, doors });
    processes.set(role.host, list);
  }
  const loose = at.looseDoors();
  const isQuiet = (host: HostModel): boolean => story.hosts.length > MANY_HOSTS && columns.quiet.size < story.hosts.length && columns.quiet.has(host.index);
  const cards = story.hosts.filter((host) => !isQuiet(host)).map((host) => ({
    key: `h${host.index}`,
    host,
    side: columns.side(host.index),
    processes: processes.get(host.index) ?? [],
    doors: loose.get(host.index) ?? [],
  }));
  return { cards, wires: at.wires(), quiet: story.hosts.filter((host) => isQuiet(host) && !host.foreign), through: columns.through, standIns: at.standIns };
}

/**
 * The door at one end of a segment: its socket's or who stands in for it, else the listening one of that port, else the place of a socket
 * that is not ours. `hasPlace`: the door is drawn.
 */
export function doorOf(doors: ReadonlyMap<string, Door>, standIns: Picture['standIns'], segment: Segment, end: 'from' | 'to', hasPlace: (key: string) => boolean = () => true): string {
  const sock = end === 'from' ? segment.fromSock : segment.toSock;
  const host = end === 'from' ? segment.fromHost : segment.toHost;
  const at = end === 'from' ? segment.from : segment.to;
  const own = `s${sock ?? ''}`;
  if (sock !== null && doors.get(own)?.present === true && hasPlace(own)) return own;
  const standIn = standIns.get(own);
  if (standIn !== undefined) return standIn;
  for (const door of doors.values()) {
    if (door.kind === 'listening' && door.open && door.sock?.host === host && door.local?.port === at.port && segment.transport === 'tcp') return door.key;
  }
  for (const key of [`f${segment.conn ?? ''}`, `p${host}:${at.port}`]) if (doors.has(key)) return standIns.get(key) ?? key;
  return sock !== null && doors.has(own) ? own : `h${host}`;
}
