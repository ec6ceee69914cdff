// Pieces as a strip: what a peer has, what is under way to it, what is missing, what came bad; and how many copies there are of each.
// Neighbours of the same state are one run; more pieces than pixels share them. Pure; PieceStrip and AvailabilityStrip paint.

import type { SwarmNow, SwarmStory } from '../../../shared/trace/swarm/swarmStory';

/** State of a piece at a peer, worst last: of pieces that share a pixel the least is shown. */
export const CELL = { missing: 0, bad: 1, moving: 2, has: 3 } as const;

/** The pieces that are being fetched: a block of them has left for the peer, and they are not whole. Goes along with the playhead. */
export class UnderWay {
  private begun = new Uint8Array(0);
  private badly = new Uint8Array(0);
  private next = 0;
  private nextBad = 0;
  private t = Number.NEGATIVE_INFINITY;
  private version = -1;

  /** [peer * pieces + piece] 1: begun by time `t` (it may be whole by now). */
  at(swarm: SwarmStory, t: number): { readonly begun: Uint8Array; readonly bad: Uint8Array } {
    const size = swarm.peers.length * (swarm.torrent?.pieces ?? 0);
    if (t < this.t || this.version !== swarm.version || size !== this.begun.length) {
      this.begun = size === this.begun.length ? this.begun.fill(0) : new Uint8Array(size);
      this.badly = size === this.badly.length ? this.badly.fill(0) : new Uint8Array(size);
      [this.next, this.nextBad, this.version] = [0, 0, swarm.version];
    }
    this.t = t;
    const pieces = swarm.torrent?.pieces ?? 0;
    for (; this.next < swarm.transfers.count; this.next++) {
      const one = swarm.transfers.at(this.next);
      if (one.depart > t) break;
      this.begun[one.to * pieces + one.piece] = 1;
    }
    for (; this.nextBad < swarm.bad.length; this.nextBad++) {
      const one = swarm.bad[this.nextBad];
      if (one === undefined || one.at > t) break;
      this.badly[one.peer * pieces + one.piece] = 1;
    }
    return { begun: this.begun, bad: this.badly };
  }
}

/** State of one piece at one peer. */
export function cellOf(now: SwarmNow, way: ReturnType<UnderWay['at']>, pieces: number, peer: number, piece: number): number {
  const at = peer * pieces + piece;
  return now.has[at] === 1 ? CELL.has : way.bad[at] === 1 ? CELL.bad : way.begun[at] === 1 ? CELL.moving : CELL.missing;
}

export interface Run {
  readonly from: number;
  /** Not included. */
  readonly to: number;
  readonly state: number;
}

/** Runs of equal state among `pieces`, when at most `columns` can be told apart: then the least state of those that share one. */
export function runsOf(pieces: number, columns: number, state: (piece: number) => number): Run[] {
  const runs: Run[] = [];
  const cells = Math.min(pieces, Math.max(1, Math.floor(columns)));
  for (let cell = 0; cell < cells; cell++) {
    const [from, to] = [Math.floor((cell * pieces) / cells), Math.floor(((cell + 1) * pieces) / cells)];
    let least = state(from);
    for (let piece = from + 1; piece < to; piece++) least = Math.min(least, state(piece));
    const last = runs.at(-1);
    if (last?.state === least) runs[runs.length - 1] = { ...last, to };
    else runs.push({ from, to, state: least });
  }
  return runs;
}

/** The piece at a part (0 to 1) of a strip. */
export const pieceAt = (part: number, pieces: number): number => Math.min(pieces - 1, Math.max(0, Math.floor(part * pieces)));

export interface Rarity {
  /** Fewest and most copies among those that are here. */
  readonly least: number;
  readonly most: number;
  /** Pieces with the fewest copies; as many as `rarest` says when they are fewer than all. */
  readonly rarest: number;
  /** Pieces of which there is no copy at all. */
  readonly none: number;
}

export function rarityOf({ availability }: Pick<SwarmNow, 'availability'>): Rarity {
  let [least, most, rarest, none] = [Number.POSITIVE_INFINITY, 0, 0, 0];
  for (const copies of availability) {
    most = Math.max(most, copies);
    if (copies === 0) none++;
    if (copies < least) [least, rarest] = [copies, 0];
    if (copies === least) rarest++;
  }
  return { least: Number.isFinite(least) ? least : 0, most, rarest, none };
}
