// What the snapshot does not say of one socket: bytes that came too late, how busy it is, and on which side of its card its wires leave.

import type { SocketModel, SocketSnapshot, Story } from '../../../shared/trace/story';
import type { Side } from './columns';

/** Bytes that reached a closed stream socket: nobody can take them (RFC 9293 3.10.7.1). Moments before `position` count. */
export function refusedBytes(story: Story, socket: SocketModel, position: number): number {
  if (socket.conn === null || socket.closedAt === null) return 0;
  const moments = story.momentsOf(socket.conn);
  let bytes = 0;
  for (let place = momentsBefore(moments, position) - 1; place >= 0; place--) {
    const moment = story.moments.at(moments.at(place));
    if (moment.t < socket.closedAt) break;
    if (moment.segment === null) continue;
    const segment = story.segments.at(moment.segment);
    if (segment.kind === 'data' && segment.toSock === socket.id) bytes += segment.size;
  }
  return bytes;
}

/** Number of moments of a list (ascending indices) that lie before `position`. */
export function momentsBefore(moments: { readonly length: number; at(index: number): number }, position: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (moments.at(middle) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How much a socket deserves one of the few places: the chosen one, then listening ones that have or will have clients and others with a
 * port that is known, then open ones by their last moment, then those that nobody ever talks to, then closed ones.
 */
export function busyness(story: Story, socket: SocketModel, snap: SocketSnapshot | null, position: number, selected: boolean, idle: boolean): number {
  if (selected) return Number.MAX_SAFE_INTEGER;
  if (snap === null) return -1;
  if (socket.purpose !== 'connected') return snap.open ? (idle ? 2 : 4e9) : 1;
  const open = snap.open ? 1e9 : 0;
  if (socket.conn === null) return open + 1;
  const moments = story.momentsOf(socket.conn);
  const before = momentsBefore(moments, position);
  return open + (before === 0 ? 1 : moments.at(before - 1) + 1);
}

/** Edges of a card. */
export type Edge = 'left' | 'right' | 'both';

/** Where the wires of a door leave, from the sides of its peers: cards at the sides look inwards; one in the middle looks to its peers, and left for whoever may come. */
export function edgeOf(side: Side, peers: readonly Side[]): Edge {
  if (side !== 'middle') return side === 'left' ? 'right' : 'left';
  const right = peers.includes('right');
  return right ? (peers.some((peer) => peer !== 'right') ? 'both' : 'right') : 'left';
}
