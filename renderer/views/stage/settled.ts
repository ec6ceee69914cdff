// What the whole story settles about sockets, whatever the playhead shows: which place each has, on which edge of its card its wires leave,
// whether anybody ever talks to it. Found once per version of the story.

import type { HostIx } from '../../../shared/base/brand';
import type { RoleModel, SocketModel, Story } from '../../../shared/trace/story';
import type { Columns } from './columns';
import type { DatagramTies } from './datagrams';
import { edgeOf, type Edge } from './doorFacts';
import { placesOf, type SharedPlace } from './places';

export interface Settled {
  placesOf(role: RoleModel): readonly SharedPlace[];
  edgeOf(socket: SocketModel): Edge;
  /** Of a listening socket: it accepts somebody; of a datagram socket: it sends or receives. */
  talks(socket: SocketModel): boolean;
}

let last: { readonly story: Story; readonly version: number; readonly settled: Settled } | null = null;

export function settledOf(story: Story, ties: DatagramTies, columns: Columns): Settled {
  if (last !== null && last.story === story && last.version === story.version) return last.settled;
  const settled = find(story, ties, columns);
  last = { story, version: story.version, settled };
  return settled;
}

function find(story: Story, ties: DatagramTies, columns: Columns): Settled {
  const accepting = new Set<number>();
  for (let n = 0; n < story.sockets.count; n++) {
    const { acceptedBy } = story.sockets.at(n);
    if (acceptedBy !== null) accepting.add(acceptedBy);
  }
  const edges = new Map<number, Edge>();
  const places = new Map<number, readonly SharedPlace[]>();
  const edge = (socket: SocketModel): Edge => remembered(edges, socket.id, () => edgeOf(columns.side(socket.host), peersOf(story, ties, socket).map((host) => columns.side(host))));
  // Wires of one place leave on one side.
  const kindOf = (socket: SocketModel): string => (socket.purpose === 'listening' ? `l${socket.local?.port ?? ''}` : `${socket.purpose} ${edge(socket)}`);
  return {
    placesOf: (role) => remembered(places, role.index, () => placesOf(story, role, kindOf)),
    edgeOf: edge,
    talks: (socket) => accepting.has(socket.id) || ties.peers.has(socket.id),
  };
}

function peersOf(story: Story, ties: DatagramTies, socket: SocketModel): readonly HostIx[] {
  if (socket.purpose === 'datagram') return ties.peers.get(socket.id) ?? [];
  const conn = socket.conn === null ? null : story.connection(socket.conn);
  return conn === null ? [] : [conn.client.sock === socket.id ? conn.server.host : conn.client.host];
}

function remembered<T>(map: Map<number, T>, key: number, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
