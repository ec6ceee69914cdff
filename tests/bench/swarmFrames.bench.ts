// How long a frame of the swarm's picture takes: 1,000 and 5,000 blocks under way between 200 peers, all moving, drawn by software, uncapped.
// Run: npx tsx tests/bench/swarmFrames.bench.ts [rounds]. Builds the page of swarmFrames/ and drives it in the real Electron.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { build } from 'vite';
import { resolveRuntime } from '../../build/electron-runtime/resolve';

/** What swarmFrames/page.ts puts on its window. */
interface BenchPage {
  measure(count: number, frames: number, moving: boolean): Promise<{ readonly frames: number[]; readonly scripts: number[] }>;
}

/** Frames a second that so many blocks at once must reach. */
const BARS: Readonly<Record<number, number>> = { 1000: 50, 5000: 50 };
const FRAMES = 180;
const SIZE = { width: 1280, height: 800 };
const rounds = Number(process.argv[2] ?? 3);

const MAIN = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: ${SIZE.width}, height: ${SIZE.height}, useContentSize: true }).loadFile('page/index.html'));`;

const at = (sorted: readonly number[], part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
const percentiles = (values: readonly number[]): { p50: number; p95: number } => {
  const sorted = [...values].sort((a, b) => a - b);
  return { p50: at(sorted, 0.5), p95: at(sorted, 0.95) };
};
const median = (values: readonly number[]): number => percentiles(values).p50;

const folder = await mkdtemp(join(tmpdir(), 'looplab-swarm-'));
try {
  await build({ configFile: false, logLevel: 'error', root: join(import.meta.dirname, 'swarmFrames'), base: './', build: { outDir: join(folder, 'page'), target: 'chrome130', modulePreload: false } });
  await writeFile(join(folder, 'main.cjs'), MAIN);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'frames', version: '1.0.0', main: 'main.cjs' }));
  const runtime = await resolveRuntime();
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [...root, '--disable-gpu', '--disable-frame-rate-limit', '--disable-gpu-vsync', '--allow-file-access-from-files', `--user-data-dir=${join(folder, 'profile')}`, folder],
  });
  try {
    const page = await app.firstWindow();
    await page.waitForFunction(() => typeof (globalThis as unknown as Partial<BenchPage>).measure === 'function');
    const cases = [{ count: 1000, moving: true }, { count: 5000, moving: true }, { count: 0, moving: false }];
    const seen = cases.map((): { p50: number; p95: number; script: number; rate: number }[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [index, { count, moving }] of cases.entries()) {
        const { frames, scripts } = await page.evaluate(([n, length, moves]) => (globalThis as unknown as BenchPage).measure(n as number, length as number, moves as boolean), [count, FRAMES, moving]);
        seen[index]?.push({ ...percentiles(frames), script: percentiles(scripts).p50, rate: (1000 * frames.length) / frames.reduce((sum, ms) => sum + ms, 0) });
      }
    }
    console.log(`\nswarm: blocks moving, ${SIZE.width} x ${SIZE.height}, software rendering, uncapped, median of ${rounds} x ${FRAMES} frames`);
    for (const [index, { count, moving }] of cases.entries()) {
      const [rate, p50, p95, script] = (['rate', 'p50', 'p95', 'script'] as const).map((key) => median((seen[index] ?? []).map((round) => round[key])));
      const bar = BARS[count];
      const verdict = bar === undefined || rate === undefined ? '' : `  bar ${bar} frames/s ${rate >= bar ? 'met' : 'NOT MET'}`;
      console.log(`  ${(moving ? `${count} blocks` : 'empty canvas').padEnd(13)} ${rate?.toFixed(0).padStart(4)} frames/s  p50 ${p50?.toFixed(1).padStart(5)} ms  p95 ${p95?.toFixed(1).padStart(5)} ms  script ${script?.toFixed(1)} ms${verdict}`);
    }
  } finally {
    await app.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
