// What the facts mean: the types that fold.ts and infer.ts derive from a trace, and that every view reads.
// A story grows with its trace. Ids of segments and sockets are stable; indices of moments may shift near the end of a live trace.

import type { ConnId, EventSeq, HostIx, Micros, RoleIx, SockId } from '../base/brand';
import type { NumberList } from '../base/lists';
import type { RoleKind, Service } from './about';
import type { Endpoint, Provenance } from './event';

export type { NumberList };

export interface HostModel {
  readonly index: HostIx;
  /** The lab's name for it ('client'); for a host we did not make: its address. */
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** True for a peer that is not ours (nc, a browser): only what reaches our sockets is known of it. */
  readonly foreign: boolean;
}

export interface RoleModel {
  readonly index: RoleIx;
  readonly host: HostIx;
  readonly id: string;
  readonly name: string;
  readonly kind: RoleKind;
  readonly startedAt: Micros;
  /** How the role ended; null while it runs. */
  readonly ended: { readonly at: Micros; readonly seq: EventSeq; readonly how: 'done' | 'killed' | 'failed'; readonly err: string } | null;
  /** Its sockets in order of creation. */
  readonly sockets: readonly SockId[];
  /** Facts of this role, ascending. */
  readonly facts: NumberList;
}

/** TCP states of RFC 9293 3.3.2, and the two that a datagram socket can have. */
export type SocketState =
  | 'CLOSED' | 'BOUND' | 'LISTEN' | 'SYN_SENT' | 'SYN_RECEIVED' | 'ESTABLISHED' | 'FIN_WAIT_1' | 'FIN_WAIT_2'
  | 'CLOSE_WAIT' | 'CLOSING' | 'LAST_ACK' | 'TIME_WAIT' | 'OPEN';

export interface StateChange {
  readonly t: Micros;
  readonly state: SocketState;
  readonly provenance: Provenance;
}

export interface SocketModel {
  readonly id: SockId;
  readonly role: RoleIx;
  readonly host: HostIx;
  /** The descriptor's number; -1 where the system does not tell. */
  readonly fd: number;
  readonly family: 'AF_INET' | 'AF_INET6' | 'AF_UNIX';
  readonly type: 'SOCK_STREAM' | 'SOCK_DGRAM';
  readonly purpose: 'listening' | 'connected' | 'datagram';
  readonly local: Endpoint | null;
  readonly remote: Endpoint | null;
  /** The connection of a stream socket, once it has one. */
  readonly conn: ConnId | null;
  readonly openedAt: Micros;
  readonly closedAt: Micros | null;
  /** The fact that closed it: close(), or the end of its program. */
  readonly closedSeq: EventSeq | null;
  /** The listening socket that accepted this one. */
  readonly acceptedBy: SockId | null;
  /** States in order of time. The last may lie ahead of the trace's end: what follows unless something happens before (TIME_WAIT ends). */
  readonly states: readonly StateChange[];
  /** Facts of this socket, ascending. */
  readonly facts: NumberList;
}

/** A socket as the kernel's socket table had it (foldSamples.ts). */
export interface KernelSocket {
  /** The program's socket; null when no program of ours has, or had, these endpoints. */
  readonly sock: SockId | null;
  readonly local: Endpoint | null;
  readonly remote: Endpoint | null;
  /** Facts `socket.sampled`, ascending; read them with kernelSample() and lastSample(). They go on after close(): TIME_WAIT, GONE. */
  readonly samples: NumberList;
}

/** One direction of a connection; every chunk carries its offset, so the two ends are paired without guessing. */
export interface StreamModel {
  /** send(): facts with ascending offsets. Empty when the sender is not ours. */
  readonly writes: NumberList;
  /** recv(): facts with ascending offsets. Empty when the receiver is not ours. */
  readonly reads: NumberList;
  readonly sent: number;
  readonly received: number;
  /** Bytes that the sender's kernel had taken, that the receiver's recv() had taken, once fact `seq` had happened. */
  sentAt(seq: number): number;
  receivedAt(seq: number): number;
  /** Data segments, ascending in offset: one of each send(), and where packets were captured one of each packet. */
  readonly segments: NumberList;
  /** Segment of the FIN that ended it. */
  readonly fin: number | null;
  /** End of stream read by the receiver. */
  readonly ended: EventSeq | null;
}

