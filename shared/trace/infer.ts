// The only place where segments and calls are made that nobody saw: each follows from facts by a named rule (event.ts, InferenceRule).
// Closing follows Linux: what other systems do in the same place is close to it but was not checked.

import { upperBound, type U32List } from '../base/lists';
import type { InferenceRule } from './event';
import type { Conn } from './foldConnections';
import type { Fold } from './foldContext';
import type { SocketRow } from './foldSockets';
import { INSTANT, ackInStates, finBeforeResetInStates, finInStates, resetInStates, synAckInStates } from './inferStates';
import type { SegmentKind } from './story';

/** A lost SYN is sent again after this long (RFC 6298 2.1); a faster handshake went over loopback inside of connect(). */
const RETRANSMISSION = 1_000_000;
/** How long before accept() returned the handshake of a foreign client is drawn, at most: only its end is known. */
const FOREIGN_HANDSHAKE = 100;

/** connect() succeeded or accept() returned: SYN, SYN-ACK and ACK went over the wire (RFC 9293 3.5). */
export function inferHandshake(fold: Fold, conn: Conn): void {
  if (conn.handshake >= 0 || conn.unix) return;
  const { moments } = fold;
  const rule = 'tcp.handshake.connected';
  const grounds = [conn.connectSeq, conn.connectedSeq, conn.acceptedSeq].filter((seq) => seq >= 0);
  const add = (kind: SegmentKind, up: boolean, depart: number, arrive: number, anchor: number): number => {
    const id = fold.segments.add(kind, depart, rule);
    for (const seq of grounds) fold.segments.alsoFrom(id, seq);
    fold.segments.onConnection(id, conn.id, up);
    fold.segments.arrived(id, arrive, -1);
    moments.insert(id, anchor, depart, conn);
    return id;
  };
  const lastRank = Math.min(...grounds.filter((seq) => seq !== conn.connectSeq).map((seq) => moments.rank(seq)));
  // Neither end says that it is connected: only a file of a stranger does so.
  if (lastRank === Infinity) return;
  const lastTime = moments.timeOfRank(lastRank);
  if (conn.connectSeq >= 0 && lastTime - moments.timeOfRank(moments.rank(conn.connectSeq)) >= RETRANSMISSION) {
    const first = moments.rank(conn.connectSeq) + 1;
    const began = moments.timeOfRank(first - 1) + INSTANT;
    conn.handshake = add('syn', true, began, lastTime - 2 * INSTANT, first);
    add('syn-ack', false, lastTime - 2 * INSTANT, lastTime - INSTANT, lastRank);
    add('ack', true, lastTime - INSTANT, lastTime, lastRank);
    synAckInStates(conn, lastTime - INSTANT, grounds);
    return;
  }
  const anchor = conn.connectSeq >= 0 ? moments.rank(conn.connectSeq) + 1 : lastRank;
  const end = moments.timeOfRank(anchor);
  const before = anchor === 0 ? end : moments.timeOfRank(anchor - 1);
  const begin = conn.connectSeq >= 0 ? before : Math.max(before, end - FOREIGN_HANDSHAKE);
  const at = (quarter: number): number => begin + ((end - begin) * quarter) / 4;
  conn.handshake = add('syn', true, at(1), at(2), anchor);
  add('syn-ack', false, at(2), at(3), anchor);
  add('ack', true, at(3), at(4), anchor);
  synAckInStates(conn, at(3), grounds);
}

/** accept() returned after the handshake was inferred from connect(): one more ground. */
export function confirmHandshake(fold: Fold, conn: Conn): void {
  if (conn.handshake < 0) return;
  for (let id = conn.handshake; id < conn.handshake + 3; id++) fold.segments.alsoFrom(id, conn.acceptedSeq);
}

/** connect() failed with ECONNREFUSED: SYN went, RST came back (RFC 9293 3.5.2). */
export function inferRefusal(fold: Fold, conn: Conn, seq: number): void {
  if (conn.unix) return;
  const { moments, segments } = fold;
  const anchor = moments.rank(conn.connectSeq) + 1;
  const begin = moments.timeOfRank(anchor - 1);
  const end = moments.timeOfRank(anchor);
  const at = (third: number): number => begin + ((end - begin) * third) / 3;
  const syn = segments.add('syn', at(1), 'tcp.refused', conn.connectSeq, seq);
  segments.onConnection(syn, conn.id, true);
  segments.arrived(syn, at(2), -1);
  moments.insert(syn, anchor, at(1), conn);
  const rst = segments.add('rst', at(2), 'tcp.refused', conn.connectSeq, seq);
  segments.onConnection(rst, conn.id, false);
  segments.arrived(rst, at(3), seq);
  moments.insert(rst, anchor, at(2), conn);
  conn.handshake = syn;
  conn.rst = rst;
}

