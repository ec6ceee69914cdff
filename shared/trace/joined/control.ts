// Joins the kernel's own segments: SYN, FIN and RST that the calls let infer get their packets and their real times; acknowledgments, window
// updates and what is sent again, of which no call tells, become segments by themselves.

import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { Conn } from '../foldConnections';
import type { Fold } from '../foldContext';
import { finInStates, resetInStates } from '../inferStates';
import type { SegmentKind, SegmentSpecial } from '../story';
import { offsetOf, type Life, type WireSegment } from './life';
import { afterFact, beforeFact, stand } from './place';

const has = (packet: WireSegment, flag: keyof typeof TCP_FLAGS): boolean => (packet.flags & TCP_FLAGS[flag]) !== 0;

/** SYN and SYN-ACK. False: the calls have not told of the connection's beginning yet. */
export function joinSyn(fold: Fold, life: Life, conn: Conn, packet: WireSegment, up: boolean, sure: boolean): boolean {
  const answer = has(packet, 'ACK');
  const step = answer ? 1 : 0;
  const way = life.way(up);
  if (way.base !== null) {
    own(fold, life, conn, packet, up, answer ? 'syn-ack' : 'syn', 'retransmission');
    return true;
  }
  const known = conn.handshake >= 0 && fold.segments.kindOf(conn.handshake + step) === (answer ? 'syn-ack' : 'syn') ? conn.handshake + step : -1;
  if (known < 0 && !sure && (conn.client.sock !== null || conn.server.sock !== null)) return false;
  way.base = (packet.sequence + 1) >>> 0;
  life.opened = step + 1;
  if (known < 0) own(fold, life, conn, packet, up, answer ? 'syn-ack' : 'syn', null);
  else take(fold, life, conn, packet, known, afterFact(fold, conn.connectSeq), handshakeEnd(fold, conn));
  return true;
}

/** The handshake is over before either side's call returns. */
const handshakeEnd = (fold: Fold, conn: Conn): number => Math.min(beforeFact(fold, conn.connectedSeq), beforeFact(fold, conn.acceptedSeq));

/** A segment with nothing but an acknowledgment (RFC 9293 3.8.6.3). */
export function joinAck(fold: Fold, life: Life, conn: Conn, packet: WireSegment, up: boolean): void {
  const way = life.way(up);
  const third = conn.handshake < 0 ? -1 : conn.handshake + 2;
  if (up && life.opened === 2) {
    life.opened = 3;
    if (third >= 0 && third < fold.segments.count && fold.segments.kindOf(third) === 'ack' && fold.segments.packetOf(third) < 0) {
      take(fold, life, conn, packet, third, afterFact(fold, conn.connectSeq), handshakeEnd(fold, conn));
      return;
    }
  }
  const id = own(fold, life, conn, packet, up, 'ack', specialOf(life, packet, up));
  fold.segments.carries(id, Math.max(0, way.front), 0, -1);
}

/** Wireshark's words (packet-tcp.c, tcp_analyze_sequence_number). */
function specialOf(life: Life, packet: WireSegment, up: boolean): SegmentSpecial | null {
  const way = life.way(up);
  const other = life.way(!up);
  if (packet.window === 0) return 'zeroWindow';
  if (way.base !== null && way.fin < 0 && offsetOf(way, packet.sequence) === way.front - 1) return 'keepAlive';
  if (way.acknowledged !== packet.acknowledgment || way.window < 0) return null;
  if (way.window !== packet.window) return 'windowUpdate';
  // The same again, while something is under way that it does not acknowledge.
  const under = other.base === null ? 0 : offsetOf(other, packet.acknowledgment) - other.front;
  return under < 0 || other.fin >= 0 ? 'duplicateAck' : null;
}

/** FIN, behind the bytes of segment `data` in the same packet (-1: alone). False: the call that sent it is not told yet. */
export function joinFin(fold: Fold, life: Life, conn: Conn, packet: WireSegment, up: boolean, data: number, sure: boolean): boolean {
  const { segments, moments } = fold;
  const [from, to] = up ? [conn.client, conn.server] : [conn.server, conn.client];
  const stream = up ? conn.up : conn.down;
  const way = life.way(up);
  if (way.fin >= 0) {
    if (data < 0) own(fold, life, conn, packet, up, 'fin', 'retransmission');
    return true;
  }
  if (stream.fin < 0 && from.sock !== null && !sure) return false;
  way.fin = way.base === null ? 0 : offsetOf(way, packet.sequence) + packet.size;
  if (stream.fin >= 0) {
    if (data < 0) take(fold, life, conn, packet, stream.fin, afterFact(fold, segments.groundOf(stream.fin, from.sock !== null)), beforeFact(fold, segments.receivedSeqOf(stream.fin)));
    else {
      moments.withdraw(stream.fin, conn);
      segments.joins(stream.fin, data);
    }
    return true;
  }
  const id = segments.add('fin', packet.t, null);
  segments.onConnection(id, conn.id, up);
  segments.carries(id, way.fin, 0, -1);
  if (data < 0) segments.capture(id, packet.seq, packet.flags, stand(fold, life, id, packet, conn));
  else segments.joins(id, data);
  stream.fin = id;
  // Of a program that is not ours the packet tells what no call could: its FIN, and our socket's state.
  if (from.sock === null && !from.finSent) {
    from.finSent = true;
    finInStates(from.sock, to.sock, segments.departOf(id), packet.seq);
    if (to.finSent) conn.end(segments.departOf(id), 'closed');
  }
  return true;
}

/** RST. False: the call that tells of it is still to come. */
export function joinRst(fold: Fold, life: Life, conn: Conn, packet: WireSegment, up: boolean, sure: boolean): boolean {
  const { segments } = fold;
  const way = life.way(up);
  const sender = up ? conn.client : conn.server;
  const known = conn.rst >= 0 && segments.upOf(conn.rst) === up && segments.packetOf(conn.rst) < 0;
  if (!known && !way.rst && conn.rst < 0 && sender.sock !== null && !sure) return false;
  const first = !way.rst;
  way.rst = true;
  if (known) {
    take(fold, life, conn, packet, conn.rst, conn.outcome === 'refused' ? afterFact(fold, conn.connectSeq) : afterFact(fold, segments.groundOf(conn.rst, sender.sock !== null)), beforeFact(fold, segments.receivedSeqOf(conn.rst)));
    return true;
  }
  const id = own(fold, life, conn, packet, up, 'rst', null);
  if (!first || conn.rst >= 0 || conn.outcome !== 'open' || sender.sock !== null) return true;
  conn.rst = id;
  resetInStates(conn, segments.departOf(id), [packet.seq]);
  conn.end(segments.departOf(id), life.opened === 1 ? 'refused' : 'reset');
  return true;
}

/** An inferred segment has its packet: it stands where that was captured. */
function take(fold: Fold, life: Life, conn: Conn, packet: WireSegment, id: number, low: number, high: number): void {
  fold.segments.capture(id, packet.seq, packet.flags, stand(fold, life, id, packet, conn, low, high));
}

/** A segment that only the kernel knows of. */
function own(fold: Fold, life: Life, conn: Conn, packet: WireSegment, up: boolean, kind: SegmentKind, special: SegmentSpecial | null): number {
  const { segments } = fold;
  const id = segments.add(kind, packet.t, null);
  segments.onConnection(id, conn.id, up);
  const t = stand(fold, life, id, packet, conn);
  segments.capture(id, packet.seq, packet.flags, t);
  segments.arrived(id, t, -1);
  if (special !== null) segments.setSpecial(id, special);
  return id;
}
