// What the facts of stream sockets mean: connections begin, bytes move, ends close. Infers nothing itself: asks infer.ts.

import { eventSeq, roleIx, sockId } from '../base/brand';
import { isPath } from './endpoint';
import { SocketRow } from './foldSockets';
import type { Conn } from './foldConnections';
import { hostOfEndpoint, type Fold } from './foldContext';
import { foreignHost } from './foldPrograms';
import {
  confirmHandshake, endMayBeReset, inferFin, inferForeignData, inferForeignFin, inferFromData, inferHandshake, inferRefusal, inferReset, inferUnanswered,
  noteReset, reconsiderReset,
} from './infer';
import { joinInStates, setState } from './inferStates';

/** connect.started */
export function connectStarted(fold: Fold, row: SocketRow, seq: number, t: number, remoteEnd: number): void {
  row.remoteEnd = remoteEnd;
  row.connecting = seq;
  fold.conns.connectBegins(row, fold.ends.get(row.localEnd).port !== 0);
  setState(row, t, 'SYN_SENT', [seq]);
}

/** connect.ended */
export function connectEnded(fold: Fold, row: SocketRow, seq: number, t: number, localEnd: number, remoteEnd: number, err: string): void {
  const knownPort = fold.conns.connectingFrom(row.localEnd, row.remoteEnd) === row;
  const startedSeq = row.connecting >= 0 ? row.connecting : seq;
  fold.conns.connectEnds(row);
  row.connecting = -1;
  if (localEnd !== 0) row.localEnd = localEnd;
  if (remoteEnd !== 0) row.remoteEnd = remoteEnd;
  const startedAt = fold.moments.timeOfRank(fold.moments.rank(startedSeq));
  if (err !== '') {
    // A RST for the SYN is ECONNREFUSED. ECONNRESET: the handshake was done, and the RST came before connect() looked (Linux tcp_reset).
    const reset = err === 'ECONNRESET';
    const accepted = reset ? fold.conns.takeForClient(row.localEnd, row.remoteEnd) : null;
    const conn = accepted ?? fold.conns.add(startedAt, row.host, row.localEnd, hostOfEndpoint(fold, row.remoteEnd, row.host, 'SOCK_STREAM'), row.remoteEnd);
    join(fold, row, conn, false);
    conn.connectSeq = startedSeq;
    conn.connectedSeq = seq;
    setState(row, t, 'CLOSED', [seq]);
    if (err === 'ECONNREFUSED') inferRefusal(fold, conn, seq);
    else if (err === 'ETIMEDOUT') inferUnanswered(fold, conn, seq);
    else if (reset) {
      inferHandshake(fold, conn);
      noteReset(fold, conn, false, seq, t);
    }
    conn.end(t, err === 'ECONNREFUSED' ? 'refused' : 'failed');
  } else {
    const conn = fold.conns.takeForClient(row.localEnd, row.remoteEnd) ?? connectedFirst(fold, row, startedAt);
    join(fold, row, conn, false);
    conn.connectSeq = startedSeq;
    conn.connectedSeq = seq;
    inferHandshake(fold, conn);
    joinInStates(row, conn, t, seq);
    // Nobody else's connection could have been taken for that of a known port.
    if (knownPort) return;
  }
  decide(fold, row.remoteEnd);
}

/** connect() returned before accept() did: the connection waits in a queue of ours, or its server is not ours. */
function connectedFirst(fold: Fold, row: SocketRow, startedAt: number): Conn {
  const listener = fold.sockets.listenerAt(row.remoteEnd);
  const host = listener === null ? foreignHost(fold, 'tcp', row.remoteEnd) : listener.host;
  const conn = fold.conns.add(startedAt, row.host, row.localEnd, host, row.remoteEnd);
  if (listener === null) conn.server.foreign = true;
  else {
    conn.queuedAt = listener;
    fold.conns.awaitsServer(conn);
  }
  return conn;
}

