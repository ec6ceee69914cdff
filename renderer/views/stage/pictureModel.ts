// What the hosts tab draws at one instant: cards of hosts, their processes, the doors of these, and the wires between doors.

import type { Endpoint, Provenance } from '../../../shared/trace/event';
import type { HostModel, RoleModel, RoleSnapshot, Snapshot, SocketModel, SocketState, Story } from '../../../shared/trace/story';
import type { Side } from './columns';
import type { Edge } from './doorFacts';

export interface Door {
  /** 's12' a socket of ours; 'f3' the far end of connection 3, which is not ours; 'p2:7007' a port of host 2 where nobody of ours is. */
  readonly key: string;
  readonly kind: 'listening' | 'connected' | 'datagram' | 'nobody' | 'foreign';
  readonly sock: SocketModel | null;
  readonly local: Endpoint | null;
  readonly peer: Endpoint | null;
  /** False while the socket does not exist: its place is kept, so that nothing jumps when it comes. */
  readonly present: boolean;
  readonly open: boolean;
  readonly state: SocketState | null;
  readonly provenance: Provenance | null;
  /** Bytes that came (or are coming) and that no recv() has taken. */
  readonly unread: number;
  /** Bytes sent that the peer's recv() has not taken. */
  readonly unreadByPeer: number;
  /** What a full bar stands for, in bytes. */
  readonly inFull: number;
  readonly outFull: number;
  /** Bytes that came after close(): nobody takes them. */
  readonly refused: number;
  /** Connections that the kernel holds ready for accept(). */
  readonly waiting: number;
  readonly backlog: number | null;
  /** Nobody talks to it in the whole story, nor does it to anybody. */
  readonly idle: boolean;
  /** Larger: more worth a place when there is no room for all. */
  readonly score: number;
  /** Where its wires leave. */
  readonly edge: Edge;
  /** The place that it has or shares; the same for sockets that follow each other. */
  readonly place: string;
  /** False when another socket stands in the place that it shares. */
  readonly current: boolean;
}

export interface Process {
  readonly key: string;
  readonly role: RoleModel;
  readonly present: boolean;
  readonly snap: RoleSnapshot | null;
  readonly doors: readonly Door[];
}

export interface HostCard {
  readonly key: string;
  readonly host: HostModel;
  readonly side: Side;
  readonly processes: readonly Process[];
  /** Doors of no process of ours. */
  readonly doors: readonly Door[];
}

export interface Wire {
  readonly key: string;
  readonly transport: 'tcp' | 'udp';
  /** Door of the client, or of the side that sent first. */
  readonly a: string;
  readonly b: string;
  /** False: drawn as a wire that has been. */
  readonly live: boolean;
}

export interface Picture {
  readonly cards: readonly HostCard[];
  readonly wires: readonly Wire[];
  /** Of many hosts, those that are left out: nothing is ever sent to them or by them. */
  readonly quiet: readonly HostModel[];
  /** A wire passes the middle column. */
  readonly through: boolean;
  /** Who stands at the place of a socket that has gone, by their keys. */
  readonly standIns: ReadonlyMap<string, string>;
}

export interface PictureInput {
  readonly story: Story;
  readonly snapshot: Snapshot;
  /** The socket that must be shown, if any. */
  readonly selected: number | null;
  /** Backlog that a listening socket asked for; null when unknown. */
  readonly backlogOf: (sock: SocketModel) => number | null;
}
