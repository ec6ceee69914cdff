// Which blocks of a chunk's rows are told by their flows alone: each row has one, and nothing in it that columns do not say. Found out once a block for
// all filters, so that chunkLoops.ts need not look at each row again. Captures of LANs have some other packet here and there: blocks are small.

import { CHUNK, UNSURE, type PacketChunk } from '../packetTable';

/** Rows of a block are 1 << BLOCK_BITS. */
export const BLOCK_BITS = 6;

interface Blocks {
  /** One a block; 1: it is plain. */
  readonly plain: Uint8Array;
  /** Blocks that are looked at. */
  known: number;
}

const kept = new WeakMap<PacketChunk, Blocks>();

/** By block of a chunk of which `rows` rows are there; of those that are not whole yet nothing is said. */
export function plainBlocks(chunk: PacketChunk, rows: number): Uint8Array {
  let blocks = kept.get(chunk);
  if (blocks === undefined) kept.set(chunk, (blocks = { plain: new Uint8Array(CHUNK >> BLOCK_BITS), known: 0 }));
  const { flow, flags } = chunk;
  for (const end = Math.min(rows, CHUNK) >> BLOCK_BITS; blocks.known < end; blocks.known++) {
    let without = 0;
    let told = 0;
    for (let row = blocks.known << BLOCK_BITS; row < (blocks.known + 1) << BLOCK_BITS; row++) {
      told |= flags[row] ?? 0;
      if (flow[row] === 0) without++;
    }
    blocks.plain[blocks.known] = without === 0 && (told & UNSURE) === 0 ? 1 : 0;
  }
  return blocks.plain;
}