export interface ConnectionEnd {
  readonly host: HostIx;
  readonly sock: SockId | null;
  readonly endpoint: Endpoint;
  /** Its TCP states as captured segments show them, whosever it is; empty where none were captured. Those of a socket of ours are in `SocketModel.states` too. */
  readonly states: readonly StateChange[];
}

export interface ConnectionModel {
  readonly id: ConnId;
  /** The side that called connect(); null socket when it is not ours. */
  readonly client: ConnectionEnd;
  readonly server: ConnectionEnd;
  readonly startedAt: Micros;
  readonly endedAt: Micros | null;
  readonly outcome: 'open' | 'closed' | 'reset' | 'refused' | 'failed';
  /** From client to server, and back. */
  readonly up: StreamModel;
  readonly down: StreamModel;
}

/** What a segment or datagram is for, as the ladder labels it. */
/** What is special about a captured TCP segment, in Wireshark's words. */
export type SegmentSpecial = 'retransmission' | 'windowUpdate' | 'zeroWindow' | 'duplicateAck' | 'keepAlive' | 'outOfOrder';

export type SegmentKind = 'syn' | 'syn-ack' | 'ack' | 'data' | 'fin' | 'rst' | 'datagram' | 'unreachable';

/** Something that went over the wire from one host to another. */
export interface Segment {
  /** Stable, from 0, in order of discovery (not of time). */
  readonly id: number;
  readonly kind: SegmentKind;
  /** 'unix': bytes that one kernel handed from socket to socket, with no transport at all. */
  readonly transport: 'tcp' | 'udp' | 'icmp' | 'unix';
  readonly conn: ConnId | null;
  readonly dir: 'up' | 'down' | null;
  readonly fromHost: HostIx;
  readonly toHost: HostIx;
  readonly fromSock: SockId | null;
  readonly toSock: SockId | null;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** When it left; when it had come: a captured one at once, else when a call first told of it; null: never seen to arrive. */
  readonly depart: Micros;
  readonly arrive: Micros | null;
  /** The fact that carries its payload (send, else the receiver's recv, else its packet), or null; and how many bytes of that fact's come before. */
  readonly payloadSeq: EventSeq | null;
  readonly payloadAt: number;
  /** The facts at both ends: send() and the first recv() with a byte of it. */
  readonly sentSeq: EventSeq | null;
  readonly receivedSeq: EventSeq | null;
  readonly offset: number;
  readonly size: number;
  /**
   * 'read' a role read it whole; 'partly' some of it; 'unread' nobody read it (yet); 'lost' known not to have arrived;
   * 'unknown' it went to a peer that is not ours; 'none' it carries no bytes.
   */
  readonly fate: 'read' | 'partly' | 'unread' | 'lost' | 'unknown' | 'none';
  readonly provenance: Provenance;
  /** TCP's nine flags as captured (RFC 9293 3.1); null when no packet tells. */
  readonly flags: number | null;
  readonly special: SegmentSpecial | null;
  /** The captured segment that this went in together with others (several send()s in one packet, a FIN with bytes): it has no arrow of its own. */
  readonly within: number | null;
  /** Packets were recorded when it left, and none of it was: the capture missed it, or it never went over the wire. */
  readonly missed: boolean;
}

/** A call that no tap can see but that was made: it follows from a fact by a named rule. */
export interface InferredCall {
  readonly id: number;
  readonly t: Micros;
  readonly kind: 'option.set';
  readonly role: RoleIx;
  readonly sock: SockId;
  readonly conn: ConnId | null;
  /** As the text of a fact of its kind: 'SO_REUSEADDR=1'. */
  readonly text: string;
  readonly provenance: Provenance;
}

/** One step of the picture: a fact, a segment that no call of ours sent just then, or an inferred call, in the order of the playhead. */
export interface Moment {
  readonly index: number;
  readonly t: Micros;
  /** The fact; null for what is inferred, and for a captured segment that the kernel sent by itself. */
  readonly seq: EventSeq | null;
  /** The segment that this moment sends (facts: send(), sendto()) or is; null for other facts. */
  readonly segment: number | null;
  /** The inferred call that this moment is, else null. */
  readonly call: number | null;
  readonly role: RoleIx | null;
  readonly sock: SockId | null;
  readonly conn: ConnId | null;
  readonly evidence: 'captured' | 'observed' | 'inferred';
  /** True for failures: an errno, a reset, a kill. */
  readonly trouble: boolean;
}

