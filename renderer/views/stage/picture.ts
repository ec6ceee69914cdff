// What the stage shows at one instant, before it has a place: hosts with their processes and doors, and the wires between doors.
// Pure: story and snapshot in, plain objects out. layout.ts gives it places; flights.ts says what is on the wires.

import type { Endpoint, Provenance } from '../../../shared/trace/event';
import type { HostModel, RoleModel, RoleSnapshot, Segment, Snapshot, SocketModel, SocketSnapshot, SocketState, Story } from '../../../shared/trace/story';
import { datagramTies, waitingDatagrams, type DatagramTies } from './datagrams';
import { busyness, refusedBytes } from './doorFacts';

export type Side = 'left' | 'right';

export interface Door {
  /** 's12' a socket of ours; 'f3' the far end of connection 3, which is not ours; 'p2:7007' a port of host 2 where nobody is. */
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
  /** Larger: more worth a place when there is no room for all. */
  readonly score: number;
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
}

/** A bar is never scaled to more than this, so that what waits in a kernel buffer stays visible beside a long stream. */
const BAR_LIMIT = 256 * 1024;
/** Sockets of one process that are looked at; of more, the newest. */
const DOORS_PER_PROCESS = 64;

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
  const scene = new Scene(input, datagramTies(story));
  const processes = new Map<number, Process[]>();
  const roles = new Map(snapshot.roles.map((role) => [role.role as number, role]));
  for (const role of story.roles) {
    const snap = roles.get(role.index) ?? null;
    const made = role.sockets.slice(-DOORS_PER_PROCESS).flatMap((id) => scene.socketDoor(id) ?? []);
    // Listening sockets stand below: connected ones face those of the other side.
    const doors = [...made.filter((door) => door.kind !== 'listening'), ...made.filter((door) => door.kind === 'listening')];
    const list = processes.get(role.host) ?? [];
    list.push({ key: `r${role.index}`, role, present: snap !== null, snap, doors });
    processes.set(role.host, list);
  }
  const loose = scene.looseDoors();
  const cards = story.hosts.map((host) => ({
    key: `h${host.index}`,
    host,
    side: sideOf(host, story),
    processes: processes.get(host.index) ?? [],
    doors: loose.get(host.index) ?? [],
  }));
  return { cards, wires: scene.wires() };
}

/**
 * Clients stand on the left, servers and whoever is asked on the right; one without a program, ours or not, opposite those that have one.
 * Decided by the whole run, so that nobody changes sides.
 */
function sideOf(host: HostModel, story: Story): Side {
  const roles = story.roles.filter((role) => role.host === host.index);
  if (roles.some((role) => role.kind === 'server')) return 'right';
  if (roles.length > 0) return 'left';
  return story.roles.some((role) => role.kind === 'server') ? 'left' : 'right';
}

/** The doors of one instant, made once each. */
class Scene {
  private readonly now: Map<number, SocketSnapshot>;
  private readonly made = new Map<number, Door>();
  private readonly listeners: SocketModel[] = [];

  constructor(private readonly input: PictureInput, private readonly ties: DatagramTies) {
    this.now = new Map(input.snapshot.sockets.map((socket) => [socket.sock as number, socket]));
    for (const id of this.now.keys()) {
      const model = input.story.socket(id as SocketModel['id']);
      if (model?.purpose === 'listening') this.listeners.push(model);
    }
  }

  socketDoor(id: number): Door | null {
    const model = this.input.story.socket(id as SocketModel['id']);
    if (model === null) return null;
    const snap = this.now.get(id) ?? null;
    const conn = model.conn === null ? null : this.input.story.connection(model.conn);
    const isClient = conn?.client.sock === model.id;
    const incoming = conn === null ? 0 : isClient ? conn.down.sent || conn.down.received : conn.up.sent || conn.up.received;
    const outgoing = conn === null ? 0 : isClient ? conn.up.sent : conn.down.sent;
    const open = snap?.open ?? false;
    const door: Door = {
      key: `s${id}`, kind: model.purpose, sock: model, local: model.local, peer: model.remote, present: snap !== null, open,
      state: snap?.state ?? null, provenance: snap?.stateProvenance ?? null,
      unread: snap === null ? 0 : model.purpose === 'datagram' ? (snap.open ? waitingDatagrams(this.ties, id, this.input.snapshot.position) : 0) : snap.unread, unreadByPeer: snap?.unreadByPeer ?? 0,
      inFull: Math.max(1, Math.min(BAR_LIMIT, model.purpose === 'datagram' ? this.ties.largest : incoming)),
      outFull: Math.max(1, Math.min(BAR_LIMIT, model.purpose === 'datagram' ? this.ties.largest : outgoing)),
      refused: snap !== null && !snap.open && conn !== null ? refusedBytes(this.input.story, model, this.input.snapshot.position) : 0,
      waiting: model.purpose === 'listening' && open ? this.waitingAt(model) : 0,
      backlog: model.purpose === 'listening' ? this.input.backlogOf(model) : null,
      score: busyness(this.input.story, model, snap, this.input.snapshot.position, this.input.selected === id),
    };
    this.made.set(id, door);
    return door;
  }

