// Connections on which both programs wait in recv() while nothing is under way: unless something else makes one of them send, they wait for
// ever. Known from the calls of both ends and from what they have sent and read. Pure; DeadlockNote.vue says it.

import { must } from '../../../shared/base/assert';
import { sockId, type ConnId } from '../../../shared/base/brand';
import { upperBound } from '../../../shared/base/lists';
import { KIND_CODE } from '../../../shared/trace/event';
import type { TraceStore } from '../../../shared/trace/store';
import type { RoleModel, Snapshot, SocketModel, Story } from '../../../shared/trace/story';

export interface Deadlock {
  readonly conn: ConnId;
  readonly client: RoleModel;
  readonly server: RoleModel;
  /** The recv() of each that waits, as facts. */
  readonly clientSeq: number;
  readonly serverSeq: number;
}

const K = KIND_CODE;

/** `seq`: the last fact that has happened. */
export function deadlocksAt(story: Story, trace: TraceStore, snapshot: Snapshot, seq: number): Deadlock[] {
  const quiet = new Set<number>(snapshot.sockets.filter(({ open, state, unread, unreadByPeer }) => open && state === 'ESTABLISHED' && unread === 0 && unreadByPeer === 0).map(({ sock }) => sock));
  const found: Deadlock[] = [];
  for (const sock of quiet) {
    const socket = must(story.socket(sockId(sock)), 'socket');
    const conn = socket.conn === null ? null : story.connection(socket.conn);
    // Each pair once, from its client's side.
    if (conn === null || conn.client.sock !== socket.id || conn.server.sock === null || !quiet.has(conn.server.sock)) continue;
    const server = story.socket(conn.server.sock);
    const [clientSeq, serverSeq] = [waitsInRecv(trace, socket, seq), server === null ? -1 : waitsInRecv(trace, server, seq)];
    const roles = [story.role(socket.role), server === null ? null : story.role(server.role)] as const;
    if (clientSeq >= 0 && serverSeq >= 0 && roles[0] !== null && roles[1] !== null) found.push({ conn: conn.id, client: roles[0], server: roles[1], clientSeq, serverSeq });
  }
  return found;
}

/** The recv() that waits on a socket, and that never gets anything as far as the trace tells; -1: none. */
function waitsInRecv(trace: TraceStore, socket: SocketModel, seq: number): number {
  const { facts } = socket;
  const at = upperBound(facts, seq) - 1;
  if (at < 0 || kindAt(trace, facts.at(at)) !== K['recv.started']) return -1;
  for (let next = at + 1; next < facts.length; next++) {
    const kind = kindAt(trace, facts.at(next));
    if (kind === K['bytes.received'] || kind === K['stream.ended'] || kind === K['bytes.sent']) return -1;
    if (kind === K['socket.closed'] || kind === K['call.failed'] || kind === K['stream.shutdown']) break;
  }
  return facts.at(at);
}

function kindAt(trace: TraceStore, seq: number): number {
  const { columns, row } = trace.locate(seq);
  return columns.kind[row] as number;
}
