// Who helped whom at the playhead: a matrix while it can be read, else the pairs that gave most. Pure.

import type { SwarmNow } from '../../../shared/trace/swarm/swarmStory';

/** Peers up to which a matrix fits. */
export const MOST_MATRIX = 12;
/** Pairs that a list shows. */
export const MOST_PAIRS = 100;

export interface Pair {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/** Pairs with bytes from one to the other, most first; of one peer alone unless `peer` is -1. */
export function pairsOf(now: Pick<SwarmNow, 'helped'>, peers: number, peer = -1): Pair[] {
  const pairs: Pair[] = [];
  for (let from = 0; from < peers; from++) {
    for (let to = 0; to < peers; to++) {
      const bytes = now.helped[from * peers + to] ?? 0;
      if (bytes > 0 && (peer < 0 || peer === from || peer === to)) pairs.push({ from, to, bytes });
    }
  }
  return pairs.sort((one, other) => other.bytes - one.bytes);
}

/** A strength from 1 to 5 for what one gave another, in shares of the most that anybody gave anybody; 0: nothing. */
export const strengthOf = (bytes: number, most: number): number => (bytes <= 0 ? 0 : Math.max(1, Math.ceil((bytes / most) * 5)));

/** Peers in order of what they gave. */
export const byGiven = (now: Pick<SwarmNow, 'given' | 'got'>, peers: number): number[] =>
  Array.from({ length: peers }, (_, peer) => peer).sort((one, other) => (now.given[other] ?? 0) - (now.given[one] ?? 0) || (now.got[other] ?? 0) - (now.got[one] ?? 0) || one - other);
