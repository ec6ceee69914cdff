// How long a frame of the packet table takes: a million rows, scrolled by four rows a frame and jumped through at random, drawn by software, uncapped.
// Run: npx tsx tests/bench/table.bench.ts [rounds]. Builds the page of tableFrames/ and drives it in the real Electron.

import { join } from 'node:path';
import { FRAMES, runFrames, SIZE } from './frames/runFrames';

/** ms that 95 of 100 frames may take. */
const BARS = [{ count: 1, name: 'scroll', p95: 5 }, { count: 2, name: 'jump', p95: 9 }] as const;
const rounds = Number(process.argv[2] ?? 3);

const seen = await runFrames(join(import.meta.dirname, 'tableFrames'), [1, 2, 0], rounds);
const ms = (value: number): string => `${value.toFixed(1).padStart(5)} ms`;
console.log(`\npacket table of 1,000,000 rows, ${SIZE.width} x ${SIZE.height}, software rendering, uncapped, median of ${rounds} x ${FRAMES} frames`);
for (const { count, p50, p95, script } of seen) {
  const bar = BARS.find((one) => one.count === count);
  console.log(`  ${(bar?.name ?? 'standing still').padEnd(15)} p50 ${ms(p50)}  p95 ${ms(p95)}  script ${ms(script)}${bar === undefined ? '' : `  bar ${bar.p95} ms ${p95 <= bar.p95 ? 'met' : 'NOT MET'}`}`);
}
