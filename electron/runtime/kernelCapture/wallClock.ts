// How the system's clock of day, by which the kernel stamps packets, stands to the clock of a trace.

import type { Clock } from '../../capture/clock';

const TICKS = 3;

/**
 * Microseconds to take from a time since the epoch to have one of the trace. The clock of day can be read in whole milliseconds only, so it is
 * watched until it moves on, some times over (a few ms): right to some microseconds, as long as nobody sets that clock.
 */
export function wallOffset(clock: Clock, wall: () => number = Date.now): number {
  let offset = -Infinity;
  for (let tick = 0; tick < TICKS; tick++) {
    const before = wall();
    let now = wall();
    while (now === before) now = wall();
    // Seen late it seems smaller than it is.
    offset = Math.max(offset, now * 1000 - clock.now());
  }
  return offset;
}
