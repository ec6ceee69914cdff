// The one clock of a trace: microseconds with a fraction since an origin, monotonic, the same in every thread and child process
// of this machine. Taps stamp with it. Knows nothing of wall time.

import { performance } from 'node:perf_hooks';

/** An origin as it travels to threads and child processes: nanoseconds of the system's monotonic clock, in decimal. */
export type ClockOrigin = string;

export interface Clock {
  readonly origin: ClockOrigin;
  /** Microseconds since the origin, with a fraction. */
  readonly now: () => number;
}

const CALIBRATIONS = 16;
/** On a machine that keeps interrupting: as many more as it takes for a bracket of `NARROW` ns, at most. */
const MOST_CALIBRATIONS = 1000;
const NARROW = 1000;

/**
 * A clock with that origin, or with one that begins now. `process.hrtime` counts from the same instant in every process, but makes a
 * bigint; `performance.now()` reads the same system clock more cheaply, from an instant of its own thread. So the distance between
 * the two is measured once, in the narrowest of some brackets (well below a microsecond).
 */
export function createClock(origin?: ClockOrigin): Clock {
  const start = origin === undefined ? process.hrtime.bigint() : BigInt(origin);
  let narrowest = Infinity;
  let offset = 0;
  for (let i = 0; i < CALIBRATIONS || (narrowest > NARROW && i < MOST_CALIBRATIONS); i++) {
    const before = process.hrtime.bigint();
    const here = performance.now();
    const after = process.hrtime.bigint();
    const width = Number(after - before);
    if (width >= narrowest) continue;
    narrowest = width;
    offset = (Number(before - start) + width / 2) / 1000 - here * 1000;
  }
  const read = performance.now.bind(performance);
  return { origin: start.toString(), now: () => read() * 1000 + offset };
}
