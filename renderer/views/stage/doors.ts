// The doors of one instant and the wires between them: sockets of ours by their processes, the far ends that are not ours, and ports at
// which nobody is. Part of picture.ts, which puts them on their hosts' cards.

import type { Endpoint } from '../../../shared/trace/event';
import type { HostModel, RoleModel, SocketModel, SocketSnapshot } from '../../../shared/trace/story';
import type { Columns } from './columns';
import { currentPorts, waitingDatagrams, type DatagramTies } from './datagrams';
import { busyness, edgeOf, refusedBytes, type Edge } from './doorFacts';
import type { Door, PictureInput, Wire } from './pictureModel';
import { currentOf } from './places';
import { settledOf, type Settled } from './settled';
import { shownState, strangersAt, type StrangersWire } from './strangers';

/** A bar is never scaled to more than this, so that what waits in a kernel buffer stays visible beside a long stream. */
const BAR_LIMIT = 256 * 1024;
/** Places of one process that are looked at; of more, the newest. With more sockets than this, only those that hold a place. */
const PLACES_PER_PROCESS = 64;
/** The doors of one instant, made once each. */
export class Doors {
  private readonly now: Map<number, SocketSnapshot>;
  private readonly made = new Map<number, Door>();
  private readonly listeners: SocketModel[] = [];
  readonly standIns = new Map<string, string>();

  private readonly settled: Settled;
  private readonly strangers: readonly StrangersWire[];
  /** Of the playhead, µs. */
  private readonly time: number;

  constructor(private readonly input: PictureInput, private readonly ties: DatagramTies, private readonly columns: Columns) {
    this.settled = settledOf(input.story, ties, columns);
    const last = Math.min(input.snapshot.position, input.story.moments.count) - 1;
    this.time = last < 0 ? Number.NEGATIVE_INFINITY : input.story.momentTime(last);
    this.strangers = strangersAt(input.story, this.time);
    this.now = new Map(input.snapshot.sockets.map((socket) => [socket.sock as number, socket]));
    for (const id of this.now.keys()) {
      const model = input.story.socket(id as SocketModel['id']);
      if (model?.purpose === 'listening') this.listeners.push(model);
    }
  }

  /** The doors of a process: who stands at each place, and of stream sockets those that stood there before. */
  doorsOf(role: RoleModel): Door[] {
    const { selected } = this.input;
    const places = this.settled.placesOf(role);
    const all = role.sockets.length <= PLACES_PER_PROCESS;
    return places.slice(-PLACES_PER_PROCESS).flatMap((place) => {
      const current = currentOf(place, (socket) => this.now.has(socket.id), selected);
      const key = `${role.index}-${place[0]?.id ?? ''}`;
      for (const socket of place) if (current !== null && socket !== current && this.now.has(socket.id)) this.standIns.set(`s${socket.id}`, `s${current.id}`);
      const shown = place.filter((socket) => socket === current || (all && socket.purpose === 'connected'));
      return shown.map((socket) => this.socketDoor(socket, key, socket === current));
    });
  }

  private socketDoor(model: SocketModel, place: string, current: boolean): Door {
    const { id } = model;
    const snap = this.now.get(id) ?? null;
    const conn = model.conn === null ? null : this.input.story.connection(model.conn);
    const isClient = conn?.client.sock === model.id;
    const incoming = conn === null ? 0 : isClient ? conn.down.sent || conn.down.received : conn.up.sent || conn.up.received;
    const outgoing = conn === null ? 0 : isClient ? conn.up.sent : conn.down.sent;
    const open = snap?.open ?? false;
    const waiting = model.purpose === 'listening' && open ? this.waitingAt(model) : 0;
    const idle = model.purpose !== 'connected' && waiting === 0 && !this.settled.talks(model);
    const door: Door = {
      key: `s${id}`, kind: model.purpose, sock: model, local: model.local, peer: model.remote, present: snap !== null, open,
      state: snap?.state ?? null, provenance: snap?.stateProvenance ?? null,
      unread: snap === null ? 0 : model.purpose === 'datagram' ? (snap.open ? waitingDatagrams(this.ties, id, this.input.snapshot.position) : 0) : snap.unread, unreadByPeer: snap?.unreadByPeer ?? 0,
      inFull: Math.max(1, Math.min(BAR_LIMIT, model.purpose === 'datagram' ? this.ties.largest : incoming)),
      outFull: Math.max(1, Math.min(BAR_LIMIT, model.purpose === 'datagram' ? this.ties.largest : outgoing)),
      refused: snap !== null && !snap.open && conn !== null ? refusedBytes(this.input.story, model, this.input.snapshot.position) : 0,
      waiting, idle,
      backlog: model.purpose === 'listening' ? this.input.backlogOf(model) : null,
      score: busyness(this.input.story, model, snap, this.input.snapshot.position, this.input.selected === id, idle),
      edge: this.settled.edgeOf(model), place, current,
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
    for (const port of currentPorts(this.ties.ports, this.input.snapshot.position, this.standIns)) {
      const present = port.firstMoment < this.input.snapshot.position;
      add(port.host, looseDoor({ kind: port.foreign ? 'foreign' : 'nobody', key: port.key, local: port.at, present, place: port.place, edge: this.looseEdge(port.host) }));
    }
    // A port that serves several shows the state of one that lives, the newest.
    for (const { key, host, local, peer, present, state, provenance } of [...this.strangers].reverse().sort((one, other) => Number(other.live) - Number(one.live)).flatMap(({ a, b }) => [a, b])) {
      add(host, { ...looseDoor({ kind: 'foreign', key, local, peer, present, place: key, edge: this.looseEdge(host) }), state, provenance });
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
    const { present, score, current } = door;
    const place = foreign ? `f${door.place}` : key;
    const shown = foreign ? shownState(far, this.time) : null;
    const made = looseDoor({ kind: foreign ? 'foreign' : 'nobody', key, local: far.endpoint, peer: door.local, present, score, place, current: current || !foreign, edge: this.looseEdge(far.host) });
    return { host: far.host, key, door: { ...made, state: shown?.state ?? null, provenance: shown?.provenance ?? null } };
  }

  private looseEdge(host: HostModel['index']): Edge {
    return edgeOf(this.columns.side(host), []);
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
      if (tie.firstMoment < this.input.snapshot.position) wires.set(tie.key, { key: tie.key, transport: 'udp', a: tie.a, b: tie.b, live: this.isOpen(tie.a) && this.isOpen(tie.b) });
    }
    for (const { key, a, b, live } of this.strangers) if (a.present) wires.set(key, { key, transport: 'tcp', a: a.key, b: b.key, live });
    return [...wires.values()];
  }

  /** False for a socket of ours that is closed. */
  private isOpen(key: string): boolean {
    return !key.startsWith('s') || (this.now.get(Number(key.slice(1)))?.open ?? false);
  }
}

const serves = (listener: SocketModel, host: number, at: Endpoint): boolean => listener.host === host && listener.local?.port === at.port && (at.port !== 0 || listener.local.address === at.address);

type LooseDoor = Pick<Door, 'key' | 'present' | 'place' | 'edge'> & Partial<Pick<Door, 'peer' | 'score' | 'current'>> & { readonly kind: 'nobody' | 'foreign'; readonly local: Endpoint };

const looseDoor = (given: LooseDoor): Door => ({
  peer: null, score: 0, current: true, ...given, sock: null, open: given.present && given.kind === 'foreign', state: null, provenance: null, unread: 0, unreadByPeer: 0,
  inFull: 1, outFull: 1, refused: 0, waiting: 0, idle: false, backlog: null,
});
