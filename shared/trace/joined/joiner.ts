// Joins the kernel's packets to the story that the calls tell, packet by packet as they come (dashed becomes solid), and makes connections of those
// of which no call of ours tells at all. Part of the fold; each packet is in the picture once. What it cannot place yet waits for its calls.

import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { HostIx } from '../../base/brand';
import { headOf } from '../capturedPackets';
import type { Conn } from '../foldConnections';
import type { Fold } from '../foldContext';
import { foreignHost } from '../foldPrograms';
import { joinAck, joinFin, joinRst, joinSyn } from './control';
import { DatagramJoin, type WireDatagram } from './datagrams';
import { Life, type WireSegment } from './life';
import { QuickHead, type Quick } from './quickHead';
import { joinData } from './stream';
import { driveStates } from './wireStates';

/** A call that no fact has told of so long after its packet (µs) will not be told of. */
const PATIENCE = 200_000;
/** A connection in the queue of a server that does not come to accept() waits longer; its packets do too, so many at most. */
const QUEUED = 4096;

export class Joiner {
  private readonly lives = new Map<number, Life[]>();
  private readonly ofConn: (Life | undefined)[] = [];
  /** Connections of which no packet has come, by their four numbers, oldest first. */
  private readonly unbound = new Map<number, Conn[]>();
  private readonly waiting = new Set<Life>();
  private readonly early: WireDatagram[] = [];
  readonly datagrams: DatagramJoin;
  private readonly quick: QuickHead;
  private conns = 0;
  private now = 0;

  constructor(private readonly fold: Fold) {
    this.datagrams = new DatagramJoin(fold);
    this.quick = new QuickHead(fold.ends);
  }

  /** packet.captured */
  packet(seq: number, t: number): void {
    const { trace, ends } = this.fold;
    const { columns, row } = trace.locate(seq);
    const bytes = trace.payload(seq);
    const quick = this.quick.read(bytes, columns.a[row] as number, columns.size[row] as number);
    if (quick !== null) {
      this.now = t;
      const { fromEnd, toEnd, size, start, end, tcp } = quick;
      if (tcp === null) this.datagram({ seq, t, fromEnd, toEnd, size, payload: { start, end }, unreachable: false });
      else this.segment(wireOf(tcp, { seq, t, fromEnd, toEnd, size, payloadStart: start }));
      return;
    }
    const head = headOf(bytes, columns.a[row] as number, Math.max(0, (columns.size[row] as number) - bytes.length));
    this.now = t;
    if (head === null) return;
    const fromEnd = ends.of(head.from.address, head.from.port);
    const toEnd = ends.of(head.to.address, head.to.port);
    const { payload, size } = head.packet;
    if (head.packet.tcp === null) this.datagram({ seq, t, fromEnd, toEnd, size, payload, unreachable: head.transport === 'icmp' });
    else this.segment(wireOf(head.packet.tcp, { seq, t, fromEnd, toEnd, size, payloadStart: payload.start }));
  }

  /** Everything that the facts so far can tell is told: what waits looks again. `over`: no more facts will tell. */
  settle(t: number, over = false): void {
    this.now = Math.max(this.now, t);
    for (const life of [...this.waiting]) this.work(life, over);
    if (this.early.length === 0) return;
    const left = this.early.filter((packet) => !this.datagrams.join(packet, over || this.isLate(packet.t)));
    this.early.splice(0, this.early.length, ...left);
  }

  private datagram(packet: WireDatagram): void {
    if (!this.datagrams.join(packet, false)) this.early.push(packet);
  }

  private segment(packet: WireSegment): void {
    this.learn();
    const life = this.lifeOf(packet);
    life.queue.push(packet);
    this.work(life, false);
  }

  private isLate(t: number): boolean {
    return this.now - t > PATIENCE;
  }

  /** Connections that the calls have told of since: each gets the packets of its four numbers. */
  private learn(): void {
    const { rows } = this.fold.conns;
    for (; this.conns < rows.length; this.conns++) {
      const conn = rows[this.conns];
      if (conn === undefined || conn.unix || this.ofConn[conn.id] !== undefined) continue;
      const life = this.lifeFor(conn);
      if (life !== undefined) this.bind(life, conn);
      else {
        const mine = key(conn.client.end, conn.server.end);
        this.unbound.set(mine, [...(this.unbound.get(mine) ?? []), conn]);
      }
    }
  }

