// How long a frame of the stage takes: 200 and 1,000 labelled capsules, all moving, drawn by software, with no limit on the frame rate.
// Run: npx tsx tests/bench/stageFrames.bench.ts [rounds]. Builds the page of stageFrames/ and drives it in the real Electron.

import { join } from 'node:path';
import { FRAMES, frameLine, runFrames, SIZE } from './frames/runFrames';

/** quality.md: 95th percentile of a frame, ms. */
const BARS: Readonly<Record<number, number>> = { 200: 8, 1000: 36 };
const rounds = Number(process.argv[2] ?? 3);

const seen = await runFrames(join(import.meta.dirname, 'stageFrames'), [200, 1000, 0], rounds);
console.log(`\nstage: capsules moving, ${SIZE.width} x ${SIZE.height}, software rendering, uncapped, median of ${rounds} x ${FRAMES} frames`);
for (const figures of seen) {
  const bar = BARS[figures.count];
  console.log(frameLine(figures, 'capsules', bar === undefined ? '' : `bar ${bar} ms ${figures.p95 <= bar ? 'met' : 'NOT MET'}`));
}