/** connect() ended with ETIMEDOUT, or its program gave it up (fact `seq`): SYN went, and went again, and nothing came back (RFC 9293 3.8.3). */
export function inferUnanswered(fold: Fold, conn: Conn, seq: number): void {
  if (conn.unix) return;
  const anchor = fold.moments.rank(conn.connectSeq) + 1;
  const began = fold.moments.timeOfRank(anchor - 1) + INSTANT;
  conn.handshake = fold.segments.add('syn', began, 'tcp.syn.unanswered', conn.connectSeq, seq);
  fold.segments.onConnection(conn.handshake, conn.id, true);
  fold.moments.insert(conn.handshake, anchor, began, conn);
}

/** shutdown() or close() sends FIN after the bytes that the kernel has taken (RFC 9293 3.6), once in each direction. */
export function inferFin(fold: Fold, conn: Conn, up: boolean, rule: 'tcp.fin.shutdown' | 'tcp.fin.close', seq: number, t: number): void {
  const [from, to] = up ? [conn.client, conn.server] : [conn.server, conn.client];
  const stream = up ? conn.up : conn.down;
  if (conn.rst >= 0 || from.finSent) return;
  from.finSent = true;
  if (conn.unix) return endLocally(conn, to.finSent, t);
  stream.fin = fold.segments.add('fin', t + INSTANT, rule, seq);
  fold.segments.onConnection(stream.fin, conn.id, up);
  fold.segments.carries(stream.fin, stream.sent, 0, -1);
  if (stream.ended !== null) fold.segments.arrived(stream.fin, fold.trace.t(stream.ended), stream.ended);
  fold.moments.insert(stream.fin, fold.moments.rank(seq) + 1, t + INSTANT, conn);
  finInStates(from.sock, to.sock, t, seq);
  if (to.finSent) conn.end(t, 'closed');
}

/** recv() returned 0 on a socket whose peer is not ours: its FIN had come (RFC 9293 3.6). */
export function inferForeignFin(fold: Fold, conn: Conn, up: boolean, seq: number, t: number): void {
  const [from, to] = up ? [conn.client, conn.server] : [conn.server, conn.client];
  const stream = up ? conn.up : conn.down;
  if (from.finSent) return;
  from.finSent = true;
  if (conn.unix) return endLocally(conn, to.finSent, t);
  // Nothing follows a RST: where a call has told of that already, the FIN was before it.
  const told = conn.rst >= 0 && fold.segments.upOf(conn.rst) === up ? fold.segments.receivedSeqOf(conn.rst) : -1;
  const anchor = fold.moments.rank(told < 0 ? seq : told);
  const came = told < 0 ? t : fold.moments.timeOfRank(anchor);
  const depart = told < 0 ? t - INSTANT : came - 2 * INSTANT;
  stream.fin = fold.segments.add('fin', depart, 'tcp.fin.end-of-stream', seq);
  fold.segments.onConnection(stream.fin, conn.id, up);
  fold.segments.carries(stream.fin, stream.received, 0, -1);
  fold.segments.arrived(stream.fin, t, seq);
  fold.moments.insert(stream.fin, anchor, depart, conn);
  if (told < 0) finInStates(from.sock, to.sock, t, seq);
  else finBeforeResetInStates(from.sock, to.sock, came, seq);
  if (to.finSent) conn.end(t, 'closed');
}

/** AF_UNIX: the kernel tells the other end by itself, and nothing goes over any wire; the second end to close ends the connection. */
function endLocally(conn: Conn, both: boolean, t: number): void {
  if (both) conn.end(t, 'closed');
}

type ResetRule = Extract<InferenceRule, `tcp.rst.${string}`>;

