// Segments and datagrams of a trace as columns; Segment objects are made for readers. What can be read off the connection
// (hosts, sockets, endpoints, fate of bytes) is not stored twice.

import { connId, eventSeq, hostIx, micros, sockId, type HostIx, type SockId } from '../base/brand';
import type { InferenceRule, Provenance } from './event';
import type { Conn } from './foldConnections';
import type { EndpointTable } from './foldHosts';
import { DATA, DATAGRAM, FATE_OF_FLIGHT, KINDS, RULES, SPECIALS, UNREACHABLE, columns, grown, kindCode } from './segmentColumns';
import type { Segment, SegmentKind, SegmentSpecial, Table } from './story';

/** Who is at an endpoint of a datagram: asked when an object is made, because a peer may turn out later not to be ours. */
export type HostAt = (end: number, sock: number) => HostIx;

export class SegmentTable implements Table<Segment> {
  count = 0;
  private rows = columns(64);

  /** Segments by the fact `packet.captured` that each is. */
  readonly ofPacket = new Map<number, number>();
  /** Whether packets that left at that time were recorded, as far as that is known (joined/captureSpans.ts). */
  wasMissed: (depart: number) => boolean = () => false;

  constructor(private readonly ends: EndpointTable, private readonly connOf: (id: number) => Conn, private readonly hostAt: HostAt) {}

  /** A segment with nothing but its kind and time; the setters give the rest. Returns its id. */
  add(kind: SegmentKind, depart: number, rule: InferenceRule | null, ground1 = -1, ground2 = -1): number {
    if (this.count === this.rows.capacity) this.rows = grown(this.rows);
    const id = this.count++;
    const rows = this.rows;
    rows.kind[id] = kindCode(kind);
    rows.depart[id] = depart;
    rows.arrive[id] = Number.NaN;
    rows.rule[id] = RULES.indexOf(rule);
    rows.ground1[id] = ground1;
    rows.ground2[id] = ground2;
    rows.ground3[id] = -1;
    rows.payload[id] = rows.sent[id] = rows.received[id] = rows.anchor[id] = rows.packet[id] = rows.within[id] = -1;
    return id;
  }

  onConnection(id: number, conn: number, up: boolean): void {
    this.rows.conn[id] = conn;
    this.rows.up[id] = up ? 1 : 0;
  }

  between(id: number, fromEnd: number, fromSock: number, toEnd: number, toSock: number): void {
    this.rows.fromEnd[id] = fromEnd;
    this.rows.fromSock[id] = fromSock;
    this.rows.toEnd[id] = toEnd;
    this.rows.toSock[id] = toSock;
  }

  /** An ICMP message goes back to where datagram `to` came from. */
  answers(id: number, to: number): void {
    const rows = this.rows;
    this.between(id, rows.toEnd[to] as number, 0, rows.fromEnd[to] as number, rows.fromSock[to] as number);
  }

  fromAddress(id: number): string {
    return this.ends.get(this.rows.fromEnd[id] as number).address;
  }

  carries(id: number, offset: number, size: number, payload: number): void {
    this.rows.offset[id] = offset;
    this.rows.size[id] = size;
    this.rows.payload[id] = payload;
  }

  /** Its payload are the bytes of fact `payload` after `skip`. */
  payloadIs(id: number, payload: number, skip: number): void {
    this.rows.payload[id] = payload;
    this.rows.skip[id] = skip;
  }

  /** Fact `packet` is it, as it stood on the wire; it left at `depart`. */
  capture(id: number, packet: number, flags: number, depart: number): void {
    const rows = this.rows;
    rows.packet[id] = packet;
    rows.flags[id] = flags;
    rows.depart[id] = depart;
    if ((rows.arrive[id] as number) < depart) rows.arrive[id] = depart;
    this.ofPacket.set(packet, id);
  }

  /** It went in segment `carrier`, with others. */
  joins(id: number, carrier: number): void {
    const rows = this.rows;
    rows.within[id] = carrier;
    rows.depart[id] = rows.depart[carrier] as number;
    if ((rows.arrive[id] as number) < (rows.depart[id] as number)) rows.arrive[id] = rows.depart[id] as number;
  }

