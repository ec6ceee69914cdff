// What the analysis remembers of each flow, as columns: two rows a flow, one for each direction, and one row for both. Beneath tcpAnalyser.ts,
// which alone writes.

import { TCP_FLAGS } from '../../codec/tcp/codec';
import { grown } from '../flows/growing';

const { SYN, ACK, FIN, RST } = TCP_FLAGS;
/** The three bits of accurate ECN together, and what a SYN-ACK that agrees to it has in them (RFC 9768 3.1.1, table 2). */
const ACE = TCP_FLAGS.AE | TCP_FLAGS.CWR | TCP_FLAGS.ECE;
const AGREED: ReadonlySet<number> = new Set([0b010, 0b011, 0b100, 0b110]);
/** tcp.completeness. */
const COMPLETENESS = { SYN: 1, SYN_ACK: 2, ACK: 4, DATA: 8, FIN: 16, RST: 32 } as const;
/** Of `duplicates`. */
export const UNSEEN = 0xffff_ffff;
/** No packet has it. */
const UNKNOWN_WINDOW = 0xffff_ffff;

export class TcpDirections {
  room = 0;
  /** Sequence numbers; 0: not known yet. */
  nextSequence = new Uint32Array(0);
  lastAck = new Uint32Array(0);
  maxToBeAcked = new Uint32Array(0);
  /** As on the wire; UNKNOWN_WINDOW before the first packet. */
  window = new Uint32Array(0);
  /** Of the last packet. */
  lastBits = new Uint32Array(0);
  /** Duplicate ACKs so far; UNSEEN: an ACK of what was not captured came before (which counts as many, as in Wireshark). */
  duplicates = new Uint32Array(0);
  /** Packet numbers. */
  lastFresh = new Uint32Array(0);
  nextFrame = new Uint32Array(0);
  /** ns since the capture's first packet. */
  lastAckTime = new Float64Array(0);
  nextTime = new Float64Array(0);
  /** -1 unknown, -2 not used, else the shift. */
  scale = new Int8Array(0);
  /** Bytes in flight can be told: nothing is missing since the other end's last ACK. */
  inFlightKnown = new Uint8Array(0);
  /** It is known where its numbers count from, and where, as far as the packets so far tell. */
  based = new Uint8Array(0);
  base = new Uint32Array(0);
  firstAck = new Uint8Array(0);
  /** Bytes that its latest packet reports in SACK blocks. */
  sacked = new Uint32Array(0);
  pushed = new Uint8Array(0);
  pushBytes = new Uint32Array(0);
  /** First of its waiting segments in the pool (newest first), 0: none; how many; a number that none of them begins before, and one that none ends after. */
  head = new Uint32Array(0);
  waiting = new Uint16Array(0);
  lowest = new Uint32Array(0);
  highest = new Uint32Array(0);
  /** 1: some of them lie so far apart that none is the lowest. */
  apart = new Uint8Array(0);

  ensure(rows: number): void {
    if (rows <= this.room) return;
    const room = Math.max(rows, this.room * 2);
    const before = this.room;
    this.nextSequence = grown(this.nextSequence, room);
    this.lastAck = grown(this.lastAck, room);
    this.maxToBeAcked = grown(this.maxToBeAcked, room);
    this.window = grown(this.window, room).fill(UNKNOWN_WINDOW, before);
    this.lastBits = grown(this.lastBits, room);
    this.duplicates = grown(this.duplicates, room);
    this.lastFresh = grown(this.lastFresh, room);
    this.nextFrame = grown(this.nextFrame, room);
    this.lastAckTime = grown(this.lastAckTime, room);
    this.nextTime = grown(this.nextTime, room);
    this.scale = grown(this.scale, room).fill(-1, before);
    this.inFlightKnown = grown(this.inFlightKnown, room).fill(1, before);
    this.based = grown(this.based, room);
    this.base = grown(this.base, room);
    this.sacked = grown(this.sacked, room);
    this.firstAck = grown(this.firstAck, room);
    this.pushed = grown(this.pushed, room);
    this.pushBytes = grown(this.pushBytes, room);
    this.head = grown(this.head, room);
    this.waiting = grown(this.waiting, room);
    this.apart = grown(this.apart, room);
    this.lowest = grown(this.lowest, room);
    this.highest = grown(this.highest, room);
    this.room = room;
  }
}

