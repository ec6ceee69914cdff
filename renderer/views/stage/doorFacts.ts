// Two figures of one socket at an instant that the snapshot does not carry: bytes that came too late, and how busy it is.

import type { SocketModel, SocketSnapshot, Story } from '../../../shared/trace/story';

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

/** How much a socket deserves one of the few places: the chosen one, then listening ones, then open ones by their last moment, then closed ones. */
export function busyness(story: Story, socket: SocketModel, snap: SocketSnapshot | null, position: number, selected: boolean): number {
  if (selected) return Number.MAX_SAFE_INTEGER;
  if (snap === null) return -1;
  const open = snap.open ? 1e9 : 0;
  if (socket.purpose !== 'connected') return snap.open ? 4e9 : 1;
  if (socket.conn === null) return open + 1;
  const moments = story.momentsOf(socket.conn);
  const before = momentsBefore(moments, position);
  return open + (before === 0 ? 1 : moments.at(before - 1) + 1);
}
