// An open capture as its users see it: the command line directly, the page over IPC. All of it is data that can be cloned. Implemented by
// electron/packets (a worker that reads, indexes, filters and dissects, and can be killed); the page holds what is on screen only.

import type { FilterError } from '../filter/filter';
import type { CaptureDamage, CaptureInterface } from './captureFacts';
import type { DecodeChoice } from './decodeAs';
import type { DissectedPacket } from './dissector';
import type { ChosenExchanges } from './exchanges/exchange';

export interface CaptureSummary {
  /** Of the file, without its folder. */
  readonly name: string;
  /** Bytes of the file, and how many are read. */
  readonly size: number;
  readonly read: number;
  readonly state: 'reading' | 'analysing' | 'ready' | 'cancelled' | 'failed';
  readonly format: 'pcap' | 'pcapng';
  readonly gzip: boolean;
  readonly packets: number;
  readonly flows: number;
  /** Sum of the packets' bytes on the wire. */
  readonly bytes: number;
  /** Seconds since 1970 and nanoseconds of the earliest and latest packet; null: there are none. */
  readonly first: readonly [seconds: number, nanos: number] | null;
  readonly last: readonly [seconds: number, nanos: number] | null;
  readonly interfaces: readonly CaptureInterface[];
  readonly comments: readonly string[];
  readonly application: string;
  readonly damage: CaptureDamage | null;
  /** It has TLS keys inside. */
  readonly keys: boolean;
  /** It is a run of ours and can be opened as one. */
  readonly run: boolean;
  /** How often packets that were told in part became known whole: rows and packets that were asked for before may say more. */
  readonly retold: number;
}

export type SortColumn = 'number' | 'time' | 'source' | 'destination' | 'protocol' | 'length' | 'info';

export interface ViewRequest {
  /** '' : all. */
  readonly filter: string;
  readonly sort: { readonly column: SortColumn; readonly descending: boolean };
}

/** A filtered, sorted list. A newer one of the same session replaces it. */
export interface ViewState {
  readonly view: number;
  readonly request: ViewRequest;
  /** Rows so far; `done` false: still being looked for. */
  readonly count: number;
  readonly done: boolean;
  /** 0..1 */
  readonly share: number;
  readonly error: FilterError | null;
}

export interface PacketRow {
  /** From 0; people see it from 1. */
  readonly number: number;
  /** ns since the capture's first packet: may be negative. */
  readonly time: number;
  /** Addresses, or names where they are known and wanted. */
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  /** Bytes on the wire. */
  readonly length: number;
  readonly info: string;
  readonly trouble: DissectedPacket['trouble'];
  readonly flow: number;
  /** Which of the rules fits it first; -1: none. */
  readonly rule: number;
  /** Further columns that were asked for, by field name; '' when absent. */
  readonly columns: readonly string[];
}

/** A packet of a flow, for its ladder. */
export interface FlowPacket extends PacketRow {
  /** Sent by the flow's second end. */
  readonly back: boolean;
  /** Bytes that its transport carried. */
  readonly payload: number;
}

/** Some packets of a flow, in the order of the file. */
export interface FlowPart {
  readonly flow: number;
  readonly kind: string;
  /** tcp.stream or udp.stream; null for other kinds. */
  readonly stream: number | null;
  readonly a: { readonly address: string; readonly port: number | null };
  readonly b: { readonly address: string; readonly port: number | null };
  /** Packets of the flow in all. */
  readonly total: number;
  readonly packets: readonly FlowPacket[];
}

/** A packet that is shown, with the flow that it belongs to; 0: none. */
export interface ShownPacket extends DissectedPacket {
  readonly flow: number;
  /** Only the last packets of its flow before it were read yet. */
  readonly cut: boolean;
}

export interface TableEnd {
  readonly address: string;
  /** Null: of all ports. */
  readonly port: number | null;
  /** Of the address, where it has one and names are wanted. */
  readonly name?: string;
}

export interface Conversation {
  readonly flow: number;
  readonly kind: string;
  readonly a: TableEnd;
  readonly b: TableEnd;
  /** From a to b, and back. */
  readonly packets: readonly [number, number];
  readonly bytes: readonly [number, number];
  /** ns since the capture's first packet. */
  readonly start: number;
  readonly end: number;
}

export interface EndpointRow extends TableEnd {
  readonly packets: number;
  readonly bytes: number;
  /** Sent and received. */
  readonly sent: number;
  readonly received: number;
}

export interface HierarchyNode {
  readonly protocol: string;
  readonly packets: number;
  readonly bytes: number;
  /** Packets in which this protocol is the innermost. */
  readonly endPackets: number;
  readonly children: readonly HierarchyNode[];
}

/** Samples of a picture: x in ns since the capture's first packet. */
export interface GraphSeries {
  readonly name: 'sequence' | 'acknowledged' | 'sack' | 'retransmission' | 'window' | 'throughput' | 'goodput' | 'rtt' | 'packets' | 'bytes' | 'errors' | 'filter';
  readonly unit: 'B' | 'B/s' | 'packets' | 'ns';
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Packet of each sample; empty when a sample stands for many. */
  readonly packets: readonly number[];
}

export type GraphKind = 'sequence' | 'throughput' | 'rtt' | 'window';

export interface IoGraphRequest {
  /** ns of one interval, at least 1 µs; the number of intervals is bounded. */
  readonly interval: number;
  readonly filters: readonly string[];
}

