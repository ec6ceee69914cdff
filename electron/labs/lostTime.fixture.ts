// For tests of what takes time: how long this process has stood still, because the machine had other things to do. How long something may
// take at most can only be said beside it.

import { performance } from 'node:perf_hooks';
import { onTestFinished } from 'vitest';

/** ms between two looks. */
const EVERY = 5;

/** Gives the ms that were lost since it was called, in this test. */
export function lostTime(): () => number {
  let lost = 0;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    lost += Math.max(0, now - last - EVERY);
    last = now;
  };
  const timer = setInterval(look, EVERY);
  onTestFinished(() => clearInterval(timer));
  return () => {
    look();
    return lost;
  };
}
