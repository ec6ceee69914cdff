// Connections of a trace: rows and the pairing of their two ends. A tuple of endpoints may live more than once; ends of the
// same tuple are paired in order of time. An end that has no partner among our sockets belongs to a program that is not ours.

import { connId, micros, type HostIx } from '../base/brand';
import { I32List } from '../base/lists';
import type { EndpointTable } from './foldHosts';
import type { SocketRow } from './foldSockets';
import { Stream, streamModel } from './foldStreams';
import type { TraceStore } from './store';
import type { ConnectionModel, StateChange } from './story';

export interface Side {
  sock: SocketRow | null;
  host: HostIx;
  end: number;
  /** True once it is certain that the program on this side is not ours. */
  foreign: boolean;
  /** Its FIN went over the wire. */
  finSent: boolean;
  /** It takes no more bytes: closed, or shut down for reading (then data in a FIN_WAIT state is answered with RST). */
  deaf: boolean;
  /** The fact that closed it; -1 while it is open. */
  closedSeq: number;
  /** Its recv() returned 0 at this fact, for a FIN or for a RST: the next call on the socket tells. -1 when nothing is open. */
  unsureEnd: number;
  /** Its TCP states as captured segments show them (joined/wireStates.ts); empty without. */
  readonly wire: StateChange[];
}

const side = (host: HostIx, end: number): Side => ({ sock: null, host, end, foreign: false, finSent: false, deaf: false, closedSeq: -1, unsureEnd: -1, wire: [] });

export class Conn {
  readonly client: Side;
  readonly server: Side;
  readonly up: Stream;
  readonly down: Stream;
  endedAt = Number.NaN;
  outcome: ConnectionModel['outcome'] = 'open';
  /**
   * AF_UNIX: no segment but those of the bytes themselves. Its clients have no name, so ends are paired by order alone: that of accept() on a
   * path is that of connect(), for the kernel's queue is one (Linux unix_stream_connect, unix_accept).
   */
  unix = false;
  /** Only packets tell of it: both its programs are not ours. */
  captured = false;
  /** Its last RST segment; -1 without. */
  rst = -1;
  /** Facts that began it: connect() called, connect() returned, accept() returned; -1 when not seen. */
  connectSeq = -1;
  connectedSeq = -1;
  acceptedSeq = -1;
  /** Its SYN segment (SYN-ACK and ACK follow it); -1 before it is inferred. */
  handshake = -1;
  /** The listening socket in whose queue it waits; null once accepted, and for a server that is not ours. */
  queuedAt: SocketRow | null = null;
  /** Its moments in order: facts as themselves, what is inferred as ~item (foldCalls.ts). */
  readonly codes = new I32List();

  constructor(readonly id: number, trace: TraceStore, readonly startedAt: number, clientHost: HostIx, clientEnd: number, serverHost: HostIx, serverEnd: number) {
    this.client = side(clientHost, clientEnd);
    this.server = side(serverHost, serverEnd);
    this.up = new Stream(trace);
    this.down = new Stream(trace);
  }

  end(t: number, outcome: ConnectionModel['outcome']): void {
    if (this.outcome !== 'open') return;
    this.outcome = outcome;
    this.endedAt = t;
  }
}

export class ConnTable {
  readonly rows: Conn[] = [];
  /** Connections that wait for their other end, by tuple, oldest first. */
  private readonly forClient = new Map<number, Conn[]>();
  private readonly forServer = new Map<number, Conn[]>();
  /** Sockets in connect(), by the endpoint that they connect to: those whose own port is known, by it, and the others. */
  private readonly connecting = new Map<number, Connecting>();
  /** Accepted connections whose client may still turn out to be ours, by server endpoint. */
  private readonly undecided = new Map<number, Set<Conn>>();

  constructor(private readonly trace: TraceStore) {}

  get(id: number): Conn {
    const conn = this.rows[id - 1];
    if (conn === undefined) throw new RangeError(`no connection ${id}`);
    return conn;
  }

  add(t: number, clientHost: HostIx, clientEnd: number, serverHost: HostIx, serverEnd: number): Conn {
    const conn = new Conn(this.rows.length + 1, this.trace, t, clientHost, clientEnd, serverHost, serverEnd);
    this.rows.push(conn);
    return conn;
  }

  awaitsClient(conn: Conn): void {
    push(this.forClient, tuple(conn), conn);
  }

  awaitsServer(conn: Conn): void {
    push(this.forServer, tuple(conn), conn);
  }

  /** The oldest connection of the tuple that lacks this end; it waits no longer. */
  takeForClient(clientEnd: number, serverEnd: number): Conn | null {
    const conn = shift(this.forClient, key(clientEnd, serverEnd));
    if (conn !== null) this.decided(conn);
    return conn;
  }

