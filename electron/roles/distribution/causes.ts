// Why a distribution took longer than the formula says: the capacity that the bottleneck had and did not use for the file, cause by cause.
// Pure arithmetic over what a meter saw (linkMeter.ts). The parts add up to measured time minus formula; nothing is guessed.
//
// The formula's time T is what the bottleneck's links need for the bytes that must pass (V), at their whole capacity (C): T = V / C. A run of
// D ms gives them D · C. So D - T is exactly (what was idle) / C + (what passed besides V) / C:
// - idle: each link's idle stretches, weighted by its share of C, go to what was so at the time (IdleCause, swarmWatch.ts);
// - passed besides V: bytes of the protocols are 'overhead'; of the file, a block that was given twice is the price of the end game
//   ('last-piece') when all up-links are the bottleneck, and else a matter of who gave what to whom: the rest.
// 'machine' is the remaining rest: what no rule names, timers and the processor's time.

import type { Bottleneck } from '../../../shared/lab/distribution';
import type { DistributionCause } from '../../../shared/trace/notes';

/** What a link that gives nothing waits for. */
export type IdleCause = Exclude<DistributionCause, 'overhead'>;

/** What was seen of a link, look by look; times in ms from the beginning, the first at 0, the last at the end. */
export interface Track {
  /** Bytes a second. */
  readonly cap: number;
  readonly times: readonly number[];
  /** Bytes that had passed by then. */
  readonly passed: readonly number[];
  /** Why it would be idle from then on, if it is. */
  readonly idle: readonly IdleCause[];
}

export interface Accounts {
  readonly bottleneck: Bottleneck;
  /** The bottleneck's links. */
  readonly tracks: readonly Track[];
  /** Bytes that have to pass them by the formula, and bytes of the file that did. */
  readonly needed: number;
  readonly payload: number;
  /** ms: measured, and by the formula. */
  readonly took: number;
  readonly formula: number;
}

export interface Cause {
  readonly cause: DistributionCause;
  readonly ms: number;
}

/** Each cause that has at least 0.1 ms, once. */
export function explain({ bottleneck, tracks, needed, payload, took, formula }: Accounts): Cause[] {
  const capacity = tracks.reduce((sum, { cap }) => sum + cap, 0);
  const inMs = (bytes: number): number => (capacity === 0 ? 0 : (Math.max(0, bytes) / capacity) * 1000);
  const found = new Map<DistributionCause, number>();
  const add = (cause: DistributionCause, ms: number): void => void found.set(cause, (found.get(cause) ?? 0) + ms);
  for (const track of tracks) for (const [cause, ms] of idleTimes(track)) add(cause, (ms * track.cap) / capacity);
  const passed = tracks.reduce((sum, track) => sum + (track.passed.at(-1) ?? 0), 0);
  add('overhead', inMs(passed - payload));
  if (bottleneck === 'all-up') add('last-piece', inMs(payload - needed));
  // Rounding and bytes that are counted at the edge of the run must not explain more than there is.
  let left = Math.max(0, took - formula);
  const causes: Cause[] = [];
  for (const cause of ['start-up', 'choking', 'last-piece', 'overhead'] as const) {
    const ms = Math.min(left, found.get(cause) ?? 0);
    left -= ms;
    causes.push({ cause, ms });
  }
  return [...causes, { cause: 'machine' as const, ms: left }].map(({ cause, ms }) => ({ cause, ms: Math.round(ms * 10) / 10 })).filter(({ ms }) => ms > 0);
}

/**
 * ms that the link was idle, by cause. A token bucket lets bytes go when their time on the link has passed, so they are laid out as late as
 * possible: what passed by a look took the time right before it, unless later bytes took that already. What is left over was idle.
 */
export function idleTimes({ cap, times, passed, idle }: Track): ReadonlyMap<IdleCause, number> {
  const lost = new Map<IdleCause, number>();
  let free = times.at(-1) ?? 0;
  const lose = (from: number, to: number): void => {
    for (let look = times.length - 1; look >= 0; look--) {
      const begin = Math.max(from, times[look] ?? 0);
      const end = Math.min(to, times[look + 1] ?? to);
      if (end > begin) lost.set(idle[look] ?? 'machine', (lost.get(idle[look] ?? 'machine') ?? 0) + end - begin);
      if ((times[look] ?? 0) <= from) return;
    }
  };
  for (let look = times.length - 1; look > 0; look--) {
    const bytes = (passed[look] ?? 0) - (passed[look - 1] ?? 0);
    if (bytes <= 0) continue;
    const end = Math.min(times[look] ?? 0, free);
    lose(end, free);
    free = end - (bytes / cap) * 1000;
  }
  lose(0, free);
  return lost;
}