/** Of each flow as a whole. */
export class TcpConnections {
  room = 0;
  /** Time of the latest SYN, and from SYN to ACK: ns since the capture's first packet; NaN: none yet. */
  synTime = new Float64Array(0);
  firstRtt = new Float64Array(0);
  /** Numbers of the first and of the latest packet. */
  first = new Uint32Array(0);
  latest = new Uint32Array(0);
  completeness = new Uint8Array(0);
  begun = new Uint8Array(0);
  /** Which side closed first: 0 nobody yet, 1 the flow's first end, 2 its second. */
  closer = new Uint8Array(0);
  /** Accurate ECN (RFC 9768 3.1.1): 0 not asked for, 1 the SYN asks, 2 the SYN-ACK agrees. */
  accurateEcn = new Uint8Array(0);

  ensure(rows: number): void {
    if (rows <= this.room) return;
    const room = Math.max(rows, this.room * 2);
    this.synTime = grown(this.synTime, room).fill(Number.NaN, this.room);
    this.firstRtt = grown(this.firstRtt, room).fill(Number.NaN, this.room);
    this.first = grown(this.first, room);
    this.latest = grown(this.latest, room);
    this.completeness = grown(this.completeness, room);
    this.begun = grown(this.begun, room);
    this.closer = grown(this.closer, room);
    this.accurateEcn = grown(this.accurateEcn, room);
    this.room = room;
  }

  /** A segment with SYN or FIN: what it agrees on, and who closes. */
  turn(flow: number, side: 0 | 1, flags: number): void {
    if ((flags & FIN) !== 0 && this.closer[flow] === 0) this.closer[flow] = side + 1;
    if ((flags & SYN) === 0) return;
    const marks = (flags & ACE) >> 6;
    if ((flags & ACK) === 0) this.accurateEcn[flow] = marks === 7 ? 1 : 0;
    else if (this.accurateEcn[flow] === 1 && AGREED.has(marks)) this.accurateEcn[flow] = 2;
  }

  /** A packet of the flow comes; the number of the one before it, or its own. */
  begin(flow: number, packet: number, reused: boolean): number {
    if (this.begun[flow] === 0) {
      this.begun[flow] = 1;
      this.first[flow] = packet;
      this.latest[flow] = packet;
      if (reused) this.completeness[flow] = COMPLETENESS.SYN;
    }
    const before = this.latest[flow] ?? packet;
    this.latest[flow] = packet;
    return before;
  }

  /** What of a connection's life was seen. */
  complete(flow: number, flags: number, payload: number, isNew: boolean): void {
    let seen = this.completeness[flow] ?? 0;
    if (isNew) {
      if ((flags & (SYN | ACK)) === SYN) seen |= COMPLETENESS.SYN | (payload > 0 ? COMPLETENESS.DATA : 0);
    } else {
      if ((flags & (SYN | ACK)) === (SYN | ACK)) seen |= COMPLETENESS.SYN_ACK;
      if ((flags & (SYN | ACK)) === ACK) seen |= payload > 0 ? COMPLETENESS.DATA : COMPLETENESS.ACK;
      if ((flags & (FIN | ACK)) === (FIN | ACK)) seen |= COMPLETENESS.FIN;
      if ((flags & RST) !== 0) seen |= COMPLETENESS.RST;
    }
    this.completeness[flow] = seen;
  }

  /** The initial round-trip time: from the latest SYN to the first ACK after it. */
  shake(flow: number, flags: number, time: number): void {
    if ((flags & (SYN | ACK)) === SYN) this.synTime[flow] = time;
    if ((flags & (SYN | ACK)) !== ACK || !Number.isNaN(this.firstRtt[flow] ?? 0)) return;
    const syn = this.synTime[flow] ?? Number.NaN;
    if (!Number.isNaN(syn) && time !== syn) this.firstRtt[flow] = time - syn;
  }
}
