// One flow as an object: what a table's row or a heading shows. Made on demand from FlowColumns, never kept for all.

import { ipv4Text, ipv6Text } from '../../codec/address';
import { writeUint } from '../../base/bytes';
import { PACKET_KINDS, type PacketKind } from '../packetTable';
import { KNOWN, type FlowColumns } from './flowColumns';

export interface FlowEnd {
  readonly address: string;
  /** Null for flows that are neither TCP nor UDP. */
  readonly port: number | null;
  /** Packets that it sent, and their bytes on the wire. */
  readonly packets: number;
  readonly bytes: number;
  /** TCP: its initial sequence number; null: its SYN was not seen. */
  readonly isn: number | null;
  /** TCP: shift of the windows that it announces (RFC 7323 2.2); 0: both SYNs were seen and not both had the option; null: unknown. */
  readonly windowShift: number | null;
}

export interface Flow {
  /** From 1, in order of appearance; the `flow` of packets. */
  readonly number: number;
  readonly kind: PacketKind;
  readonly version: 4 | 6;
  /** tcp.stream or udp.stream, from 0; null for other kinds. */
  readonly stream: number | null;
  /** `a` sent the first packet. */
  readonly a: FlowEnd;
  readonly b: FlowEnd;
  /** Packet numbers, from 0. */
  readonly first: number;
  readonly last: number;
  /** TCP: an earlier connection had the same addresses and ports. */
  readonly reused: boolean;
}

/** The flow of a row. */
export function flowAt(columns: FlowColumns, number: number): Flow {
  const kind = PACKET_KINDS[columns.kind[number] ?? 0] ?? 'other';
  const ported = kind === 'tcp' || kind === 'udp';
  const ports = columns.ports[number] ?? 0;
  const end = (side: 0 | 1): FlowEnd => ({
    address: addressText(columns, number, side), port: !ported ? null : side === 0 ? ports >>> 16 : ports & 0xffff,
    packets: columns.packets[number * 2 + side] ?? 0, bytes: columns.bytes[number * 2 + side] ?? 0,
    isn: isnOf(columns, number, side), windowShift: kind === 'tcp' ? windowShift(columns, number, side) : null,
  });
  return {
    number, kind, version: columns.version[number] === 4 ? 4 : 6, stream: ported ? columns.stream[number] ?? 0 : null, a: end(0), b: end(1),
    first: columns.first[number] ?? 0, last: columns.last[number] ?? 0, reused: columns.reused[number] === 1,
  };
}

/** The bytes of an end's address: 4 or 16. */
export function addressBytes(columns: FlowColumns, number: number, side: 0 | 1): Uint8Array<ArrayBuffer> {
  const words = columns.version[number] === 4 ? 1 : 4;
  const bytes = new Uint8Array(words * 4);
  for (let word = 0; word < words; word++) writeUint(bytes, word * 4, 4, columns.addresses[number * 8 + side * 4 + word] ?? 0);
  return bytes;
}

export function addressText(columns: FlowColumns, number: number, side: 0 | 1): string {
  const bytes = addressBytes(columns, number, side);
  return bytes.length === 4 ? ipv4Text(bytes) : ipv6Text(bytes);
}

const isnOf = (columns: FlowColumns, number: number, side: 0 | 1): number | null => (((columns.known[number] ?? 0) & (KNOWN.syn << side)) === 0 ? null : columns.base[number * 2 + side] ?? 0);

/** RFC 7323 2.2: windows are scaled only when both ends said so in their SYNs; null: a SYN was not seen, so nobody knows. */
export function windowShift(columns: FlowColumns, number: number, side: 0 | 1): number | null {
  const known = columns.known[number] ?? 0;
  if ((known & KNOWN.syn) === 0 || (known & (KNOWN.syn << 1)) === 0) return null;
  const both = (known & KNOWN.scale) !== 0 && (known & (KNOWN.scale << 1)) !== 0;
  return both ? columns.shift[number * 2 + side] ?? 0 : 0;
}
