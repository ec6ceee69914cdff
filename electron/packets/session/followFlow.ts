// The bytes of a flow as its programs exchanged them: a TCP connection put together, the datagrams of UDP, or what the keys of the capture open of
// TLS. The beginning of it, when it is long; both directions in the order in which their bytes came.

import { PACKET_FLAG } from '../../../shared/packets/packetTable';
import type { DissectedPacket } from '../../../shared/packets/dissector';
import { flowAt, type FlowEnd } from '../../../shared/packets/flows/flow';
import type { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { TcpReassembly, type StreamDir, type StreamEvent } from '../../../shared/packets/reassembly/tcpStream';
import type { FollowedStream, StreamPiece } from '../../../shared/packets/session';
import { EngineError } from '../../runtime/engineError';
import type { Breath } from './breath';

/** What a followed stream shows at most. */
const LIMITS = { bytes: 2 * 1024 * 1024, pieces: 20_000, conflicts: 200 } as const;
const NINE_FLAGS = 0x1ff;

export interface FollowParts {
  readonly index: PacketIndexer;
  /** Numbers of the flow's packets, rising. */
  readonly packets: Uint32Array;
  bytes(packet: number): Uint8Array;
  time(packet: number): number;
  dissect(packet: number): DissectedPacket;
}

/** Rejects with FLOW_UNKNOWN and FLOW_LAYER (the flow has no such stream), and with Superseded. */
export async function followFlow(number: number, layer: FollowedStream['layer'], parts: FollowParts, breath: Breath): Promise<FollowedStream> {
  const flow = flowAt(parts.index.flows.columns, number);
  if (layer === 'udp' ? flow.kind !== 'udp' : flow.kind !== 'tcp') throw new EngineError('FLOW_LAYER', `conversation ${number} is not ${layer}`, 'follow');
  const follower = new Follower(parts);
  const add = layer === 'tcp' ? follower.segment : layer === 'udp' ? follower.datagram : follower.opened;
  for (const packet of parts.packets) {
    add(packet);
    if (breath.due) await breath.take();
  }
  follower.finish();
  return { flow: number, layer, a: endText(flow.a), b: endText(flow.b), pieces: follower.pieces, size: follower.size, cut: follower.cut, conflicts: follower.conflicts };
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

  readonly segment = (packet: number): void => {
    const { chunk, row } = this.parts.index.table.locate(packet);
    const dir = this.#dir(packet);
    const size = chunk.payload[row] ?? 0;
    const at = chunk.payloadAt[row] ?? 0;
    const bytes = size === 0 ? new Uint8Array(0) : this.parts.bytes(packet).subarray(at, at + size);
    const placed = this.#reassembly.push({
      dir, sequence: chunk.sequence[row] ?? 0, acknowledgment: chunk.acknowledgment[row] ?? 0, flags: (chunk.flags[row] ?? 0) & NINE_FLAGS, bytes, missing: size - bytes.length, packet,
    });
    for (const { at: offset, length } of placed.conflicts) if (this.conflicts.length < LIMITS.conflicts) this.conflicts.push({ dir, offset, length, packet });
    placed.events.forEach(this.#event);
  };

  readonly datagram = (packet: number): void => {
    const { chunk, row } = this.parts.index.table.locate(packet);
    const at = chunk.payloadAt[row] ?? 0;
    const bytes = this.parts.bytes(packet).subarray(at, at + (chunk.payload[row] ?? 0));
    if ((chunk.payload[row] ?? 0) > 0) this.#add(this.#dir(packet), bytes, packet);
  };

  /** Of what was opened, that which is no part of TLS itself. */
  readonly opened = (packet: number): void => {
    const { chunk, row } = this.parts.index.table.locate(packet);
    if ((chunk.payload[row] ?? 0) === 0) return;
    const { sources, layers } = this.parts.dissect(packet);
    for (const [at, { name, bytes }] of sources.entries()) {
      if (name === 'decrypted' && layers.some((layer) => layer.source === at && layer.protocol !== 'tls' && layer.protocol !== 'x509af')) this.#add(this.#dir(packet), bytes, packet);
    }
  };

  finish(): void {
    this.#reassembly.finish().forEach(this.#event);
  }

  readonly #event = (event: StreamEvent): void => {
    switch (event.type) {
      case 'bytes': return this.#add(event.dir, event.bytes, event.packet);
      case 'gap':
        this.#gaps[event.dir] += event.length;
        this.size[event.dir] += event.length;
        return;
      case 'end': return;
      default: event satisfies never;
    }
  };

  #add(dir: StreamDir, bytes: Uint8Array, packet: number): void {
    const offset = this.size[dir];
    this.size[dir] += bytes.length;
    const kept = bytes.slice(0, LIMITS.bytes - this.#kept);
    if (kept.length < bytes.length || this.pieces.length >= LIMITS.pieces) this.cut = true;
    if (kept.length === 0 || this.pieces.length >= LIMITS.pieces) return;
    this.#kept += kept.length;
    this.pieces.push({ dir, offset, bytes: kept, gap: this.#gaps[dir], packet, time: this.parts.time(packet) });
    this.#gaps[dir] = 0;
  }

  #dir(packet: number): StreamDir {
    const { chunk, row } = this.parts.index.table.locate(packet);
    return ((chunk.flags[row] ?? 0) & PACKET_FLAG.reverse) === 0 ? 'up' : 'down';
  }
}

const endText = ({ address, port }: FlowEnd): string => (address.includes(':') ? `[${address}]:${port ?? ''}` : `${address}:${port ?? ''}`);