/** A sequence whose items are made on demand from columns. */
export interface Table<T> {
  readonly count: number;
  at(index: number): T;
}

/** A segment of data as its sender's call told it, without an object. */
export interface DataRow {
  segment: number;
  /** The same for all segments of a connection that go the same way. */
  way: number;
  /** µs of its moment. */
  t: number;
  /** In its stream, and its bytes. */
  offset: number;
  size: number;
  /** The fact that holds its payload (-1: none), and where in there it begins. */
  payload: number;
  skip: number;
  /** Bytes of the other direction by then, and 1 for its FIN: one less than the acknowledgment number. */
  acknowledged: number;
}

export interface Story {
  /** Grows with every change; views use it to know that they are out of date. */
  readonly version: number;
  readonly hosts: readonly HostModel[];
  readonly roles: readonly RoleModel[];
  readonly sockets: Table<SocketModel>;
  socket(id: SockId): SocketModel | null;
  /** The kernel's socket table, where it could be read (Linux): empty elsewhere. */
  readonly kernel: Table<KernelSocket>;
  /** Samples of a socket of ours, ascending. */
  samplesOf(id: SockId): NumberList;
  readonly connections: Table<ConnectionModel>;
  connection(id: ConnId): ConnectionModel | null;
  readonly segments: Table<Segment>;
  /** Kind of a segment, without making an object of it. */
  segmentKind(id: number): SegmentKind;
  /** Calls that are inferred, by their ids. */
  readonly calls: Table<InferredCall>;
  readonly moments: Table<Moment>;
  /** First moment that is not as it was at that earlier version: new, or shifted by one that was inserted. `moments.count` when none is. */
  changedFrom(version: number): number;
  /** Time of each moment, ascending: for pacing and binary search. */
  momentTime(index: number): number;
  /** What the call of a moment sent over TCP, as numbers into `row`: for a million of them. 'none': it sends nothing; 'other': its objects tell what. */
  dataAt(index: number, row: DataRow): 'data' | 'none' | 'other';
  /** Index of the moment of a fact or segment; -1 when it is not a step of the picture. */
  momentOfFact(seq: number): number;
  momentOfSegment(id: number): number;
  /** The segment that fact `packet.captured` is; -1 when it is of no flow that is shown. */
  segmentOfPacket(seq: number): number;
  momentOfCall(id: number): number;
  /** Moments of a connection, ascending. */
  momentsOf(conn: ConnId): NumberList;
  host(index: HostIx): HostModel | null;
  role(index: RoleIx): RoleModel | null;
  /** State of the run as the facts tell it. */
  readonly lab: { readonly id: string; readonly params: Readonly<Record<string, unknown>>; readonly outcome: 'running' | 'reached' | 'stopped' | 'failed'; readonly err: string; readonly services: readonly Service[] } | null;
}

/** What one socket is doing when `position` moments have happened. */
export interface SocketSnapshot {
  readonly sock: SockId;
  readonly state: SocketState;
  readonly stateProvenance: Provenance;
  /** Bytes sent to it by its peer that no recv() has taken yet: in a kernel buffer. */
  readonly unread: number;
  /** Bytes it sent that its peer's recv() has not taken yet. */
  readonly unreadByPeer: number;
  readonly open: boolean;
}

/** What one role is doing when `position` moments have happened. */
export interface RoleSnapshot {
  readonly role: RoleIx;
  readonly running: boolean;
  readonly ended: 'done' | 'killed' | 'failed' | null;
  /** The last call or print, as a fact; null before the first. */
  readonly last: EventSeq | null;
  /** True when `last` is a call that still waits (accept, recv, connect). */
  readonly blocked: boolean;
}

export interface Snapshot {
  readonly position: number;
  readonly roles: readonly RoleSnapshot[];
  readonly sockets: readonly SocketSnapshot[];
}

/** What the user has chosen; every view follows it. */
export type Selection =
  | { readonly type: 'none' }
  | { readonly type: 'fact'; readonly seq: number }
  | { readonly type: 'segment'; readonly id: number }
  | { readonly type: 'inferredCall'; readonly id: number }
  /** A message of an application (app/appStory.ts). */
  | { readonly type: 'message'; readonly id: number }
  | { readonly type: 'socket'; readonly id: number }
  | { readonly type: 'host'; readonly index: number };
