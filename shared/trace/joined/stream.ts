// Joins captured bytes to the data segments that calls told of: a segment of a send() becomes the packet that carried it; of a send() that went
// in several packets each gets its own; what several send()s put into one packet is one segment. Bytes are joined by sequence number.

import { lowerBound } from '../../base/lists';
import type { Conn } from '../foldConnections';
import type { Fold } from '../foldContext';
import { MOST_HOLES, offsetOf, type Life, type Way, type WireSegment } from './life';
import { CLOCKS, afterFact, beforeFact, stand } from './place';

/** A segment that left so long after its send() was held back by something (µs): a call's own packet leaves within the call. */
const HELD = 20_000;

/** Joins the bytes of a packet; the segment that carries them. -1: the call that sent them is not told yet, and `sure` is false. */
export function joinData(fold: Fold, life: Life, conn: Conn, packet: WireSegment, up: boolean, sure: boolean): number {
  const { segments } = fold;
  const stream = up ? conn.up : conn.down;
  const way = life.way(up);
  const sender = up ? conn.client : conn.server;
  const offset = offsetOf(way, packet.sequence);
  const end = offset + packet.size;
  if (end <= way.front) return again(fold, life, conn, packet, up, offset);
  const start = Math.max(offset, way.front);
  const list = stream.segments;
  const given = list.length === 0 ? 0 : segments.offsetOf(list.at(list.length - 1)) + segments.sizeOf(list.at(list.length - 1));
  if (sender.sock !== null && given < end && !sure) return -1;
  const offsets = { length: list.length, at: (index: number) => segments.offsetOf(list.at(index)) };
  let first = Math.max(0, lowerBound(offsets, start + 1) - 1);
  if (first < list.length && segments.offsetOf(list.at(first)) + segments.sizeOf(list.at(first)) <= start) first++;
  if (first < list.length && segments.offsetOf(list.at(first)) < start) divide(fold, conn, up, first++, start);
  showMissed(fold, conn, up, way.front, start);
  if (start > way.front && way.holes.length < MOST_HOLES) way.holes.push({ from: way.front, to: start, since: packet.t });
  const carried: number[] = [];
  for (let index = first; index < list.length && segments.offsetOf(list.at(index)) < end; index++) {
    const id = list.at(index);
    if (segments.offsetOf(id) + segments.sizeOf(id) > end) divide(fold, conn, up, index, end);
    carried.push(id);
  }
  const known = carried[0];
  const id = known ?? segments.add('data', packet.t, null);
  const whole = known !== undefined && segments.offsetOf(id) <= start && carried.length === 1 && segments.sizeOf(id) === end - start;
  if (known === undefined) {
    segments.onConnection(id, conn.id, up);
    list.insert(first, id);
  }
  const payload = segments.payloadOf(id);
  const skip = segments.skipOf(id);
  if (!whole) segments.carries(id, start, end - start, payload);
  // Of a long send() the trace keeps the beginning; its packets have more.
  const told = whole && keptOf(fold, payload) - skip >= Math.min(end - start, keptOf(fold, packet.seq) - packet.payloadStart);
  segments.payloadIs(id, told ? payload : packet.seq, told ? skip : packet.payloadStart + (start - offset));
  const arrives = segments.receivedSeqOf(id);
  const t = depart(fold, life, conn, packet, id, arrives, way.last);
  segments.capture(id, packet.seq, packet.flags, t);
  if (offset < way.front) segments.setSpecial(id, 'retransmission');
  for (const other of carried.slice(1)) {
    const sent = segments.sentSeqOf(other);
    if (sent >= 0 && fold.moments.isSentBy(sent, other)) fold.moments.unsend(sent);
    fold.moments.withdraw(other, conn);
    segments.joins(other, id);
    list.remove(first + 1);
  }
  way.front = end;
  settleReads(fold, conn, up);
  if (conn.client.sock === null && conn.server.sock === null) stream.mark(packet.seq, end);
  return id;
}

function keptOf(fold: Fold, seq: number): number {
  if (seq < 0) return 0;
  const { columns, row } = fold.trace.locate(seq);
  return columns.kept[row] as number;
}

