// How many connections are in which state when there are many: each end of ours counted on its node at a time of the trace. Pure.

import type { SocketModel, Story } from '../../../shared/trace/story';
import { nodeOf, type NodeId } from './diagram';

/** Sockets that are counted, from the last one back: a frame must not take longer than the picture is worth. */
const MOST = 5000;

/** Ends by node, where there are several; empty while the run has a single connection. Ends that are over are not counted. */
export function crowdAt(story: Story, now: number): ReadonlyMap<NodeId, number> {
  const counts = new Map<NodeId, number>();
  if (story.connections.count < 2) return counts;
  for (let n = story.sockets.count - 1; n >= Math.max(story.sockets.count - MOST, 0); n--) {
    const socket = story.sockets.at(n);
    if (socket.type !== 'SOCK_STREAM' || socket.family === 'AF_UNIX' || socket.openedAt > now) continue;
    const node = nodeAt(socket, now);
    if (node !== null && node !== 'CLOSED' && node !== 'END') counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  for (const [node, count] of counts) if (count < 2) counts.delete(node);
  return counts;
}

function nodeAt(socket: SocketModel, now: number): NodeId | null {
  const state = socket.states.findLast((change) => change.t <= now)?.state;
  return state === undefined ? null : nodeOf(state, true);
}
