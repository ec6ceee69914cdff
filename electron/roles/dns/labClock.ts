// The clock by which caches count their seconds: the machine's, which a class may wind forward. Waiting in programs (time-outs) is not
// by this clock: only what the cache believes about age is.

import type { RoleContext } from '../lab';

export interface LabClock {
  /** Seconds since the clock was made, with a fraction; never goes back. */
  now(): number;
  /** Winds it forward. Throws RangeError for a negative number. */
  wind(seconds: number): void;
}

/** `monotonic`: milliseconds of a clock that never goes back. */
export function createLabClock(monotonic: () => number = () => performance.now()): LabClock {
  const started = monotonic();
  let wound = 0;
  return {
    now: () => (monotonic() - started) / 1000 + wound,
    wind(seconds) {
      if (!(seconds >= 0)) throw new RangeError(`a clock is wound forward, not by ${seconds} s`);
      wound += seconds;
    },
  };
}

/** Winds it and has a role say so: the trace then holds by how much. */
export function windClock(role: RoleContext, clock: LabClock, seconds: number): void {
  clock.wind(seconds);
  role.note({ topic: 'clock.wound', seconds });
}
