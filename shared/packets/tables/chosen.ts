// Which packets a table or a graph counts: all, or those that a filter found. First step of everything in tables/.

import { CHUNK, type PacketChunk, type PacketTable } from '../packetTable';
import { SLICE_ROWS, type Sliced } from './sliced';

/** Packet numbers by position, in rising order; null: every packet. */
export type Chosen = { readonly count: number; at(position: number): number } | null;

/** Calls `each` for the packets chosen, in order; those that come meanwhile are left out. */
export function* forChosen(table: PacketTable, chosen: Chosen, each: (chunk: PacketChunk, row: number, packet: number) => void): Sliced<void> {
  if (chosen === null) {
    const { count } = table;
    for (let first = 0; first < count; first += SLICE_ROWS) {
      const chunk = table.chunks[Math.floor(first / CHUNK)];
      if (chunk === undefined) return;
      const start = first % CHUNK;
      const end = Math.min(start + SLICE_ROWS, CHUNK, start + count - first);
      for (let row = start; row < end; row++) each(chunk, row, first - start + row);
      yield;
    }
    return;
  }
  for (let position = 0; position < chosen.count; position++) {
    const packet = chosen.at(position);
    const chunk = table.chunks[Math.floor(packet / CHUNK)];
    if (chunk !== undefined && packet < table.count) each(chunk, packet % CHUNK, packet);
    if (position % SLICE_ROWS === 0) yield;
  }
}

/** Seconds and nanoseconds that times are counted from: the capture's first packet. */
export interface Origin {
  readonly seconds: number;
  readonly nanos: number;
}

export function originOf(table: PacketTable): Origin {
  const chunk = table.chunks[0];
  return { seconds: chunk?.seconds[0] ?? 0, nanos: chunk?.nanos[0] ?? 0 };
}

/** ns since the capture's first packet: may be negative. */
export const timeIn = (chunk: PacketChunk, row: number, origin: Origin): number => ((chunk.seconds[row] ?? 0) - origin.seconds) * 1e9 + (chunk.nanos[row] ?? 0) - origin.nanos;
