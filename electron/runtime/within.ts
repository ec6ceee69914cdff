// Waiting with a bound: for programs that are asked to end, and may not.

import { setTimeout as sleepFor } from 'node:timers/promises';

/** Resolves when the work is done or after `ms`, whichever comes first; leaves no timer behind. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, sleepFor(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}
