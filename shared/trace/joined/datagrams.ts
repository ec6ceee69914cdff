// Joins captured UDP datagrams and the ICMP errors about them to those that sendto() and recvfrom() told of: by their ends and their bytes,
// oldest first. A datagram of which no call of ours tells is one by itself.

import { equalBytes } from '../../base/bytes';
import type { Fold } from '../foldContext';
import { isWildcard } from '../foldHosts';
import { foreignHost } from '../foldPrograms';
import { FLIGHT } from '../segmentColumns';
import { stand } from './place';

export interface WireDatagram {
  readonly seq: number;
  readonly t: number;
  readonly fromEnd: number;
  readonly toEnd: number;
  /** Bytes of payload on the wire; where it lies in the kept ones. */
  readonly size: number;
  readonly payload: { readonly start: number; readonly end: number };
  /** An ICMP "port unreachable"; its ends are those of the datagram, the other way round. */
  readonly unreachable: boolean;
}

export class DatagramJoin {
  /** Datagrams that have no packet, by receiver's endpoint and sender's port, oldest first; and errors about them. */
  private readonly told = new Map<number, number[]>();
  private readonly errors = new Map<number, number[]>();
  /** Captured ones whose sender is not ours, until recvfrom() tells of them. */
  private readonly unread = new Map<number, number[]>();
  private seen = 0;

  constructor(private readonly fold: Fold) {}

  /** Hears of the datagrams that the calls have told of since. */
  private learn(): void {
    const { segments } = this.fold;
    for (; this.seen < segments.count; this.seen++) {
      const kind = segments.kindOf(this.seen);
      if ((kind !== 'datagram' && kind !== 'unreachable') || segments.packetOf(this.seen) >= 0) continue;
      push(kind === 'datagram' ? this.told : this.errors, this.key(segments.fromEndOf(this.seen), segments.toEndOf(this.seen)), this.seen);
    }
  }

  /** False: wait for the call that sent it. */
  join(packet: WireDatagram, sure: boolean): boolean {
    this.learn();
    const { fold } = this;
    const { segments, moments } = fold;
    const key = this.key(packet.fromEnd, packet.toEnd);
    const there = (packet.unreachable ? this.errors : this.told).get(key) ?? [];
    const place = there.findIndex((id) => this.fits(id, packet));
    const [id] = place < 0 ? [] : there.splice(place, 1);
    if (id === undefined) {
      if (!sure && this.mayBeOurs(packet)) return false;
      this.alone(packet, key);
      return true;
    }
    const sent = segments.sentSeqOf(id);
    const received = segments.receivedSeqOf(id);
    if (segments.anchorOf(id) < 0 && sent >= 0) {
      const t = Math.max(packet.t, moments.timeOfRank(moments.rank(sent)));
      segments.capture(id, packet.seq, 0, received < 0 ? t : Math.min(t, Math.max(fold.trace.t(received), moments.timeOfRank(moments.rank(sent)))));
      moments.touch(moments.momentOfFact(sent));
    } else segments.capture(id, packet.seq, 0, stand(fold, null, id, packet, null, 0, received < 0 ? undefined : moments.rank(received)));
    return true;
  }

  /** recvfrom() told of a datagram of a sender that is not ours: the captured one, which is no longer waiting; -1 without. */
  takeUnread(fromEnd: number, toEnd: number, size: number): number {
    const there = this.unread.get(this.key(fromEnd, toEnd));
    const place = there?.findIndex((id) => this.fold.segments.sizeOf(id) >= size) ?? -1;
    return place < 0 || there === undefined ? -1 : (there.splice(place, 1)[0] ?? -1);
  }

  private alone(packet: WireDatagram, key: number): void {
    const { segments, hosts, ends, sockets } = this.fold;
    const id = segments.add(packet.unreachable ? 'unreachable' : 'datagram', packet.t, null);
    const to = sockets.datagramAt(packet.toEnd);
    for (const end of [packet.fromEnd, packet.toEnd]) if (hosts.ours(ends.get(end).address).length === 0 && sockets.lastAt(end, 'SOCK_DGRAM') === null) foreignHost(this.fold, 'udp', end);
    segments.between(id, packet.fromEnd, sockets.datagramAt(packet.fromEnd)?.id ?? 0, packet.toEnd, to?.id ?? 0);
    segments.carries(id, 0, packet.size, -1);
    segments.payloadIs(id, packet.unreachable ? -1 : packet.seq, packet.payload.start);
    const t = stand(this.fold, null, id, packet, null);
    segments.capture(id, packet.seq, 0, t);
    segments.arrived(id, t, -1);
    segments.setFlight(id, to === null ? FLIGHT.unknown : FLIGHT.waiting);
    if (to !== null && !packet.unreachable) push(this.unread, key, id);
  }

  /** Its sender, or the receiver of the error, is a socket of ours: a call tells of it. */
  private mayBeOurs(packet: WireDatagram): boolean {
    const { sockets, hosts, ends } = this.fold;
    const end = packet.unreachable ? packet.toEnd : packet.fromEnd;
    return sockets.datagramAt(end) !== null || hosts.ours(ends.get(end).address).length > 0;
  }

  private fits(id: number, packet: WireDatagram): boolean {
    const { segments, ends, trace } = this.fold;
    const own = ends.get(segments.fromEndOf(id)).address;
    if (own !== ends.get(packet.fromEnd).address && !isWildcard(own)) return false;
    if (packet.unreachable) return true;
    const call = segments.payloadOf(id);
    if (call < 0) return segments.sizeOf(id) === packet.size;
    // Of a sender that is not ours only recvfrom() tells, and it may have cut the end off.
    if (segments.sizeOf(id) !== packet.size && (segments.sentSeqOf(id) >= 0 || segments.sizeOf(id) > packet.size)) return false;
    const told = trace.payload(call);
    const there = trace.payload(packet.seq).subarray(packet.payload.start, packet.payload.end);
    const most = Math.min(told.length, there.length);
    return equalBytes(told.subarray(0, most), there.subarray(0, most));
  }

  /** Endpoints' ids stay below 2^26, ports below 2^16. */
  private key(fromEnd: number, toEnd: number): number {
    return toEnd * 0x1_0000 + this.fold.ends.get(fromEnd).port;
  }
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [value]);
  else there.push(value);
}