/** connection.accepted, on the listening socket `row` */
export function accepted(fold: Fold, row: SocketRow, seq: number, t: number, newSock: number, fd: number, localEnd: number, remoteEnd: number): void {
  const born = fold.sockets.add(new SocketRow(sockId(newSock), roleIx(row.role), row.host, fd, row.family, 'SOCK_STREAM', t));
  fold.roles.get(row.role)?.sockets.push(born.id);
  born.localEnd = localEnd;
  born.remoteEnd = remoteEnd;
  born.acceptedBy = row.id;
  born.facts.push(seq);
  const waiting = fold.conns.takeForServer(remoteEnd, localEnd);
  const conn = waiting ?? fold.conns.add(t, hostOfClient(fold, remoteEnd, localEnd), remoteEnd, row.host, localEnd);
  conn.queuedAt = null;
  conn.acceptedSeq = seq;
  join(fold, born, conn, true);
  joinInStates(born, conn, t, seq);
  if (waiting !== null) confirmHandshake(fold, conn);
  else if (mayBeOurs(fold, conn)) {
    fold.conns.awaitsClient(conn);
    fold.conns.undecide(conn);
  } else clientIsForeign(fold, conn);
}

/** True while a socket of ours is in connect() to this server from this endpoint, or may be: its return will tell. */
const mayBeOurs = (fold: Fold, conn: Conn): boolean => connectingAs(fold, conn.client.end, conn.server.end) !== null;

/** A socket of ours in connect() that may have this endpoint: by its port, else by its host's address. */
function connectingAs(fold: Fold, clientEnd: number, serverEnd: number): SocketRow | null {
  const exact = fold.conns.connectingFrom(clientEnd, serverEnd);
  if (exact !== null) return exact;
  const { address } = fold.ends.get(clientEnd);
  // Clients of AF_UNIX have no name, and all of ::1 have the one address that no host of ours is known by.
  const nameless = isPath(fold.ends.get(serverEnd).address) || address === '::1';
  for (const row of fold.conns.connectingTo(serverEnd)) if ((fold.hosts.get(row.host)?.address ?? address) === address || nameless) return row;
  return null;
}

/** The host of an accepted client: ours while it may be, else one that is not ours. */
const hostOfClient = (fold: Fold, clientEnd: number, serverEnd: number): SocketRow['host'] =>
  connectingAs(fold, clientEnd, serverEnd)?.host ?? foreignHost(fold, 'tcp', clientEnd);

/** Connections to `serverEnd` that no connect() of ours can claim any more belong to clients that are not ours. */
export function decide(fold: Fold, serverEnd: number): void {
  for (const conn of fold.conns.decide(serverEnd, (one) => mayBeOurs(fold, one))) clientIsForeign(fold, conn);
}

function clientIsForeign(fold: Fold, conn: Conn): void {
  conn.client.foreign = true;
  conn.client.host = foreignHost(fold, 'tcp', conn.client.end);
  inferHandshake(fold, conn);
  const timeOf = (seq: number): number => fold.moments.timeOfRank(fold.moments.rank(seq));
  for (let n = 0; n < conn.up.reads.length; n++) inferForeignData(fold, conn, true, conn.up.reads.at(n), timeOf(conn.up.reads.at(n)));
  if (conn.up.ended !== null) inferForeignFin(fold, conn, true, conn.up.ended, timeOf(conn.up.ended));
  if (conn.server.closedSeq >= 0) conn.end(timeOf(conn.server.closedSeq), 'closed');
}

/** Gives a socket its connection; what the socket did before becomes part of it. */
function join(fold: Fold, row: SocketRow, conn: Conn, isServer: boolean): void {
  row.conn = conn;
  row.isServer = isServer;
  conn.unix ||= row.family === 'AF_UNIX';
  const side = isServer ? conn.server : conn.client;
  side.sock = row;
  side.host = row.host;
  for (let n = 0; n < row.facts.length; n++) fold.moments.adopt(row.facts.at(n), conn);
  for (const call of row.calls) fold.moments.adoptCall(call, conn);
}

