// What a datagram speaks, without the trees of its packet: by its ports and its bytes where these stand. So a filter of DNS builds trees of packets in which
// DNS is, and of no others. What is more than UDP with one message in it is left to the dissection.

import type { Claim } from '../../codec/codec';
import { dissectPayload } from '../../codec/dissect';
import { isBare } from '../../codec/dns/fields';
import { udpClaims } from '../../codec/udp/claims';
import { BARE } from '../dissector';
import type { FlowTable } from '../flows/flowTable';
import { KIND } from '../index/linkHeader';
import { u16 } from '../index/numbers';
import { PACKET_FLAG, UNSURE, type PacketTable } from '../packetTable';
import type { PacketWindow } from './packetWindow';

const HEADER = 8;
const NOTHING: readonly string[] = [];
const NO_TREES = { trees: false };

export class DatagramTalks {
  constructor(private readonly table: PacketTable, private readonly flows: FlowTable, private readonly window: PacketWindow) {}

  /** The protocol of what a packet of UDP carries, 'data' where nobody knows it, BARE for DNS of which only the header can be read. Null: the packet's dissection tells. */
  speaks(packet: number): readonly string[] | null {
    const { chunk, row } = this.table.locate(packet);
    const flow = chunk.flow[row] ?? 0;
    const flags = chunk.flags[row] ?? 0;
    if (chunk.kind[row] !== KIND.udp || flow === 0 || (flags & UNSURE) !== 0) return null;
    const at = chunk.payloadAt[row] ?? 0;
    const length = chunk.payload[row] ?? 0;
    if (at < HEADER || at + length > (chunk.captured[row] ?? 0)) return null;
    const start = this.window.place(packet) + at;
    const { bytes } = this.window;
    // Another length than the packet has room for: what is missing the dissection knows.
    if (u16(bytes, start - HEADER + 4) !== HEADER + length) return null;
    if (length === 0) return NOTHING;
    const said = bytes.subarray(start, start + length);
    const layers = dissectPayload(said, this.#claims(flow, (flags & PACKET_FLAG.reverse) !== 0), { transport: 'udp', missing: 0, quoted: false }, NO_TREES);
    const [only] = layers;
    if (only === undefined || layers.length > 1 || only.layer !== 'application') return null;
    return [only.protocol === 'dns' && only.status.status !== 'complete' && isBare(said) ? BARE : only.protocol];
  }

  #claims(flow: number, reverse: boolean): readonly Claim[] {
    const ports = this.flows.columns.ports[flow] ?? 0;
    const [a, b] = [ports >>> 16, ports & 0xffff];
    return reverse ? udpClaims(b, a) : udpClaims(a, b);
  }
}