  private lifeFor(conn: Conn): Life | undefined {
    const { ends } = this.fold;
    if (ends.get(conn.client.end).port !== 0) return this.lives.get(key(conn.client.end, conn.server.end))?.find((life) => life.conn === null);
    // connect() failed before it was told its own port: its SYN tells.
    for (const there of this.lives.values()) {
      const found = there.find((life) => life.conn === null && life.syn !== null && life.serverEnd === conn.server.end && life.began >= conn.startedAt - PATIENCE);
      if (found === undefined) continue;
      conn.client.end = found.clientEnd;
      return found;
    }
    return undefined;
  }

  private bind(life: Life, conn: Conn): void {
    life.conn = conn;
    this.ofConn[conn.id] = life;
  }

  private lifeOf(packet: WireSegment): Life {
    const up = key(packet.fromEnd, packet.toEnd);
    const down = key(packet.toEnd, packet.fromEnd);
    const there = this.lives.get(up) ?? this.lives.get(down);
    const last = there?.at(-1);
    const isSyn = (packet.flags & (TCP_FLAGS.SYN | TCP_FLAGS.ACK)) === TCP_FLAGS.SYN;
    if (last !== undefined && !(isSyn && last.syn !== packet.sequence)) return last;
    const [clientEnd, serverEnd] = isSyn || (there === undefined && this.isFromClient(packet)) || this.lives.has(up) ? [packet.fromEnd, packet.toEnd] : [packet.toEnd, packet.fromEnd];
    const life = new Life(clientEnd, serverEnd, packet.t, isSyn ? packet.sequence : null);
    const mine = key(clientEnd, serverEnd);
    const lives = this.lives.get(mine);
    if (lives === undefined) this.lives.set(mine, [life]);
    else lives.push(life);
    const conn = this.unbound.get(mine)?.shift();
    if (conn !== undefined) this.bind(life, conn);
    return life;
  }

  /** Of a connection whose beginning was not captured: a connection of the story tells, a SYN-ACK, else the higher port is the client's. */
  private isFromClient(packet: WireSegment): boolean {
    const { ends, conns } = this.fold;
    for (const { client, server } of conns.rows) {
      if (client.end === packet.fromEnd && server.end === packet.toEnd) return true;
      if (client.end === packet.toEnd && server.end === packet.fromEnd) return false;
    }
    if ((packet.flags & TCP_FLAGS.SYN) !== 0) return false;
    return ends.get(packet.fromEnd).port >= ends.get(packet.toEnd).port;
  }

  private work(life: Life, over: boolean): void {
    this.learn();
    const conn = life.conn ?? this.foreign(life, over);
    let done = 0;
    if (conn !== null) for (const packet of life.queue) if (this.join(life, conn, packet, over || this.isLate(packet.t))) done++; else break;
    life.queue.splice(0, done);
    if (life.queue.length > 0) this.waiting.add(life);
    else this.waiting.delete(life);
  }

  /** False: it waits. */
  private join(life: Life, conn: Conn, packet: WireSegment, sure: boolean): boolean {
    const { fold } = this;
    const up = packet.fromEnd === life.clientEnd;
    const way = life.way(up);
    const { flags } = packet;
    if ((flags & TCP_FLAGS.RST) !== 0) {
      if (!joinRst(fold, life, conn, packet, up, sure)) return false;
    } else if ((flags & TCP_FLAGS.SYN) !== 0) {
      if (!joinSyn(fold, life, conn, packet, up, sure)) return false;
    } else {
      way.base ??= this.baseOf(life, conn, packet, up);
      const fin = (flags & TCP_FLAGS.FIN) !== 0;
      let data = -1;
      if (packet.size > 0) {
        // The FIN in the same packet must be known as well before anything is done.
        if (fin && !sure && way.fin < 0 && (up ? conn.up : conn.down).fin < 0 && (up ? conn.client : conn.server).sock !== null) return false;
        data = joinData(fold, life, conn, packet, up, sure);
        if (data < 0) return false;
      }
      if (fin && !joinFin(fold, life, conn, packet, up, data, sure)) return false;
      if (packet.size === 0 && !fin) joinAck(fold, life, conn, packet, up);
    }
    driveStates(life, conn, packet, up, life.now);
    way.acknowledged = packet.acknowledgment;
    way.window = packet.window;
    way.last = packet.t;
    return true;
  }

