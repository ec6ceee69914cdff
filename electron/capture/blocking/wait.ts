// Holds up the thread that calls it: by doing nothing, or by computing.

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Does nothing for `ms`; left out: for ever. */
export function waitBlocking(ms = Infinity): void {
  Atomics.wait(cell, 0, 0, ms);
}

/** Computes for `ms`. */
export function computeBlocking(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
