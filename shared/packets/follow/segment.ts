// A packet of a TCP connection as its reassembly takes it: from the columns of the index, with the bytes that it carried.

import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { PacketBytes } from '../dissector';
import { KIND } from '../index/linkHeader';
import { PACKET_FLAG, type PacketTable } from '../packetTable';
import type { TcpSegment } from '../reassembly/tcpStream';

/** Bits of TCP in the table's flags. */
const NINE = 0x1ff;

/** What counts as empty: fragments, and damaged headers. */
export const EMPTY = PACKET_FLAG.fragment | PACKET_FLAG.damaged;

/** `dir` as in the table. */
export function segmentOf(table: PacketTable, packets: PacketBytes, number: number): TcpSegment {
  const { chunk, row } = table.locate(number);
  const flags = chunk.flags[row] ?? 0;
  const usable = chunk.kind[row] === KIND.tcp && (flags & EMPTY) === 0;
  const at = chunk.payloadAt[row] ?? 0;
  const length = usable ? (chunk.payload[row] ?? 0) : 0;
  const bytes = length === 0 ? new Uint8Array(0) : packets.bytes(number).subarray(at, at + length);
  return {
    dir: (flags & PACKET_FLAG.reverse) === 0 ? 'up' : 'down', sequence: chunk.sequence[row] ?? 0, acknowledgment: chunk.acknowledgment[row] ?? 0, flags: flags & (usable ? NINE : TCP_FLAGS.ACK),
    bytes, missing: length - bytes.length, packet: number,
  };
}