/** bytes.sent */
export function bytesSent(fold: Fold, row: SocketRow, conn: Conn, seq: number, t: number, offset: number, size: number, taken: number): void {
  const { segments } = fold;
  const up = !row.isServer;
  const stream = up ? conn.up : conn.down;
  if (taken > 0) settleEnd(fold, conn, row.isServer);
  const id = segments.add('data', t, null);
  segments.onConnection(id, conn.id, up);
  segments.carries(id, offset, size, seq);
  segments.sentBy(id, seq);
  fold.moments.sendsSegment(id);
  stream.writes.push(seq);
  stream.segments.push(id);
  stream.mark(seq, offset + taken);
  if (stream.received > offset) seenAlready(fold, stream, id, offset);
  inferFromData(fold, conn, up, seq, offset, t);
}

/** The read was recorded before the write (sockets of two threads): finds the recv() that took the first byte. */
function seenAlready(fold: Fold, stream: Conn['up'], id: number, offset: number): void {
  for (let n = 0; n < stream.reads.length; n++) {
    const seq = stream.reads.at(n);
    const { columns, row } = fold.trace.locate(seq);
    if ((columns.offset[row] as number) + (columns.size[row] as number) <= offset) continue;
    fold.segments.arrived(id, columns.t[row] as number, seq);
    stream.unreadFrom = stream.segments.length;
    return;
  }
}

/** bytes.received */
export function bytesReceived(fold: Fold, row: SocketRow, conn: Conn, seq: number, t: number, offset: number, size: number): void {
  const up = row.isServer;
  const stream = up ? conn.up : conn.down;
  stream.reads.push(seq);
  stream.received = Math.max(stream.received, offset + size);
  if ((up ? conn.client : conn.server).foreign) inferForeignData(fold, conn, up, seq, t);
  while (stream.unreadFrom < stream.segments.length) {
    const id = stream.segments.at(stream.unreadFrom);
    if (fold.segments.offsetOf(id) >= stream.received) break;
    fold.segments.arrived(id, t, seq);
    stream.unreadFrom++;
  }
}

/** stream.ended */
export function streamEnded(fold: Fold, row: SocketRow, conn: Conn, seq: number, t: number): void {
  const up = row.isServer;
  const stream = up ? conn.up : conn.down;
  if (stream.ended !== null) return;
  stream.ended = eventSeq(seq);
  const unsure = endMayBeReset(fold, conn, row, up, seq);
  if (stream.fin < 0 && !resetSeen(fold, conn) && !unsure) reconsiderReset(fold, conn, up, seq);
  if (stream.fin >= 0) fold.segments.arrived(stream.fin, t, seq);
  else if (!(up ? conn.client : conn.server).foreign) return;
  else if (!unsure) inferForeignFin(fold, conn, up, seq, t);
  else if (conn.rst < 0) (up ? conn.server : conn.client).unsureEnd = seq;
}

/** What the next call on a socket tells of an end of stream that may have been a RST: only that fails with ECONNRESET or ENOTCONN. */
function settleEnd(fold: Fold, conn: Conn, isServer: boolean, err = ''): void {
  const side = isServer ? conn.server : conn.client;
  const seq = side.unsureEnd;
  side.unsureEnd = -1;
  if (seq >= 0 && err !== 'ECONNRESET' && err !== 'ENOTCONN') inferForeignFin(fold, conn, isServer, seq, fold.moments.timeOfRank(fold.moments.rank(seq)));
}

/** stream.shutdown; `how`: 0 RD, 1 WR, 2 RDWR */
export function shutDown(fold: Fold, row: SocketRow, conn: Conn, seq: number, t: number, how: number): void {
  const side = row.isServer ? conn.server : conn.client;
  settleEnd(fold, conn, row.isServer);
  if (how !== 1) side.deaf = true;
  if (how !== 0) inferFin(fold, conn, !row.isServer, 'tcp.fin.shutdown', seq, t);
}

/** True when a call has already told of the RST: a later EPIPE adds nothing. */
const resetSeen = (fold: Fold, conn: Conn): boolean => conn.rst >= 0 && fold.segments.receivedSeqOf(conn.rst) >= 0;