/** What became of the coding of a body, or of a message of a WebSocket. 'unknown': nobody here can undo it; 'damaged': it is shown as far as it could be; 'large': cut where the bound is. */
export interface CodedBody {
  /** 'gzip', 'br', 'gzip, br', 'permessage-deflate; server_no_context_takeover'. */
  readonly coding: string;
  readonly outcome: 'decoded' | 'unknown' | 'damaged' | 'large';
  /** Bytes of it as they were sent. */
  readonly sent: number;
}

/** One piece of a followed stream, in the order in which it was received. */
export interface StreamPiece {
  readonly dir: 'up' | 'down';
  /** Offset in its direction. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Bytes that are missing in the capture before this piece. */
  readonly gap: number;
  /** The packet that brought its last byte. */
  readonly packet: number;
  /** Time of it, ns since the capture's first packet. */
  readonly time: number;
  /** A body or message that came in a coding; left out: it is shown as it was sent. */
  readonly coded?: CodedBody;
}

/** What can be followed: the transport's bytes, what was opened of them, what HTTP said with its framing and codings undone, or the messages of a WebSocket. */
export const FOLLOW_LAYERS = ['tcp', 'udp', 'tls', 'http', 'http2', 'websocket'] as const;
export type FollowLayer = (typeof FOLLOW_LAYERS)[number];

export interface FollowedStream {
  readonly flow: number;
  readonly layer: FollowLayer;
  /** What can be followed of this flow. */
  readonly layers: readonly FollowLayer[];
  /** HTTP/2: the stream of the connection that is followed, and those that carried messages (the first ones); else null and none. */
  readonly substream: number | null;
  readonly substreams: readonly number[];
  readonly a: string;
  readonly b: string;
  readonly pieces: readonly StreamPiece[];
  /** Bytes of each direction in all; fewer may be in `pieces`. */
  readonly size: { readonly up: number; readonly down: number };
  readonly cut: boolean;
  /** Bytes that came twice and differ: the first are shown (offset in the direction). */
  readonly conflicts: readonly { readonly dir: 'up' | 'down'; readonly offset: number; readonly length: number; readonly packet: number }[];
}

/** Packets of a view that are played on the stage at most: the first of them. */
export const MOST_STAGED = 20_000;

/** Packets of a view as a run file, in a folder that whoever opens it removes. */
export interface StagedRun {
  readonly folder: string;
  readonly path: string;
  /** Packets that are in it. */
  readonly packets: number;
}

export interface FindRequest {
  readonly what: 'text' | 'hex' | 'regex' | 'filter';
  readonly pattern: string;
  readonly matchCase: boolean;
  /** Row of the view to begin after, and the way to go. */
  readonly from: number;
  readonly backwards: boolean;
}

/** Every question of a session by its name; answers are promises. Errors: EngineError with code, message, where. */
export interface CaptureSession {
  summary(): CaptureSummary;
  /** Begins a new view; earlier ones stop. Resolves when it is complete, with an error of the filter in it. */
  show(request: ViewRequest): Promise<ViewState>;
  /** Rows of a view: at most 1,000 at once. Rejects with VIEW_GONE for a view that was replaced. `columns`: further fields. */
  rows(view: number, from: number, count: number, columns?: readonly string[]): Promise<readonly PacketRow[]>;
  /** Row of a packet in a view; -1: it is not in it. */
  rowOf(view: number, packet: number): Promise<number>;
  packet(number: number): Promise<ShownPacket>;
  /** Packets `from` up to `from + count` of a flow: at most 1,000 at once. */
  flowPart(flow: number, from: number, count: number): Promise<FlowPart>;
  /** Row in the view, -1: none. */
  find(view: number, request: FindRequest): Promise<number>;
  conversations(kind: 'ethernet' | 'ip' | 'tcp' | 'udp', filter: string): Promise<readonly Conversation[]>;
  endpoints(kind: 'ethernet' | 'ip' | 'tcp' | 'udp', filter: string): Promise<readonly EndpointRow[]>;
  hierarchy(filter: string): Promise<readonly HierarchyNode[]>;
  graph(flow: number, dir: 'up' | 'down', kind: GraphKind): Promise<readonly GraphSeries[]>;
  ioGraph(request: IoGraphRequest): Promise<readonly GraphSeries[]>;
  /** How many packets of the whole file each of the filters finds. */
  count(filters: readonly string[]): Promise<readonly number[]>;
  /** `layer` null: what tells most of what its programs said. `substream`: of http2; null: its first. */
  follow(flow: number, layer: FollowLayer | null, substream: number | null): Promise<FollowedStream>;
  /** Those that could be read, in clear and with the keys of the file. */
  exchanges(filter: string): Promise<ChosenExchanges>;
  /** What ports speak from now on, instead of the choices before: what is dissected is said anew. Gives those that are taken. */
  decodeAs(choices: readonly DecodeChoice[]): Promise<readonly DecodeChoice[]>;
  /** Names instead of addresses, as the file and its DNS answers tell them; gives how many there are. Nobody is asked for any. */
  names(wanted: boolean): Promise<number>;
  /** From now on rows say which of these filters fits them first. One that is wrong fits none. */
  rules(filters: readonly string[]): Promise<null>;
  /** Stops what is being read or looked for; what is there stays. */
  cancel(): void;
  dispose(): Promise<void>;
}
