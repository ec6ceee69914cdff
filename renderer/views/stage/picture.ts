// What the stage shows at one instant, before it has a place: hosts with their processes and doors, and the wires between doors.
// Pure: story and snapshot in, plain objects out. layout.ts gives it places; flights.ts says what is on the wires.

import type { Endpoint, Provenance } from '../../../shared/trace/event';
import type { HostModel, RoleModel, RoleSnapshot, Segment, Snapshot, SocketModel, SocketState, Story } from '../../../shared/trace/story';
import { columnsOf, type Side } from './columns';
import { datagramTies } from './datagrams';
import type { Edge } from './doorFacts';
import { Doors } from './doors';

export interface Door {
  /** 's12' a socket of ours; 'f3' the far end of connection 3, which is not ours; 'p2:7007' a port of host 2 where nobody of ours is. */
  readonly key: string;
  readonly kind: 'listening' | 'connected' | 'datagram' | 'nobody' | 'foreign';
  readonly sock: SocketModel | null;
  readonly local: Endpoint | null;
  readonly peer: Endpoint | null;
  /** False while the socket does not exist: its place is kept, so that nothing jumps when it comes. */
  readonly present: boolean;
  readonly open: boolean;
  readonly state: SocketState | null;
  readonly provenance: Provenance | null;
  /** Bytes that came (or are coming) and that no recv() has taken. */
  readonly unread: number;
  /** Bytes sent that the peer's recv() has not taken. */
  readonly unreadByPeer: number;
  /** What a full bar stands for, in bytes. */
  readonly inFull: number;
  readonly outFull: number;
  /** Bytes that came after close(): nobody takes them. */
  readonly refused: number;
  /** Connections that the kernel holds ready for accept(). */
  readonly waiting: number;
  readonly backlog: number | null;
  /** Nobody talks to it in the whole story, nor does it to anybody. */
  readonly idle: boolean;
  /** Larger: more worth a place when there is no room for all. */
  readonly score: number;
  /** Where its wires leave. */
  readonly edge: Edge;
  /** The place that it has or shares; the same for sockets that follow each other. */
  readonly place: string;
  /** False when another socket stands in the place that it shares. */
  readonly current: boolean;
}

export interface Process {
  readonly key: string;
  readonly role: RoleModel;
  readonly present: boolean;
  readonly snap: RoleSnapshot | null;
  readonly doors: readonly Door[];
}

export interface HostCard {
  readonly key: string;
  readonly host: HostModel;
  readonly side: Side;
  readonly processes: readonly Process[];
  /** Doors of no process of ours. */
  readonly doors: readonly Door[];
}

export interface Wire {
  readonly key: string;
  readonly transport: 'tcp' | 'udp';
  /** Door of the client, or of the side that sent first. */
  readonly a: string;
  readonly b: string;
  /** False: drawn as a wire that has been. */
  readonly live: boolean;
}

export interface Picture {
  readonly cards: readonly HostCard[];
  readonly wires: readonly Wire[];
  /** Of many hosts, those that are left out: nothing is ever sent to them or by them. */
  readonly quiet: readonly HostModel[];
  /** A wire passes the middle column. */
  readonly through: boolean;
  /** Who stands at the place of a socket that has gone, by their keys. */
  readonly standIns: ReadonlyMap<string, string>;
}

/** More hosts than this, and those without traffic are left out. */
const MANY_HOSTS = 6;

export interface PictureInput {
  readonly story: Story;
  readonly snapshot: Snapshot;
  /** The socket that must be shown, if any. */
  readonly selected: number | null;
  /** Backlog that a listening socket asked for; null when unknown. */
  readonly backlogOf: (sock: SocketModel) => number | null;
}

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
