// Which piece to begin: the strategies that a swarm can be watched with. Pure: availability and what is there come in, a choice and its
// reason go out. Which block of a piece that is begun already: downloads.ts.

import { never } from '../../../shared/base/assert';
import type { Random } from '../../../shared/base/random';
import type { Bitfield } from './bitfield';

export type Strategy = 'rarest' | 'random' | 'sequential';

/** Why a piece was chosen: by the strategy, or as the first one, which is any that can be had soon to have something to trade. */
type Why = Strategy | 'first';

export interface Choice {
  readonly piece: number;
  readonly why: Why;
}

/** How many of the peers that we know have each piece. */
export class Availability {
  private readonly counts: Uint16Array;
  private absent: number;

  constructor(pieces: number) {
    this.counts = new Uint16Array(pieces);
    this.absent = pieces;
  }

  of(piece: number): number {
    return this.counts[piece] ?? 0;
  }

  /** Pieces that none of them has. */
  get missing(): number {
    return this.absent;
  }

  add(piece: number, by: 1 | -1 = 1): void {
    const before = this.of(piece);
    const after = before + by;
    this.counts[piece] = after;
    if (before === 0) this.absent--;
    if (after === 0) this.absent++;
  }

  /** A peer comes (1) or goes (-1) with all that it has. */
  addAll(pieces: Bitfield, by: 1 | -1): void {
    for (let piece = 0; piece < this.counts.length; piece++) if (pieces.has(piece)) this.add(piece, by);
  }
}

export interface Picking {
  readonly strategy: Strategy;
  readonly pieces: number;
  /** Whether it is worth beginning: the peer has it, we neither have it nor have begun it. */
  readonly wanted: (piece: number) => boolean;
  readonly availability: Availability;
  /** Pieces that we have, or have begun: while there are fewer than `randomFirst`, the rarest-first peer takes any. */
  readonly begun: number;
  readonly randomFirst: number;
  readonly random: Random;
}

/** Null when nothing is worth beginning. Ties are broken by chance: peers that all take the same rarest piece would help each other little. */
export function pickPiece(picking: Picking): Choice | null {
  const { strategy, begun, randomFirst } = picking;
  switch (strategy) {
    case 'sequential': return chosen(firstOf(picking), 'sequential');
    case 'random': return chosen(anyOf(picking), 'random');
    case 'rarest': return begun < randomFirst ? chosen(anyOf(picking), 'first') : chosen(rarestOf(picking), 'rarest');
    default: return never(strategy);
  }
}

const chosen = (piece: number, why: Why): Choice | null => (piece < 0 ? null : { piece, why });

function firstOf({ pieces, wanted }: Picking): number {
  for (let piece = 0; piece < pieces; piece++) if (wanted(piece)) return piece;
  return -1;
}

const anyOf = (picking: Picking): number => among(picking, () => 0);
const rarestOf = (picking: Picking): number => among(picking, (piece) => picking.availability.of(piece));

/** One of the pieces with the least `cost`, each as likely as the others. */
function among({ pieces, wanted, random }: Picking, cost: (piece: number) => number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  let ties = 0;
  for (let piece = 0; piece < pieces; piece++) {
    if (!wanted(piece)) continue;
    const price = cost(piece);
    if (price > least) continue;
    ties = price < least ? 1 : ties + 1;
    least = price;
    if (random.below(ties) === 0) best = piece;
  }
  return best;
}
