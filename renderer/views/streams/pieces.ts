// The pieces that the lanes of a ruler are made of, and how one is found by an offset. Pure; built by ruler.ts and datagrams.ts.

import type { Evidence } from '../../../shared/trace/event';
import type { Selection } from '../../../shared/trace/story';

export type Lane = 'writes' | 'segments' | 'reads' | 'messages';

/** Bytes `start` up to, not including, `end` that one thing made, carried or took. */
export interface Piece {
  /** From 1, in its lane: what is written on it. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
  /** Null: a line, which nothing stands for. */
  readonly target: Selection | null;
  readonly evidence: Evidence;
  /** Of a message: its summary; else ''. */
  readonly name: string;
}

/** What has become of bytes that no recv() has taken: not sent yet, in a kernel's buffer or on the way, gone, or with a peer that is not ours. */
export type Fate = 'future' | 'unread' | 'lost' | 'unknown';

export interface Region {
  readonly start: number;
  readonly end: number;
  readonly fate: Fate;
}

/** The piece of a lane that holds a byte; null when none does. Pieces ascend and do not overlap. */
export function pieceAt(pieces: readonly Piece[], offset: number): Piece | null {
  const at = firstEndingAfter(pieces, offset);
  const piece = pieces[at];
  return piece !== undefined && piece.start <= offset ? piece : null;
}

/** Index of the first piece that ends after `offset`; the length when none does. */
export function firstEndingAfter(pieces: readonly Piece[], offset: number): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pieces[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