  /** Connections that are established for the kernel and that accept() has not returned yet. */
  private waitingAt(listener: SocketModel): number {
    let count = 0;
    for (const [id, snap] of this.now) {
      const model = this.input.story.socket(id as SocketModel['id']);
      if (model === null || model.conn === null || snap.state === 'SYN_SENT' || snap.state === 'CLOSED') continue;
      const conn = this.input.story.connection(model.conn);
      if (conn === null || conn.client.sock !== model.id || !serves(listener, conn.server.host, conn.server.endpoint)) continue;
      if (snap.open && (conn.server.sock === null || !this.now.has(conn.server.sock))) count++;
    }
    return count;
  }

  private listening(host: number, at: Endpoint): SocketModel | null {
    return this.listeners.find((one) => serves(one, host, at) && (this.now.get(one.id)?.open ?? false)) ?? null;
  }

  /** Far ends that are not ours, and ports at which nobody is; by host. */
  looseDoors(): Map<number, Door[]> {
    const byHost = new Map<number, Map<string, Door>>();
    const add = (host: number, door: Door): void => {
      const doors = byHost.get(host) ?? new Map<string, Door>();
      const known = doors.get(door.key);
      if (known === undefined || (door.present && !known.present)) doors.set(door.key, door);
      byHost.set(host, doors);
    };
    for (const door of this.made.values()) {
      const far = this.farEnd(door);
      if (far !== null && far.door !== null) add(far.host, far.door);
    }
    for (const port of this.ties.ports) {
      const present = port.firstMoment < this.input.snapshot.position;
      add(port.host, looseDoor(port.foreign ? 'foreign' : 'nobody', port.key, port.at, null, present, 0));
    }
    return new Map([...byHost].map(([host, doors]) => [host, [...doors.values()]]));
  }

  /** The other end of a door's connection: its key, and the door itself when it belongs to no socket of ours. */
  private farEnd(door: Door): { readonly host: number; readonly key: string; readonly door: Door | null } | null {
    const conn = door.sock === null || door.sock.conn === null ? null : this.input.story.connection(door.sock.conn);
    if (conn === null || door.sock === null) return null;
    const far = conn.client.sock === door.sock.id ? conn.server : conn.client;
    if (far.sock !== null) {
      if (this.now.has(far.sock)) return { host: far.host, key: `s${far.sock}`, door: null };
      const listener = this.listening(far.host, far.endpoint);
      return { host: far.host, key: `s${listener?.id ?? far.sock}`, door: null };
    }
    const foreign = this.input.story.host(far.host)?.foreign ?? false;
    const listener = foreign ? null : this.listening(far.host, far.endpoint);
    if (listener !== null) return { host: far.host, key: `s${listener.id}`, door: null };
    const key = foreign ? `f${conn.id}` : `p${far.host}:${far.endpoint.port}`;
    return { host: far.host, key, door: looseDoor(foreign ? 'foreign' : 'nobody', key, far.endpoint, door.local, door.present, door.score) };
  }

  wires(): Wire[] {
    const wires = new Map<string, Wire>();
    for (const door of this.made.values()) {
      const far = door.present ? this.farEnd(door) : null;
      if (far === null || door.sock === null) continue;
      const isClient = this.input.story.connection(door.sock.conn as NonNullable<SocketModel['conn']>)?.client.sock === door.sock.id;
      const [a, b] = isClient ? [door.key, far.key] : [far.key, door.key];
      const key = `c${door.sock.conn}`;
      const live = door.state !== 'CLOSED' && door.state !== 'TIME_WAIT';
      const known = wires.get(key);
      wires.set(key, { key, transport: 'tcp', a, b, live: live || (known?.live ?? false) });
    }
    for (const tie of this.ties.pairs) {
      if (tie.firstMoment < this.input.snapshot.position) wires.set(tie.key, { key: tie.key, transport: 'udp', a: tie.a, b: tie.b, live: true });
    }
    return [...wires.values()];
  }
}

const serves = (listener: SocketModel, host: number, at: Endpoint): boolean => listener.host === host && listener.local?.port === at.port;

function looseDoor(kind: 'nobody' | 'foreign', key: string, local: Endpoint, peer: Endpoint | null, present: boolean, score: number): Door {
  return {
    key, kind, sock: null, local, peer, present, open: present && kind === 'foreign', state: null, provenance: null, unread: 0, unreadByPeer: 0,
    inFull: 1, outFull: 1, refused: 0, waiting: 0, backlog: null, score,
  };
}

/** The door at one end of a segment: its socket's, else the listening one of that port, else the place of a socket that is not ours. */
export function doorOf(doors: ReadonlyMap<string, Door>, segment: Segment, end: 'from' | 'to'): string {
  const sock = end === 'from' ? segment.fromSock : segment.toSock;
  const host = end === 'from' ? segment.fromHost : segment.toHost;
  const at = end === 'from' ? segment.from : segment.to;
  if (sock !== null && doors.get(`s${sock}`)?.present === true) return `s${sock}`;
  for (const door of doors.values()) {
    if (door.kind === 'listening' && door.open && door.sock?.host === host && door.local?.port === at.port && segment.transport === 'tcp') return door.key;
  }
  for (const key of [`f${segment.conn ?? ''}`, `p${host}:${at.port}`]) if (doors.has(key)) return key;
  return sock !== null && doors.has(`s${sock}`) ? `s${sock}` : `h${host}`;
}
