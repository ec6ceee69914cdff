// Datagrams: pairs sendto() with recvfrom() by addresses and payload, oldest first, and tells what became of the rest.
// Two sockets on loopback keep the order of their datagrams, so what a later one has overtaken is lost.

import { isWildcard } from './foldHosts';
import type { Fold } from './foldContext';
import { FLIGHT } from './segmentColumns';
import { foreignHost } from './foldPrograms';
import type { SocketRow } from './foldSockets';
import type { DatagramJoin } from './joined/datagrams';
import { INSTANT, observedState } from './inferStates';

export class Datagrams {
  /** Segments on their way to a socket of ours, oldest first, by receiving socket and source port. */
  private readonly waiting = new Map<number, number[]>();
  /** Received before their sendto() was recorded (sockets of two threads), by the same key. */
  private readonly early = new Map<number, number[]>();
  /** Sent to an address of ours where no socket of ours is bound. */
  private adrift: number[] = [];
  private readonly foreignEnds = new Set<number>();
  private over = false;

  constructor(private readonly fold: Fold, private readonly captured: DatagramJoin) {}

  /** True when a program that is not ours is known to have this endpoint. */
  isForeign(end: number): boolean {
    return this.foreignEnds.has(end);
  }

  /** datagram.sent with success */
  sent(row: SocketRow, seq: number, t: number, localEnd: number, remoteEnd: number, size: number): void {
    const { segments, sockets, hosts, ends } = this.fold;
    if (localEnd !== 0 && row.localEnd === 0) {
      row.localEnd = localEnd;
      sockets.serve(row);
      observedState(row, t, 'BOUND');
    }
    const from = localEnd !== 0 ? localEnd : row.localEnd;
    const to = sockets.datagramAt(remoteEnd);
    const id = segments.add('datagram', t, null);
    segments.between(id, from, row.id, remoteEnd, to?.id ?? 0);
    segments.carries(id, 0, size, seq);
    segments.sentBy(id, seq);
    this.fold.moments.sendsSegment(id);
    row.lastDatagram = id;
    if (to !== null) {
      const key = keyOf(to, ends.get(from).port);
      if (!this.pairEarly(key, id)) push(this.waiting, key, id);
      return;
    }
    const address = ends.get(remoteEnd).address;
    if (this.foreignEnds.has(remoteEnd) || hosts.ours(address).length === 0) {
      if (!isWildcard(address)) foreignHost(this.fold, 'udp', remoteEnd);
      segments.setFlight(id, FLIGHT.unknown);
    } else if (this.over) segments.setFlight(id, FLIGHT.lost);
    else this.adrift.push(id);
  }

  /** datagram.received */
  received(row: SocketRow, seq: number, t: number, localEnd: number, remoteEnd: number): void {
    const { ends, sockets, segments } = this.fold;
    const source = ends.get(remoteEnd);
    const key = keyOf(row, source.port);
    const queue = this.waiting.get(key);
    const place = queue?.findIndex((id) => this.fits(id, seq, source.address)) ?? -1;
    if (queue !== undefined && place >= 0) {
      for (const overtaken of queue.splice(0, place)) segments.setFlight(overtaken, FLIGHT.lost);
      this.pair(queue.shift() as number, seq, t);
      if (queue.length === 0) this.waiting.delete(key);
      return;
    }
    if (sockets.datagramAt(remoteEnd) !== null) {
      push(this.early, key, seq);
      return;
    }
    this.foreignEnds.add(remoteEnd);
    foreignHost(this.fold, 'udp', remoteEnd);
    const { columns, row: at } = this.fold.trace.locate(seq);
    const there = this.captured.takeUnread(remoteEnd, localEnd !== 0 ? localEnd : row.localEnd, columns.size[at] as number);
    if (there >= 0) return this.pair(there, seq, t);
    const id = segments.add('datagram', t - INSTANT, 'peer.sent', seq);
    segments.between(id, remoteEnd, 0, localEnd !== 0 ? localEnd : row.localEnd, row.id);
    segments.carries(id, 0, columns.size[at] as number, seq);
    segments.arrived(id, t, seq);
    segments.setFlight(id, FLIGHT.read);
    this.fold.moments.insert(id, this.fold.moments.rank(seq), t - INSTANT, null);
  }

  /** A call on a connected socket failed with ECONNREFUSED: an ICMP port unreachable answered its last datagram (RFC 1122 4.1.3.3). */
  refused(row: SocketRow, seq: number, t: number): void {
    const { segments, moments } = this.fold;
    const datagram = row.lastDatagram;
    if (datagram < 0) return;
    row.lastDatagram = -1;
    segments.setFlight(datagram, FLIGHT.lost);
    const sentSeq = segments.sentSeqOf(datagram);
    const anchor = moments.rank(sentSeq) + 1;
    const depart = moments.timeOfRank(anchor - 1) + INSTANT;
    const id = segments.add('unreachable', depart, 'udp.unreachable', sentSeq, seq);
    segments.answers(id, datagram);
    segments.arrived(id, t, seq);
    moments.insert(id, anchor, depart, null);
  }

  /** The run is over: what nobody has received is lost (rule udp.lost), unless someone still does. */
  end(): void {
    this.over = true;
    for (const queue of this.waiting.values()) for (const id of queue) this.fold.segments.setFlight(id, FLIGHT.lost);
    for (const id of this.adrift) if (this.fold.segments.flightOf(id) === FLIGHT.waiting) this.fold.segments.setFlight(id, FLIGHT.lost);
    this.adrift = [];
  }

  private pair(id: number, seq: number, t: number): void {
    const { columns, row } = this.fold.trace.locate(seq);
    this.fold.segments.arrived(id, t, seq);
    this.fold.segments.setFlight(id, (columns.size[row] as number) < this.fold.segments.sizeOf(id) ? FLIGHT.partly : FLIGHT.read);
  }

  private pairEarly(key: number, id: number): boolean {
    const early = this.early.get(key);
    if (early === undefined) return false;
    const from = this.fold.segments.fromAddress(id);
    const place = early.findIndex((seq) => this.fits(id, seq, from));
    if (place < 0) return false;
    const seq = early.splice(place, 1)[0] as number;
    if (early.length === 0) this.early.delete(key);
    this.pair(id, seq, this.fold.trace.t(seq));
    return true;
  }

  /** True when recvfrom() fact `seq`, from `address`, can be datagram `id`: recvfrom() may cut off its end. */
  private fits(id: number, seq: number, address: string): boolean {
    const { trace, segments } = this.fold;
    const sender = segments.fromAddress(id);
    if (sender !== address && !isWildcard(sender)) return false;
    const { columns, row } = trace.locate(seq);
    const size = columns.size[row] as number;
    const whole = segments.sizeOf(id);
    if (size !== whole && !(size < whole && size === columns.a[row])) return false;
    const sent = trace.payload(segments.sentSeqOf(id));
    const got = trace.payload(seq);
    const length = Math.min(sent.length, got.length);
    for (let n = 0; n < length; n++) if (sent[n] !== got[n]) return false;
    return true;
  }
}

const keyOf = (to: SocketRow, sourcePort: number): number => to.id * 0x1_0000 + sourcePort;

function push(map: Map<number, number[]>, key: number, value: number): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [value]);
  else there.push(value);
}
