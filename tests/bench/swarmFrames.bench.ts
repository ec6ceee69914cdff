// How long a frame of the swarm's picture takes: 1,000 and 5,000 blocks under way between 200 peers, all moving, drawn by software, uncapped.
// Run: npx tsx tests/bench/swarmFrames.bench.ts [rounds]. Builds the page of swarmFrames/ and drives it in the real Electron.

import { join } from 'node:path';
import { FRAMES, frameLine, runFrames, SIZE } from './frames/runFrames';

/** Frames a second that so many blocks at once must reach. */
const BARS: Readonly<Record<number, number>> = { 1000: 50, 5000: 50 };
const rounds = Number(process.argv[2] ?? 3);

const seen = await runFrames(join(import.meta.dirname, 'swarmFrames'), [1000, 5000, 0], rounds);
console.log(`\nswarm: blocks moving, ${SIZE.width} x ${SIZE.height}, software rendering, uncapped, median of ${rounds} x ${FRAMES} frames`);
for (const figures of seen) {
  const bar = BARS[figures.count];
  console.log(frameLine(figures, 'blocks', bar === undefined ? '' : `bar ${bar} frames/s ${figures.rate >= bar ? 'met' : 'NOT MET'}`));
}
