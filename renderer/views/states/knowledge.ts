// Who knows what: for each end of a connection what its kernel has and what its program has been told, as far as the playhead has come. The
// two ends of a connection often disagree, and a kernel often knows what its program has not asked yet. Pure; words are in the catalogue.

import type { ConnId, SockId } from '../../../shared/base/brand';
import type { TraceStore } from '../../../shared/trace/store';
import type { ConnectionModel, RoleModel, SocketModel, Story } from '../../../shared/trace/story';
import type { NodeId } from './diagram';
import type { Side } from './history';

/** What its program has been told last, by a call that returned. `told` names a sentence of the catalogue. */
export type Told =
  | 'connecting' | 'refused' | 'timedOut' | 'gaveUp' | 'queued' | 'foreign' | 'connected' | 'ended' | 'endUnread' | 'reset' | 'resetUnread' | 'broken' | 'closed' | 'closedFirst' | 'killed';

export interface Knowledge {
  readonly side: Side;
  /** Its program; null when none of ours has the connection. */
  readonly role: RoleModel | null;
  readonly told: Told;
  /** The fact that told it; null when nothing has. */
  readonly seq: number | null;
  /** µs since anything came from the other end; null: nothing has. */
  readonly heard: number | null;
  /** Bytes that it has sent and that no program has read. */
  readonly unread: number;
}

/** Facts of a socket that are looked at, from the last one back. */
const LOOK_BACK = 2000;

export function knowledgeOf(story: Story, trace: TraceStore, conn: ConnectionModel, side: 'client' | 'server', at: NodeId | null, now: number): Knowledge {
  const end = side === 'client' ? conn.client : conn.server;
  const socket = end.sock === null ? null : story.socket(end.sock);
  const role = socket === null ? null : story.role(socket.role);
  const [outbound, inbound] = side === 'client' ? [conn.up, conn.down] : [conn.down, conn.up];
  const last = lastFactBefore(trace, socket, now);
  const unread = last === null ? 0 : Math.max(outbound.sentAt(last) - outbound.receivedAt(latestSeq(trace, now)), 0);
  const heard = lastHeard(trace, inbound.reads, now);
  if (socket === null || socket.openedAt > now) return { side, role: null, told: end.sock === null && !isOurs(story, conn, side) ? 'foreign' : 'queued', seq: null, heard: null, unread: 0 };
  return { side, role, ...tell(story, trace, socket, role, at, now), heard, unread };
}

/** False for a program from outside. */
const isOurs = (story: Story, conn: ConnectionModel, side: 'client' | 'server'): boolean => story.host(side === 'client' ? conn.client.host : conn.server.host)?.foreign !== true;

function tell(story: Story, trace: TraceStore, socket: SocketModel, role: RoleModel | null, at: NodeId | null, now: number): { readonly told: Told; readonly seq: number | null } {
  const told = (what: Told, seq: number | null): { readonly told: Told; readonly seq: number | null } => ({ told: what, seq });
  let connected: number | null = null;
  let connecting: number | null = null;
  let closed: number | null = null;
  for (let n = socket.facts.length - 1, looked = 0; n >= 0 && looked < LOOK_BACK; n--, looked++) {
    const seq = socket.facts.at(n);
    if (trace.t(seq) > now) continue;
    const fact = trace.at(seq);
    if (fact.err === 'ECONNREFUSED') return told('refused', seq);
    if (fact.err === 'ETIMEDOUT') return told('timedOut', seq);
    if (fact.err === 'ECONNRESET') return told('reset', seq);
    if (fact.err === 'EPIPE') return told('broken', seq);
    if (fact.kind === 'stream.ended') return told('ended', seq);
    if (fact.kind === 'socket.closed') closed = seq;
    if (fact.kind === 'connect.ended' || fact.kind === 'connection.accepted') connected = seq;
    if (fact.kind === 'connect.started') connecting = seq;
    if (connected !== null || connecting !== null) break;
  }
  const { ended } = role ?? { ended: null };
  if (ended !== null && ended.how === 'killed' && ended.at <= now) return told('killed', ended.seq);
  if (connected === null && connecting !== null) return closed === null ? told('connecting', connecting) : told('gaveUp', closed);
  if (closed !== null) return told(at === 'FIN_WAIT_1' || at === 'FIN_WAIT_2' || at === 'TIME_WAIT' ? 'closedFirst' : 'closed', closed);
  // Its kernel has got FIN or RST; the program has not asked since.
  if (at === 'CLOSE_WAIT') return told('endUnread', connected);
  if (at === 'END') return told('resetUnread', connected);
  return told('connected', connected);
}

function lastFactBefore(trace: TraceStore, socket: SocketModel | null, now: number): number | null {
  if (socket === null) return null;
  for (let n = socket.facts.length - 1; n >= 0; n--) if (trace.t(socket.facts.at(n)) <= now) return socket.facts.at(n);
  return null;
}

/** The last fact of the trace that has happened at `now`: facts come nearly in the order of their times. */
function latestSeq(trace: TraceStore, now: number): number {
  let [low, high] = [0, trace.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (trace.t(middle) <= now) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function lastHeard(trace: TraceStore, reads: SocketModel['facts'], now: number): number | null {
  for (let n = reads.length - 1; n >= 0; n--) if (trace.t(reads.at(n)) <= now) return now - trace.t(reads.at(n));
  return null;
}

/** A connection whose server is a relay goes on behind it: the relay's own connection to the target, by the order in which it accepted and dialled. */
export function beyond(story: Story, conn: ConnectionModel): ConnId | null {
  const server = conn.server.sock === null ? null : story.socket(conn.server.sock);
  const relay = server === null ? null : story.role(server.role);
  if (relay?.kind !== 'relay') return null;
  const sockets = relay.sockets.map((id: SockId) => story.socket(id)).filter((one) => one !== null && one.purpose === 'connected');
  const accepted = sockets.filter((one) => one?.acceptedBy !== null);
  const dialled = sockets.filter((one) => one?.acceptedBy === null);
  return dialled[accepted.findIndex((one) => one?.id === server?.id)]?.conn ?? null;
}