/** A RST that the fact `seq` caused: it leaves right after it (RFC 9293 3.5.2; RFC 2525 2.17 for unread bytes). */
export function inferReset(fold: Fold, conn: Conn, up: boolean, rule: ResetRule, seq: number, because: number, t: number): void {
  if (conn.rst >= 0) return;
  if (conn.unix) return conn.end(t, 'reset');
  conn.rst = fold.segments.add('rst', t + INSTANT, rule, because >= 0 ? because : seq, because >= 0 ? seq : -1);
  fold.segments.onConnection(conn.rst, conn.id, up);
  fold.moments.insert(conn.rst, fold.moments.rank(seq) + 1, t + INSTANT, conn);
  // What answers a segment comes after it: until then both are where they were.
  resetInStates(conn, rule === 'tcp.rst.data-after-close' ? t + INSTANT : t, [seq]);
  conn.end(t, 'reset');
}

/**
 * A call failed with ECONNRESET, or with EPIPE or ENOTCONN although this side had not shut down: the peer's RST had come (RFC 9293 3.5.3).
 * If the RST is known already, it is now seen to have arrived; else it is inferred, just before the call that tells.
 */
export function noteReset(fold: Fold, conn: Conn, isServer: boolean, seq: number, t: number): void {
  const { segments, moments } = fold;
  if (conn.unix) return conn.end(t, 'reset');
  if (conn.rst >= 0) {
    if (segments.receivedSeqOf(conn.rst) < 0 && segments.upOf(conn.rst) === isServer) segments.arrived(conn.rst, t, seq);
    return;
  }
  conn.rst = segments.add('rst', t - INSTANT, 'tcp.rst.reset', seq);
  segments.onConnection(conn.rst, conn.id, isServer);
  segments.arrived(conn.rst, t, seq);
  moments.insert(conn.rst, moments.rank(seq), t - INSTANT, conn);
  resetInStates(conn, t, [seq]);
  conn.end(t, 'reset');
}

/**
 * What was taken for a RST of close() with unread bytes was a FIN first: the peer saw its FIN (recv() returned 0), or the reset
 * found it in CLOSE_WAIT (EPIPE and no ECONNRESET before; Linux tcp_reset). So nothing lay unread: the bytes were still held back
 * at the peer (Nagle, RFC 9293 3.7.4), went out with the FIN's acknowledgment, and were answered with RST. Fact `seq` tells.
 */
export function reconsiderReset(fold: Fold, conn: Conn, up: boolean, seq: number): void {
  const { segments, moments } = fold;
  const [from, to] = up ? [conn.client, conn.server] : [conn.server, conn.client];
  if (conn.rst < 0 || from.finSent || segments.upOf(conn.rst) !== up || segments.ruleOf(conn.rst) !== 'tcp.rst.close-unread') return;
  const [stream, inbound] = up ? [conn.up, conn.down] : [conn.down, conn.up];
  const anchor = moments.rank(from.closedSeq) + 1;
  const closed = moments.timeOfRank(anchor - 1);
  from.finSent = true;
  stream.fin = segments.add('fin', closed + INSTANT / 2, 'tcp.fin.close', from.closedSeq, seq);
  segments.onConnection(stream.fin, conn.id, up);
  segments.carries(stream.fin, stream.sent, 0, -1);
  moments.insert(stream.fin, anchor, closed + INSTANT / 2, conn);
  segments.setRule(conn.rst, 'tcp.rst.data-after-close');
  segments.alsoFrom(conn.rst, seq);
  inbound.lostFrom = Math.min(inbound.lostFrom, inbound.received);
  finBeforeResetInStates(from.sock, to.sock, closed, from.closedSeq);
}

/**
 * True when end of stream, fact `seq` of `row`, may be a RST instead of a FIN: libuv does not call recv() again after one that
 * filled its buffer only in part; if poll() had said POLLHUP with those bytes it reports the end at once (uv__stream_io). A RST that
 * came behind them is then lost. It was one when bytes of ours lay unread there that could not have been held back (Nagle): what the
 * peer sends acknowledges all that came before, so of what we send only bytes behind the first ones since then may wait.
 */