  /** Of a connection that had begun before: the number of its first byte, by what its calls had sent when this packet came. */
  private baseOf(life: Life, conn: Conn, packet: WireSegment, up: boolean): number {
    const stream = up ? conn.up : conn.down;
    const other = life.way(!up);
    const sock = (up ? conn.client : conn.server).sock;
    let before = 0;
    if (sock !== null) {
      before = Math.max(stream.sentAt(packet.seq) - packet.size, 0);
      const { segments, trace } = this.fold;
      // Clocks apart by a little: the send() may be recorded behind its packet, or the next one before it. The bytes tell.
      const bytes = trace.payload(packet.seq).subarray(packet.payloadStart, packet.payloadStart + packet.size);
      for (let index = stream.segments.length - 1; bytes.length > 0 && index >= 0 && index >= stream.segments.length - 8; index--) {
        const id = stream.segments.at(index);
        const told = trace.payload(segments.payloadOf(id));
        if (told.length > 0 && bytes.subarray(0, told.length).every((byte, at) => byte === told[at])) {
          before = segments.offsetOf(id);
          break;
        }
      }
    } else if (stream.received > 0) before = stream.receivedAt(packet.seq);
    life.way(up).front = before;
    if (other.base === null && (packet.flags & TCP_FLAGS.ACK) !== 0 && conn.client.sock === null && conn.server.sock === null) other.base = packet.acknowledgment;
    life.opened = 3;
    return (packet.sequence - before) >>> 0;
  }

  /** A connection between programs that are not ours; null while one of ours may still turn out to have it. */
  private foreign(life: Life, over: boolean): Conn | null {
    const { fold } = this;
    if (!over && !this.isLate(life.began) && this.mayBeOurs(life)) return null;
    if (!over && this.waitsForAccept(life)) return null;
    const conn = fold.conns.add(life.began, this.hostAt(life.clientEnd), life.clientEnd, this.hostAt(life.serverEnd), life.serverEnd);
    conn.client.foreign = conn.server.foreign = true;
    conn.captured = true;
    this.bind(life, conn);
    return conn;
  }

  private mayBeOurs({ clientEnd, serverEnd }: Life): boolean {
    const { ends, hosts, sockets, conns } = this.fold;
    if (conns.connectingFrom(clientEnd, serverEnd) !== null || conns.connectingTo(serverEnd).size > 0 || sockets.lastAt(serverEnd, 'SOCK_STREAM') !== null) return true;
    return [clientEnd, serverEnd].some((end) => hosts.ours(ends.get(end).address).length > 0);
  }

  /** A listening socket of ours has it in its queue, until accept() or its end. */
  private waitsForAccept({ serverEnd, queue }: Life): boolean {
    return this.fold.sockets.listenerAt(serverEnd) !== null && queue.length < QUEUED;
  }

  private hostAt(end: number): HostIx {
    const { hosts, ends, sockets } = this.fold;
    const { address } = ends.get(end);
    return sockets.lastAt(end, 'SOCK_STREAM')?.host ?? hosts.ours(address)[0]?.index ?? foreignHost(this.fold, 'tcp', end);
  }
}

/** Both ids stay below 2^26, so the product is exact. */
const key = (clientEnd: number, serverEnd: number): number => clientEnd * 0x400_0000 + serverEnd;

/** By its columns, not by spreading: there is one for each packet. */
const wireOf = ({ sequence, acknowledgment, flags, window }: NonNullable<Quick['tcp']>, { seq, t, fromEnd, toEnd, size, payloadStart }: Pick<WireSegment, 'seq' | 't' | 'fromEnd' | 'toEnd' | 'size' | 'payloadStart'>): WireSegment => ({
  seq, t, fromEnd, toEnd, size, payloadStart, sequence, acknowledgment, flags, window,
});