  /** The rest of data segment `id` from stream offset `at` on as a segment of its own; `id` ends there. */
  split(id: number, at: number): number {
    const rows = this.rows;
    const tail = this.add('data', rows.depart[id] as number, this.ruleOf(id), rows.ground1[id], rows.ground2[id]);
    const cut = at - (rows.offset[id] as number);
    this.onConnection(tail, this.rows.conn[id] as number, this.upOf(id));
    this.carries(tail, at, (this.rows.size[id] as number) - cut, this.rows.payload[id] as number);
    this.rows.skip[tail] = (this.rows.skip[id] as number) + cut;
    this.rows.sent[tail] = this.rows.sent[id] as number;
    this.rows.size[id] = cut;
    return tail;
  }

  setSpecial(id: number, special: SegmentSpecial): void {
    this.rows.special[id] = SPECIALS.indexOf(special);
  }

  /** The fact `packet.captured` that it is; -1 without. */
  packetOf(id: number): number {
    return this.rows.packet[id] as number;
  }

  payloadOf(id: number): number {
    return this.rows.payload[id] as number;
  }

  connIdOf = (id: number): number => this.rows.conn[id] as number;

  skipOf(id: number): number {
    return this.rows.skip[id] as number;
  }

  /** A fact that it follows from, where the sender's own calls are told (they come before it); else -1. */
  groundOf(id: number, own: boolean): number {
    return own ? (this.rows.ground1[id] as number) : -1;
  }

  departOf(id: number): number {
    return this.rows.depart[id] as number;
  }

  fromEndOf(id: number): number {
    return this.rows.fromEnd[id] as number;
  }

  toEndOf(id: number): number {
    return this.rows.toEnd[id] as number;
  }

  withinOf(id: number): number {
    return this.rows.within[id] as number;
  }

  sentBy(id: number, seq: number): void {
    this.rows.sent[id] = seq;
  }

  /** First seen at the receiver. */
  arrived(id: number, t: number, seq: number): void {
    this.rows.arrive[id] = this.rows.packet[id] === -1 ? t : Math.max(t, this.rows.depart[id] as number);
    this.rows.received[id] = seq;
  }

  /** One more fact that an inferred segment follows from. */
  alsoFrom(id: number, seq: number): void {
    const rows = this.rows;
    if (rows.ground1[id] === seq || rows.ground2[id] === seq) return;
    if (rows.ground1[id] === -1) rows.ground1[id] = seq;
    else if (rows.ground2[id] === -1) rows.ground2[id] = seq;
    else rows.ground3[id] = seq;
  }

  ruleOf(id: number): InferenceRule | null {
    return RULES[this.rows.rule[id] as number] ?? null;
  }

  setRule(id: number, rule: InferenceRule): void {
    this.rows.rule[id] = RULES.indexOf(rule);
  }

  setFlight(id: number, flight: number): void {
    this.rows.flight[id] = flight;
  }

  flightOf(id: number): number {
    return this.rows.flight[id] as number;
  }

  setAnchor(id: number, anchor: number): void {
    this.rows.anchor[id] = anchor;
  }

  anchorOf(id: number): number {
    return this.rows.anchor[id] as number;
  }

  sentSeqOf(id: number): number {
    return this.rows.sent[id] as number;
  }

  receivedSeqOf(id: number): number {
    return this.rows.received[id] as number;
  }

  upOf(id: number): boolean {
    return this.rows.up[id] === 1;
  }

  kindOf(id: number): SegmentKind {
    const kind = id < this.count ? KINDS[this.rows.kind[id] as number] : undefined;
    if (kind === undefined) throw new RangeError(`no segment ${id}, the story has ${this.count}`);
    return kind;
  }

  offsetOf(id: number): number {
    return this.rows.offset[id] as number;
  }

  sizeOf(id: number): number {
    return this.rows.size[id] as number;
  }

  at(id: number): Segment {
    if (id < 0 || id >= this.count) throw new RangeError(`no segment ${id}, the story has ${this.count}`);
    const rows = this.rows;
    const arrive = this.cameAt(id);
    return {
      id,
      kind: KINDS[rows.kind[id] as number] as SegmentKind,
      ...(rows.conn[id] === 0 ? this.datagramEnds(id) : this.connectionEnds(id)),
      depart: micros(rows.depart[id] as number),
      arrive: Number.isNaN(arrive) ? null : micros(arrive),
      payloadSeq: orNull(rows.payload[id] as number),
      payloadAt: rows.skip[id] as number,
      sentSeq: orNull(rows.sent[id] as number),
      receivedSeq: orNull(rows.received[id] as number),
      offset: rows.offset[id] as number,
      size: rows.size[id] as number,
      fate: this.fate(id),
      provenance: this.provenance(id),
      flags: rows.packet[id] === -1 ? null : (rows.flags[id] as number),
      special: SPECIALS[rows.special[id] as number] ?? null,
      within: (rows.within[id] as number) < 0 ? null : (rows.within[id] as number),
      missed: rows.packet[id] === -1 && rows.within[id] === -1 && this.wasMissed(rows.depart[id] as number) && (rows.conn[id] === 0 || !this.connOf(rows.conn[id] as number).unix),
    };
  }