export function endMayBeReset(fold: Fold, conn: Conn, row: SocketRow, up: boolean, seq: number): boolean {
  if (conn.unix || !cameWithBytes(fold, row, seq)) return false;
  // Of a peer that is not ours only calls tell: EPIPE, that a FIN had come before the RST (Linux tcp_reset, CLOSE_WAIT).
  if ((up ? conn.client : conn.server).foreign) return conn.rst < 0 || errOf(fold, fold.segments.receivedSeqOf(conn.rst)) !== 'EPIPE';
  if (conn.rst < 0) return false;
  const [from, inbound, outbound] = up ? [conn.client, conn.down, conn.up] : [conn.server, conn.up, conn.down];
  const lastSend = last(outbound.writes, from.closedSeq);
  const free = upperBound(inbound.writes, lastSend);
  return free === inbound.writes.length || inbound.received <= offsetOf(fold, inbound.writes.at(free));
}

function offsetOf(fold: Fold, seq: number): number {
  const { columns, row } = fold.trace.locate(seq);
  return columns.offset[row] as number;
}

const errOf = (fold: Fold, seq: number): string => (seq < 0 ? '' : fold.trace.at(seq).err);

/** The last fact of the list before `end`; -1 without. */
function last(list: U32List, end: number): number {
  const n = upperBound(list, end - 1);
  return n === 0 ? -1 : list.at(n - 1);
}

/** Whether the recv() before fact `seq` of this socket left room in its buffer, and nothing since shows that the connection still stood. */
function cameWithBytes(fold: Fold, row: SocketRow, seq: number): boolean {
  for (let n = row.facts.length - 1; n >= 0; n--) {
    const at = row.facts.at(n);
    const kind = fold.trace.kind(at);
    if (at >= seq) continue;
    const { columns, row: place } = fold.trace.locate(at);
    // What the kernel still took came before any RST.
    if (kind === 'recv.started' || (kind === 'bytes.sent' && (columns.a[place] as number) > 0)) return false;
    if (kind === 'bytes.received') return (columns.size[place] as number) < (columns.a[place] as number);
  }
  return false;
}

/** A peer that is not ours must have sent what recv() fact `seq` returned. */
export function inferForeignData(fold: Fold, conn: Conn, up: boolean, seq: number, t: number): void {
  const { columns, row } = fold.trace.locate(seq);
  const stream = up ? conn.up : conn.down;
  const offset = columns.offset[row] as number;
  const end = offset + (columns.size[row] as number);
  // What was captured already is told of once.
  const last = stream.segments.length === 0 ? -1 : stream.segments.at(stream.segments.length - 1);
  const from = last < 0 ? offset : Math.max(offset, fold.segments.offsetOf(last) + fold.segments.sizeOf(last));
  if (from >= end) return;
  const id = fold.segments.add('data', t - INSTANT, 'peer.sent', seq);
  fold.segments.onConnection(id, conn.id, up);
  fold.segments.carries(id, from, end - from, seq);
  fold.segments.payloadIs(id, seq, from - offset);
  fold.segments.arrived(id, t, seq);
  if (stream.unreadFrom === stream.segments.length) stream.unreadFrom++;
  stream.segments.push(id);
  fold.moments.insert(id, fold.moments.rank(seq), t - INSTANT, conn);
}

/** Bytes went from one side at `t`: they acknowledge the other's FIN, and a peer that is closed answers them with RST (RFC 9293 3.10.7.1). */
export function inferFromData(fold: Fold, conn: Conn, up: boolean, seq: number, offset: number, t: number): void {
  const to = up ? conn.server : conn.client;
  ackInStates(to.sock, t, seq);
  if (!to.deaf || !to.finSent || conn.rst >= 0) return;
  const stream = up ? conn.up : conn.down;
  stream.lostFrom = Math.min(stream.lostFrom, offset);
  inferReset(fold, conn, !up, 'tcp.rst.data-after-close', seq, to.closedSeq, t);
}

/**
 * libuv sets SO_REUSEADDR in the same step in which it binds a TCP socket, before bind(2), and would not have gone on if that had
 * failed (src/unix/tcp.c, uv__tcp_bind). Only on POSIX systems: on Windows the option means something else, and is left alone.
 */
export function inferReuseAddr(fold: Fold, row: SocketRow, seq: number, t: number, platform: string): void {
  if (platform === '' || platform === 'win32') return;
  const call = fold.calls.add(row, t, 'SO_REUSEADDR=1', 'socket.reuseaddr', seq);
  row.calls.push(call);
  fold.moments.insertCall(call, fold.moments.rank(seq), t, row.conn);
}
