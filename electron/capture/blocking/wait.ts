// Blocks the thread that calls it.

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Does nothing for `ms`; left out: for ever. */
export function waitBlocking(ms = Infinity): void {
  Atomics.wait(cell, 0, 0, ms);
}