  private connectionEnds(id: number): Pick<Segment, 'transport' | 'conn' | 'dir' | 'fromHost' | 'toHost' | 'fromSock' | 'toSock' | 'from' | 'to'> {
    const conn = this.connOf(this.rows.conn[id] as number);
    const up = this.rows.up[id] === 1;
    const [from, to] = up ? [conn.client, conn.server] : [conn.server, conn.client];
    return {
      transport: conn.unix ? 'unix' : 'tcp', conn: connId(conn.id), dir: up ? 'up' : 'down', fromHost: from.host, toHost: to.host,
      fromSock: from.sock?.id ?? null, toSock: to.sock?.id ?? null, from: this.ends.get(from.end), to: this.ends.get(to.end),
    };
  }

  private datagramEnds(id: number): Pick<Segment, 'transport' | 'conn' | 'dir' | 'fromHost' | 'toHost' | 'fromSock' | 'toSock' | 'from' | 'to'> {
    const rows = this.rows;
    const fromEnd = rows.fromEnd[id] as number;
    const toEnd = rows.toEnd[id] as number;
    return {
      transport: rows.kind[id] === UNREACHABLE ? 'icmp' : 'udp', conn: null, dir: null,
      fromHost: hostIx(this.hostAt(fromEnd, rows.fromSock[id] as number)), toHost: hostIx(this.hostAt(toEnd, rows.toSock[id] as number)),
      fromSock: orNoSocket(rows.fromSock[id] as number), toSock: orNoSocket(rows.toSock[id] as number),
      from: this.ends.get(fromEnd), to: this.ends.get(toEnd),
    };
  }

  private fate(id: number): Segment['fate'] {
    const rows = this.rows;
    if (rows.kind[id] === DATAGRAM) return FATE_OF_FLIGHT[rows.flight[id] as number] ?? 'unread';
    if (rows.kind[id] !== DATA) return 'none';
    const conn = this.connOf(rows.conn[id] as number);
    const up = rows.up[id] === 1;
    const stream = up ? conn.up : conn.down;
    const offset = rows.offset[id] as number;
    if (offset + (rows.size[id] as number) <= stream.received) return 'read';
    if ((up ? conn.server : conn.client).foreign) return 'unknown';
    if (offset < stream.received) return 'partly';
    return offset >= stream.lostFrom ? 'lost' : 'unread';
  }

  /** The packet that it is, or is in; -1 without. */
  private carrierOf(id: number): number {
    const within = this.rows.within[id] as number;
    return this.rows.packet[within < 0 ? id : within] as number;
  }

  /** A captured one had come when it left; another when a call told of it; NaN: none did. A datagram may find no room: recvfrom() tells. */
  private cameAt(id: number): number {
    const told = this.rows.arrive[id] as number;
    return this.carrierOf(id) < 0 || (this.rows.kind[id] === DATAGRAM && Number.isNaN(told)) ? told : (this.rows.depart[id] as number);
  }

  private provenance(id: number): Provenance {
    const rows = this.rows;
    const [rule, packet] = [this.ruleOf(id), this.carrierOf(id)];
    if (rule === null && packet < 0) return { evidence: 'observed' };
    const grounds = [rows.ground1[id], rows.ground2[id], rows.ground3[id]].filter((seq) => seq !== undefined && seq >= 0);
    const from = grounds.map((seq) => eventSeq(seq as number));
    if (packet >= 0) return { evidence: 'captured', packet: eventSeq(packet), rule, from };
    return rule === null ? { evidence: 'observed' } : { evidence: 'inferred', rule, from };
  }
}

const orNull = (seq: number): ReturnType<typeof eventSeq> | null => (seq < 0 ? null : eventSeq(seq));
const orNoSocket = (id: number): SockId | null => (id === 0 ? null : sockId(id));
