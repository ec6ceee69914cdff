// The bytes of a flow as its programs exchanged them: a TCP connection put together, the datagrams of UDP, what the keys of the capture open of
// TLS, what HTTP said, or the messages of a WebSocket. The beginning of it, when it is long; both directions in the order in which their bytes came.

import type { KeyLog } from '../../../shared/codec/tls/decrypt/keyLog';
import type { DecodeAs } from '../../../shared/packets/decodeAs';
import { PACKET_FLAG } from '../../../shared/packets/packetTable';
import { flowAt, type FlowEnd } from '../../../shared/packets/flows/flow';
import { FlowMessages, type MessagesInput } from '../../../shared/packets/follow/flowMessages';
import { HttpPieces, type HttpPiece } from '../../../shared/packets/follow/httpPieces';
import { segmentOf } from '../../../shared/packets/follow/segment';
import type { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { TcpReassembly, type StreamDir, type StreamEvent } from '../../../shared/packets/reassembly/tcpStream';
import type { CodedBody, FollowedStream, FollowLayer, StreamPiece } from '../../../shared/packets/session';
import { EngineError } from '../../runtime/engineError';
import { undoCoding } from '../contentCoding';
import type { Breath } from './breath';

/** What a followed stream shows at most; packets that are looked at to tell what can be followed. */
const LIMITS = { bytes: 2 * 1024 * 1024, pieces: 20_000, conflicts: 200, substreams: 1_000, looked: 400 } as const;

export interface FollowParts {
  readonly index: PacketIndexer;
  readonly keys: KeyLog;
  readonly decodeAs: DecodeAs;
  /** Numbers of the flow's packets, rising. */
  readonly packets: Uint32Array;
  bytes(packet: number): Uint8Array;
  time(packet: number): number;
  /** The name of an address where it has one and names are wanted, or it itself. */
  named(address: string): string;
}

/** `wanted` null: what tells most of what its programs said. Rejects with FLOW_UNKNOWN and FLOW_LAYER (the flow has no such stream), and with Superseded. */
export async function followFlow(number: number, wanted: FollowLayer | null, substream: number | null, parts: FollowParts, breath: Pick<Breath, 'due' | 'take'>): Promise<FollowedStream> {
  if (number < 1 || number > parts.index.flows.count) throw new EngineError('FLOW_UNKNOWN', `there is no conversation ${number}`, 'follow');
  const flow = flowAt(parts.index.flows.columns, number);
  const fits = flow.kind === 'udp' ? wanted === null || wanted === 'udp' : flow.kind === 'tcp' && wanted !== 'udp';
  if (!fits) throw new EngineError('FLOW_LAYER', wanted === null ? `conversation ${number} carries no stream` : `conversation ${number} is not ${wanted}`, 'follow');
  const follower = new Follower(parts);
  const { layers, telling } = flow.kind === 'udp' ? ({ layers: ['udp'], telling: 'udp' } as const) : await layersOf(number, parts, breath);
  const layer = wanted ?? telling;
  const told = { substream: null as number | null, substreams: [] as readonly number[] };
  if (layer === 'tcp' || layer === 'udp') {
    for (const packet of parts.packets) {
      if (layer === 'tcp') follower.segment(packet);
      else follower.datagram(packet);
      if (breath.due) await breath.take();
    }
    follower.finish();
  } else if (layer === 'tls') await followOpened(number, parts, follower, breath);
  else if (layer === 'websocket') await followMessages(number, parts, follower, breath);
  else Object.assign(told, await followHttp(number, layer, substream, parts, follower, breath));
  return { flow: number, layer, layers, ...told, a: endText(flow.a, parts), b: endText(flow.b, parts), pieces: follower.pieces, size: follower.size, cut: follower.cut, conflicts: follower.conflicts };
}

const inputOf = ({ index, keys, decodeAs, bytes }: FollowParts): MessagesInput => ({ table: index.table, flows: index.flows, packets: { bytes }, keys, decodeAs });
const turned = (dir: StreamDir): StreamDir => (dir === 'up' ? 'down' : 'up');

/** What the beginning of a connection speaks, and what of it tells most: the innermost of which there is something to show. */
async function layersOf(flow: number, parts: FollowParts, breath: Pick<Breath, 'due' | 'take'>): Promise<{ readonly layers: readonly FollowLayer[]; readonly telling: FollowLayer }> {
  const messages = new FlowMessages(inputOf(parts), flow);
  const [found, says] = [new Set<FollowLayer>(['tcp']), new Set<FollowLayer>(['tcp'])];
  for (const packet of parts.packets.subarray(0, LIMITS.looked)) {
    for (const item of messages.push(packet).outcome.items) {
      // Records without their keys are TLS that says nothing, and so are a WebSocket's controls and HTTP/2 before its first header block.
      if (item.kind === 'opened' && item.content !== null) says.add('tls');
      if (item.kind !== 'message') continue;
      const { protocol, http, socket } = item;
      if (protocol === 'tls' || protocol === 'http' || protocol === 'http2' || protocol === 'websocket') found.add(protocol);
      if (http !== undefined && (http.version === 1 || http.frame.headers !== null)) says.add(http.version === 1 ? 'http' : 'http2');
      if (socket !== undefined) says.add('websocket');
    }
    if (breath.due) await breath.take();
  }
  const layers = (['tcp', 'tls', 'http', 'http2', 'websocket'] as const).filter((layer) => found.has(layer));
  return { layers, telling: layers.findLast((layer) => says.has(layer)) ?? 'tcp' };
}

/** What was sealed, opened: of that, what is no part of TLS itself. */
async function followOpened(flow: number, parts: FollowParts, follower: Follower, breath: Pick<Breath, 'due' | 'take'>): Promise<void> {
  const messages = new FlowMessages(inputOf(parts), flow);
  for (const packet of parts.packets) {
    for (const item of messages.push(packet).outcome.items) {
      if (item.kind !== 'opened' || item.content === null) continue;
      const { dir, length } = item.content;
      follower.add(messages.aligned ? dir : turned(dir), item.bytes.subarray(0, length), packet);
    }
    if (breath.due) await breath.take();
  }
}

/** The messages of a WebSocket, texts and binary ones: what its controls say is between its programs' libraries. */
async function followMessages(flow: number, parts: FollowParts, follower: Follower, breath: Pick<Breath, 'due' | 'take'>): Promise<void> {
  const messages = new FlowMessages(inputOf(parts), flow);
  for (const packet of parts.packets) {
    for (const item of messages.push(packet).outcome.items) {
      if (item.kind === 'message' && item.socket !== undefined) follower.add(messages.aligned ? item.dir : turned(item.dir), item.socket.bytes, packet, item.socket.coded);
    }
    if (breath.due) await breath.take();
  }
}

async function followHttp(flow: number, layer: 'http' | 'http2', substream: number | null, parts: FollowParts, follower: Follower, breath: Pick<Breath, 'due' | 'take'>): Promise<Pick<FollowedStream, 'substream' | 'substreams'>> {
  const messages = new FlowMessages(inputOf(parts), flow);
  const chosen = layer === 'http2' ? (substream ?? (await firstStream(flow, parts, breath))) : null;
  const http = new HttpPieces(layer === 'http' ? 1 : 2, chosen);
  const add = async (piece: HttpPiece): Promise<void> => {
    const dir = messages.aligned ? piece.dir : turned(piece.dir);
    if (piece.coding === null || piece.coding === '' || follower.room === 0) return follower.add(dir, piece.bytes, piece.packet);
    const { bytes, outcome } = await undoCoding(piece.bytes, piece.coding, follower.room);
    follower.add(dir, bytes, piece.packet, { coding: piece.coding, outcome, sent: piece.bytes.length });
  };
  for (const packet of parts.packets) {
    for (const piece of http.push(messages.push(packet))) await add(piece);
    if (breath.due) await breath.take();
  }
  for (const piece of http.finish()) await add(piece);
  return { substream: chosen, substreams: [...http.streams].slice(0, LIMITS.substreams) };
}

/** The first stream of HTTP/2 that carries messages; null: there is none. */
async function firstStream(flow: number, parts: FollowParts, breath: Pick<Breath, 'due' | 'take'>): Promise<number | null> {
  const messages = new FlowMessages(inputOf(parts), flow);
  const http = new HttpPieces(2);
  for (const packet of parts.packets) {
    http.push(messages.push(packet));
    const [first] = http.streams;
    if (first !== undefined) return first;
    if (breath.due) await breath.take();
  }
  return null;
}

class Follower {
  readonly pieces: StreamPiece[] = [];
  readonly size = { up: 0, down: 0 };
  readonly conflicts: { dir: StreamDir; offset: number; length: number; packet: number }[] = [];
  cut = false;
  #kept = 0;
  readonly #gaps = { up: 0, down: 0 };
  readonly #reassembly = new TcpReassembly();

  constructor(private readonly parts: FollowParts) {}

  /** Bytes that are still kept. */
  get room(): number {
    return this.pieces.length >= LIMITS.pieces ? 0 : LIMITS.bytes - this.#kept;
  }

  segment(packet: number): void {
    const segment = segmentOf(this.parts.index.table, this.parts, packet);
    const placed = this.#reassembly.push(segment);
    for (const { at: offset, length } of placed.conflicts) if (this.conflicts.length < LIMITS.conflicts) this.conflicts.push({ dir: segment.dir, offset, length, packet });
    placed.events.forEach(this.#event);
  }

  datagram(packet: number): void {
    const { chunk, row } = this.parts.index.table.locate(packet);
    const at = chunk.payloadAt[row] ?? 0;
    const bytes = this.parts.bytes(packet).subarray(at, at + (chunk.payload[row] ?? 0));
    if ((chunk.payload[row] ?? 0) > 0) this.add(((chunk.flags[row] ?? 0) & PACKET_FLAG.reverse) === 0 ? 'up' : 'down', bytes, packet);
  }

  finish(): void {
    this.#reassembly.finish().forEach(this.#event);
  }

  readonly #event = (event: StreamEvent): void => {
    switch (event.type) {
      case 'bytes': return this.add(event.dir, event.bytes, event.packet);
      case 'gap':
        this.#gaps[event.dir] += event.length;
        this.size[event.dir] += event.length;
        return;
      case 'end': return;
      default: event satisfies never;
    }
  };

  add(dir: StreamDir, bytes: Uint8Array, packet: number, coded: CodedBody | null = null): void {
    const offset = this.size[dir];
    this.size[dir] += bytes.length;
    const { room } = this;
    const kept = bytes.slice(0, room);
    if (kept.length < bytes.length || room === 0 || coded?.outcome === 'large') this.cut = true;
    if (kept.length === 0) return;
    this.#kept += kept.length;
    this.pieces.push({ dir, offset, bytes: kept, gap: this.#gaps[dir], packet, time: this.parts.time(packet), ...(coded === null ? {} : { coded }) });
    this.#gaps[dir] = 0;
  }
}

function endText({ address, port }: FlowEnd, { named }: Pick<FollowParts, 'named'>): string {
  const name = named(address);
  return `${name.includes(':') ? `[${name}]` : name}:${port ?? ''}`;
}