/** A call failed. */
export function callFailed(fold: Fold, row: SocketRow, conn: Conn, seq: number, t: number, err: string): void {
  const side = row.isServer ? conn.server : conn.client;
  settleEnd(fold, conn, row.isServer, err);
  // EPIPE of a side that has shut down says nothing of the peer, unless a RST of it is known.
  if (err === 'EPIPE' && !resetSeen(fold, conn)) reconsiderReset(fold, conn, row.isServer, seq);
  if (err === 'ECONNRESET' || (err === 'EPIPE' && (!side.finSent || conn.rst >= 0))) noteReset(fold, conn, row.isServer, seq, t);
  // shutdown() finds no connection: only a RST ends one of which this side has not sent its FIN (Linux inet_shutdown).
  else if (err === 'ENOTCONN' && !side.finSent && conn.rst < 0) noteReset(fold, conn, row.isServer, seq, t);
  else if (err === 'ETIMEDOUT') conn.end(t, 'failed');
}

/** How long connect() must have waited in vain, in µs: over loopback an answer comes within the call, and its program is told in the next turn. */
const WAITED = 250_000;

/** A socket was closed in the middle of connect(). Closed at once, nobody can tell what went over the wire. */
function givenUp(fold: Fold, row: SocketRow, startedSeq: number, seq: number, t: number): void {
  const startedAt = fold.moments.timeOfRank(fold.moments.rank(startedSeq));
  if (row.conn !== null || t - startedAt < WAITED) return;
  const conn = fold.conns.add(startedAt, row.host, row.localEnd, hostOfEndpoint(fold, row.remoteEnd, row.host, 'SOCK_STREAM'), row.remoteEnd);
  join(fold, row, conn, false);
  conn.connectSeq = startedSeq;
  inferUnanswered(fold, conn, seq);
  conn.client.closedSeq = seq;
  conn.end(t, 'failed');
}

/** A stream socket was closed, by close() or because its program ended (fact `seq`). */
export function streamClosed(fold: Fold, row: SocketRow, seq: number, t: number, linger0: boolean): void {
  const conn = row.conn;
  if (row.purpose === 'listening') {
    fold.sockets.leave(row);
    for (const waiting of fold.conns.takeQueueOf(row)) {
      inferReset(fold, waiting, false, 'tcp.rst.listener-closed', seq, waiting.connectedSeq, t);
    }
  }
  if (row.connecting >= 0) {
    const startedSeq = row.connecting;
    row.connecting = -1;
    fold.conns.connectEnds(row);
    decide(fold, row.remoteEnd);
    givenUp(fold, row, startedSeq, seq, t);
  }
  if (conn === null || row.purpose === 'listening') {
    setState(row, t, 'CLOSED', [seq]);
    return;
  }
  settleEnd(fold, conn, row.isServer);
  if (conn.unix) setState(row, t, 'CLOSED', [seq]);
  const [me, peer] = row.isServer ? [conn.server, conn.client] : [conn.client, conn.server];
  const [inbound, outbound] = row.isServer ? [conn.up, conn.down] : [conn.down, conn.up];
  // What still waited in the program for room in the kernel never leaves.
  outbound.lostFrom = Math.min(outbound.lostFrom, outbound.sent);
  me.closedSeq = seq;
  me.deaf = true;
  // RFC 2525 2.17, and Linux tcp_close(): unread bytes first, then SO_LINGER 0, then the orderly end. With both FINs gone
  // (LAST_ACK, TIME_WAIT) an abort sends nothing (Linux tcp_need_reset).
  if (conn.rst < 0 && conn.outcome === 'open') {
    const up = !row.isServer;
    if (inbound.sent > inbound.received) {
      inferReset(fold, conn, up, 'tcp.rst.close-unread', seq, inbound.writes.length > 0 ? inbound.writes.at(inbound.writes.length - 1) : -1, t);
    } else if (linger0 && !(me.finSent && peer.finSent)) inferReset(fold, conn, up, 'tcp.rst.linger', seq, -1, t);
    else inferFin(fold, conn, up, 'tcp.fin.close', seq, t);
    if (peer.foreign) conn.end(t, 'closed');
  }
}
