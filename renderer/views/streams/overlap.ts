// The text equivalent of the ruler: for every write, which recv() took how many of its bytes, and what became of the rest. Pure.

import { firstEndingAfter, type Fate, type Piece, type Region } from './pieces';
import type { Ruler } from './ruler';

export interface Part {
  readonly piece: Piece;
  readonly bytes: number;
}
export interface OverlapRow {
  readonly write: Piece;
  readonly reads: readonly Part[];
  /** Bytes that nobody has read, by what became of them. */
  readonly rest: readonly { readonly fate: Fate; readonly bytes: number }[];
}

/** Writes that have begun at fact `seq` (those of a peer that is not ours: its segments), with the reads up to then. */
export function overlaps(ruler: Ruler, seq: number): readonly OverlapRow[] {
  const regions = ruler.regionsAt(seq);
  const reads = ruler.lanes.reads.filter((read) => read.target?.type === 'fact' && read.target.seq <= seq);
  const writes = ruler.lanes.writes.length > 0 ? ruler.lanes.writes.filter((write) => write.target?.type === 'fact' && write.target.seq <= seq) : ruler.lanes.segments.filter((one) => isBegun(one, regions));
  return writes.map((write) => {
    const parts: Part[] = [];
    for (let at = firstEndingAfter(reads, write.start); at < reads.length; at++) {
      const piece = reads[at];
      if (piece === undefined || piece.start >= write.end) break;
      parts.push({ piece, bytes: Math.min(piece.end, write.end) - Math.max(piece.start, write.start) });
    }
    const rest = regions.flatMap(({ start, end, fate }) => {
      const bytes = Math.min(end, write.end) - Math.max(start, write.start);
      return bytes > 0 ? [{ fate, bytes }] : [];
    });
    return { write, reads: parts, rest };
  });
}

const isBegun = (piece: Piece, regions: readonly Region[]): boolean => !regions.some((region) => region.fate === 'future' && region.start <= piece.start);