/** When it left, and its place: at its send() when that sent it there and then, else where it was captured. */
function depart(fold: Fold, life: Life, conn: Conn, packet: WireSegment, id: number, received: number, lastOwn: number): number {
  const { segments, moments } = fold;
  const sent = segments.sentSeqOf(id);
  const peer = Math.max(life.up.last, life.down.last);
  if (sent >= 0 && moments.isSentBy(sent, id)) {
    const rank = moments.rank(sent);
    const sentAt = moments.timeOfRank(rank);
    const released = peer > lastOwn && peer > sentAt + CLOCKS;
    if (!released && packet.t - sentAt < HELD && rank + 1 >= life.anchor) {
      life.anchor = rank + 1;
      life.now = Math.max(life.now, sentAt, Math.min(packet.t, received < 0 ? Number.POSITIVE_INFINITY : fold.trace.t(received)));
      moments.touch(moments.momentOfFact(sent));
      return life.now;
    }
    moments.unsend(sent);
  }
  return stand(fold, life, id, packet, conn, afterFact(fold, sent), beforeFact(fold, received));
}

/** Bytes that had been seen: the kernel sent them again (RFC 9293 3.8.1), or asks whether the peer is still there (3.8.4). */
function again(fold: Fold, life: Life, conn: Conn, packet: WireSegment, up: boolean, offset: number): number {
  const { segments } = fold;
  const id = segments.add('data', packet.t, null);
  segments.onConnection(id, conn.id, up);
  segments.carries(id, Math.max(offset, 0), packet.size, packet.seq);
  segments.payloadIs(id, packet.seq, packet.payloadStart);
  segments.capture(id, packet.seq, packet.flags, stand(fold, life, id, packet, conn));
  segments.setSpecial(id, packet.size === 1 && offset === life.way(up).front - 1 ? 'keepAlive' : isLate(life.way(up), offset, offset + packet.size, packet.t) ? 'outOfOrder' : 'retransmission');
  return id;
}

/** Wireshark's limit, where no round trip is known: what comes so soon after its successor was overtaken; what comes later was lost, and sent again. */
const OVERTAKEN = 3000;

/** Bytes that had not been seen, and come just after those behind them. */
function isLate({ holes }: Way, from: number, to: number, t: number): boolean {
  const place = holes.findIndex((hole) => hole.from <= from && from < hole.to);
  const hole = holes[place];
  if (hole === undefined) return false;
  if (to >= hole.to) holes.splice(place, 1);
  else hole.from = to;
  return t - hole.since <= OVERTAKEN;
}

/** Cuts the segment at `index` of a direction in two at stream offset `at`. */
function divide(fold: Fold, conn: Conn, up: boolean, index: number, at: number): void {
  const { segments } = fold;
  const stream = up ? conn.up : conn.down;
  const tail = segments.split(stream.segments.at(index), at);
  stream.segments.insert(index + 1, tail);
  settleReads(fold, conn, up);
  if (at >= stream.received) return;
  // Its first byte has been read: by the recv() that covers it.
  const ends = { length: stream.reads.length, at: (n: number) => readEnd(fold, stream.reads.at(n)) };
  const read = lowerBound(ends, at + 1);
  if (read < stream.reads.length) segments.arrived(tail, fold.trace.t(stream.reads.at(read)), stream.reads.at(read));
}

function readEnd(fold: Fold, seq: number): number {
  const { columns, row } = fold.trace.locate(seq);
  return (columns.offset[row] as number) + (columns.size[row] as number);
}

/** The first segment of which nothing has been read, after the list has changed. */
function settleReads(fold: Fold, conn: Conn, up: boolean): void {
  const stream = up ? conn.up : conn.down;
  const { segments } = stream;
  stream.unreadFrom = lowerBound({ length: segments.length, at: (index) => fold.segments.offsetOf(segments.at(index)) }, stream.received);
}

/** Packets of these bytes were missed: the parts of send()s that no packet showed get their place beside their call. */
export function showMissed(fold: Fold, conn: Conn, up: boolean, from: number, to: number): void {
  const { segments, moments } = fold;
  const list = (up ? conn.up : conn.down).segments;
  if (from >= to) return;
  for (let index = lowerBound({ length: list.length, at: (n) => segments.offsetOf(list.at(n)) }, from); index < list.length; index++) {
    const id = list.at(index);
    if (segments.offsetOf(id) >= to) return;
    const sent = segments.sentSeqOf(id);
    if (sent < 0 || segments.packetOf(id) >= 0 || segments.anchorOf(id) >= 0 || moments.isSentBy(sent, id)) continue;
    moments.insert(id, moments.rank(sent) + 1, segments.departOf(id), conn);
  }
}
