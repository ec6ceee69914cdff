// What every socket and role is doing when the playhead stands at a position: found by binary search in their own lists, so that
// scrubbing costs the number of sockets and roles, not of facts. Pure; the stage draws it.

import { upperBound } from '../base/lists';
import type { EventSeq } from '../base/brand';
import { KIND_CODE } from './event';
import type { TraceStore } from './store';
import type { ConnectionModel, RoleModel, RoleSnapshot, Snapshot, SocketModel, SocketSnapshot, Story } from './story';

/** The picture when `position` moments have happened (fractions count as their whole part). */
export function snapshotAt(story: Story, trace: TraceStore, position: number): Snapshot {
  const whole = Math.min(Math.max(Math.floor(position), 0), story.moments.count);
  const seq = lastFact(story, whole);
  const t = whole === 0 ? Number.NEGATIVE_INFINITY : story.momentTime(whole - 1);
  const roles: RoleSnapshot[] = [];
  for (const role of story.roles) {
    const first = role.facts.length === 0 ? -1 : role.facts.at(0);
    if (first >= 0 && first <= seq) roles.push(roleAt(role, trace, seq));
  }
  const sockets: SocketSnapshot[] = [];
  for (let n = 0; n < story.sockets.count; n++) {
    const socket = story.sockets.at(n);
    if (socket.facts.length > 0 && socket.facts.at(0) <= seq) sockets.push(socketAt(story, socket, seq, t));
  }
  return { position: whole, roles, sockets };
}

/** The last fact among the first `position` moments; -1 before the first. Inferred moments stand in short runs. */
function lastFact(story: Story, position: number): number {
  for (let index = position - 1; index >= 0; index--) {
    const { seq } = story.moments.at(index);
    if (seq !== null) return seq;
  }
  return -1;
}

/** Kinds that say nothing of what a program is doing now. */
const QUIET = new Set<number>([KIND_CODE['role.started'], KIND_CODE['role.ended']]);
const WAITING = new Set<number>([
  KIND_CODE['accept.started'], KIND_CODE['recv.started'], KIND_CODE['recvfrom.started'], KIND_CODE['connect.started'],
]);

function roleAt(role: RoleModel, trace: TraceStore, seq: number): RoleSnapshot {
  const over = role.ended !== null && role.ended.seq <= seq ? role.ended.how : null;
  let at = upperBound(role.facts, seq) - 1;
  while (at >= 0 && QUIET.has(kindOf(trace, role.facts.at(at)))) at--;
  const last = at < 0 ? null : (role.facts.at(at) as EventSeq);
  return { role: role.index, running: over === null, ended: over, last, blocked: over === null && last !== null && WAITING.has(kindOf(trace, last)) };
}

function kindOf(trace: TraceStore, seq: number): number {
  const { columns, row } = trace.locate(seq);
  return columns.kind[row] as number;
}

function socketAt(story: Story, socket: SocketModel, seq: number, t: number): SocketSnapshot {
  const state = stateAt(socket, t);
  const open = !closedBy(socket, seq);
  const connection = socket.conn === null ? null : story.connection(socket.conn);
  const buffered = connection === null ? NOTHING : buffers(story, socket, connection, seq);
  return {
    sock: socket.id,
    state: state?.state ?? (socket.type === 'SOCK_DGRAM' ? 'OPEN' : 'CLOSED'),
    stateProvenance: state?.provenance ?? { evidence: 'observed' },
    unread: open ? buffered.unread : 0,
    unreadByPeer: buffered.unreadByPeer,
    open,
  };
}

const NOTHING = { unread: 0, unreadByPeer: 0 } as const;

function buffers(story: Story, socket: SocketModel, connection: ConnectionModel, seq: number): { readonly unread: number; readonly unreadByPeer: number } {
  const isClient = connection.client.sock === socket.id;
  const [inbound, outbound] = isClient ? [connection.down, connection.up] : [connection.up, connection.down];
  const peerSock = isClient ? connection.server.sock : connection.client.sock;
  const peer = peerSock === null ? null : story.socket(peerSock);
  // A closed socket has no buffers; of a program that is not ours nothing is known.
  const peerKeeps = peer === null ? !(isClient ? story.host(connection.server.host) : story.host(connection.client.host))?.foreign : !closedBy(peer, seq);
  return {
    unread: Math.max(0, inbound.sentAt(seq) - inbound.receivedAt(seq)),
    unreadByPeer: peerKeeps ? Math.max(0, outbound.sentAt(seq) - outbound.receivedAt(seq)) : 0,
  };
}

/** True once its descriptor was given up. */
const closedBy = (socket: SocketModel, seq: number): boolean => socket.closedSeq !== null && socket.closedSeq <= seq;

function stateAt(socket: SocketModel, t: number): SocketModel['states'][number] | null {
  let low = 0;
  let high = socket.states.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((socket.states[middle]?.t ?? Number.POSITIVE_INFINITY) <= t) low = middle + 1;
    else high = middle;
  }
  return socket.states[low - 1] ?? null;
}