  takeForServer(clientEnd: number, serverEnd: number): Conn | null {
    return shift(this.forServer, key(clientEnd, serverEnd));
  }

  /** Connections in the accept queue of a listening socket, oldest first; they leave it with this call. */
  takeQueueOf(listener: SocketRow): readonly Conn[] {
    const queue: Conn[] = [];
    for (const there of [...this.forServer.values()]) queue.push(...there.filter((conn) => conn.queuedAt === listener));
    for (const conn of queue) {
      remove(this.forServer, tuple(conn), conn);
      conn.queuedAt = null;
    }
    return queue.sort((one, other) => one.connectedSeq - other.connectedSeq);
  }

  connectBegins(sock: SocketRow, portIsKnown: boolean): void {
    const there = this.connecting.get(sock.remoteEnd) ?? { bound: new Map<number, SocketRow>(), unbound: new Set<SocketRow>() };
    this.connecting.set(sock.remoteEnd, there);
    if (portIsKnown) there.bound.set(sock.localEnd, sock);
    else there.unbound.add(sock);
  }

  /** Call it before the socket's endpoints change. */
  connectEnds(sock: SocketRow): void {
    const there = this.connecting.get(sock.remoteEnd);
    if (there === undefined) return;
    there.unbound.delete(sock);
    if (there.bound.get(sock.localEnd) === sock) there.bound.delete(sock.localEnd);
    if (there.bound.size + there.unbound.size === 0) this.connecting.delete(sock.remoteEnd);
  }

  /** The socket of ours that is in connect() to `serverEnd` from just this endpoint. */
  connectingFrom(clientEnd: number, serverEnd: number): SocketRow | null {
    return this.connecting.get(serverEnd)?.bound.get(clientEnd) ?? null;
  }

  /** Sockets of ours that are in connect() to `serverEnd` from a port that is not known yet. */
  connectingTo(serverEnd: number): ReadonlySet<SocketRow> {
    return this.connecting.get(serverEnd)?.unbound ?? NOBODY;
  }

  undecide(conn: Conn): void {
    const there = this.undecided.get(conn.server.end);
    if (there === undefined) this.undecided.set(conn.server.end, new Set([conn]));
    else there.add(conn);
  }

  /** Undecided connections to `serverEnd`; `keep` says which of them stay so. Returns the others. */
  decide(serverEnd: number, keep: (conn: Conn) => boolean): readonly Conn[] {
    const decided = [...(this.undecided.get(serverEnd) ?? [])].filter((conn) => !keep(conn));
    for (const conn of decided) {
      remove(this.forClient, tuple(conn), conn);
      this.decided(conn);
    }
    return decided;
  }

  private decided(conn: Conn): void {
    const there = this.undecided.get(conn.server.end);
    there?.delete(conn);
    if (there?.size === 0) this.undecided.delete(conn.server.end);
  }
}

interface Connecting {
  readonly bound: Map<number, SocketRow>;
  readonly unbound: Set<SocketRow>;
}

const NOBODY: ReadonlySet<SocketRow> = new Set();

/** Both ids stay below 2^26, so the product is exact. */
const key = (clientEnd: number, serverEnd: number): number => clientEnd * 0x400_0000 + serverEnd;
const tuple = (conn: Conn): number => key(conn.client.end, conn.server.end);

function push<V>(map: Map<number, V[]>, at: number, value: V): void {
  const there = map.get(at);
  if (there === undefined) map.set(at, [value]);
  else there.push(value);
}

function shift(map: Map<number, Conn[]>, at: number): Conn | null {
  const there = map.get(at);
  const first = there?.shift() ?? null;
  if (there?.length === 0) map.delete(at);
  return first;
}

function remove(map: Map<number, Conn[]>, at: number, conn: Conn): void {
  const there = map.get(at);
  if (there === undefined) return;
  const place = there.indexOf(conn);
  if (place >= 0) there.splice(place, 1);
  if (there.length === 0) map.delete(at);
}

export const connectionModel = (conn: Conn, ends: EndpointTable): ConnectionModel => ({
  id: connId(conn.id),
  client: { host: conn.client.host, sock: conn.client.sock?.id ?? null, endpoint: ends.get(conn.client.end), states: conn.client.wire },
  server: { host: conn.server.host, sock: conn.server.sock?.id ?? null, endpoint: ends.get(conn.server.end), states: conn.server.wire },
  startedAt: micros(conn.startedAt),
  endedAt: Number.isNaN(conn.endedAt) ? null : micros(conn.endedAt),
  outcome: conn.outcome,
  up: streamModel(conn.up),
  down: streamModel(conn.down),
});
