// Where a captured segment stands in the picture: by its own time, but never before what caused it nor after what it caused. The kernel stamps
// packets with another clock than the taps their calls; what the calls tell of the order goes before the difference of the clocks.

import type { Conn } from '../foldConnections';
import type { Fold } from '../foldContext';
import type { Life, WireSegment } from './life';

/** How far the two clocks may be apart, µs: kernelCapture/wallClock.ts measures them to within this. */
export const CLOCKS = 200;

/**
 * Gives segment `id` a moment of its own: not before `low` steps, not after `high`, not before earlier packets of its connection. Returns when it
 * left, between its neighbours.
 */
export function stand(fold: Fold, life: Life | null, id: number, packet: Pick<WireSegment, 'seq' | 't'>, conn: Conn | null, low = 0, high = Number.POSITIVE_INFINITY): number {
  const { moments } = fold;
  const steps = moments.stepCount;
  const anchor = Math.min(Math.max(Math.min(Math.max(moments.rank(packet.seq), low), high), life?.anchor ?? 0), steps);
  const after = anchor === 0 ? Number.NEGATIVE_INFINITY : moments.timeOfRank(anchor - 1);
  const before = anchor < steps ? moments.timeOfRank(anchor) : Number.POSITIVE_INFINITY;
  const t = Math.max(Math.min(Math.max(packet.t, life?.now ?? packet.t), before), after);
  moments.withdraw(id, conn);
  moments.insert(id, anchor, t, conn);
  if (life !== null) {
    life.anchor = anchor;
    life.now = t;
  }
  return t;
}

/** The place of the step after fact `seq`. */
export const afterFact = (fold: Fold, seq: number): number => (seq < 0 ? 0 : fold.moments.rank(seq) + 1);
/** The place before it. */
export const beforeFact = (fold: Fold, seq: number): number => (seq < 0 ? Number.POSITIVE_INFINITY : fold.moments.rank(seq));
