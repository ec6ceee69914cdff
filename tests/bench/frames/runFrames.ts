// The other side of a bench of frames: builds its page, drives it in the real Electron with no limit on the frame rate, drawn by
// software, and gives the medians of some rounds.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { build } from 'vite';
import { resolveRuntime } from '../../../build/electron-runtime/resolve';
import type { MeasuredFrames } from './measured';

/** What the page puts on its window. `moving` false: an empty canvas is cleared each frame, the floor of what this machine can do. */
interface BenchPage {
  measure(count: number, frames: number, moving: boolean): Promise<MeasuredFrames>;
}

/** Medians of the rounds: ms of a frame, ms of script in it, frames a second. */
export interface FrameFigures {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly script: number;
  readonly rate: number;
}

export const FRAMES = 180;
export const SIZE = { width: 1280, height: 800 };

const MAIN = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: ${SIZE.width}, height: ${SIZE.height}, useContentSize: true }).loadFile('page/index.html'));`;

const at = (sorted: readonly number[], part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
const percentile = (values: readonly number[], part: number): number => at([...values].sort((a, b) => a - b), part);

/** `page`: a folder beside the bench. A count of 0 is the empty canvas. */
export async function runFrames(page: string, counts: readonly number[], rounds: number): Promise<FrameFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'looplab-frames-'));
  try {
    await build({ configFile: false, logLevel: 'error', root: page, base: './', build: { outDir: join(folder, 'page'), target: 'chrome130', modulePreload: false } });
    await writeFile(join(folder, 'main.cjs'), MAIN);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'frames', version: '1.0.0', main: 'main.cjs' }));
    const runtime = await resolveRuntime();
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const app = await _electron.launch({
      executablePath: runtime.executable,
      args: [...root, '--disable-gpu', '--disable-frame-rate-limit', '--disable-gpu-vsync', '--allow-file-access-from-files', `--user-data-dir=${join(folder, 'profile')}`, folder],
    });
    try {
      const window = await app.firstWindow();
      await window.waitForFunction(() => typeof (globalThis as unknown as Partial<BenchPage>).measure === 'function');
      const seen = counts.map((): MeasuredFrames[] => []);
      for (let round = 0; round < rounds; round++) {
        for (const [index, count] of counts.entries()) {
          seen[index]?.push(await window.evaluate(([n, length]) => (globalThis as unknown as BenchPage).measure(n, length, n > 0), [count, FRAMES] as const));
        }
      }
      return counts.map((count, index) => figures(count, seen[index] ?? []));
    } finally {
      await app.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function figures(count: number, rounds: readonly MeasuredFrames[]): FrameFigures {
  const median = (value: (round: MeasuredFrames) => number): number => percentile(rounds.map(value), 0.5);
  return {
    count,
    p50: median(({ frames }) => percentile(frames, 0.5)),
    p95: median(({ frames }) => percentile(frames, 0.95)),
    script: median(({ scripts }) => percentile(scripts, 0.5)),
    rate: median(({ frames }) => (1000 * frames.length) / frames.reduce((sum, ms) => sum + ms, 0)),
  };
}

const ms = (value: number): string => value.toFixed(1).padStart(5);

/** One line of the report; `verdict` '' where there is no bar. */
export const frameLine = ({ count, p50, p95, script, rate }: FrameFigures, things: string, verdict: string): string =>
  `  ${(count === 0 ? 'empty canvas' : `${count} ${things}`).padEnd(14)} ${rate.toFixed(0).padStart(4)} frames/s  p50 ${ms(p50)} ms  p95 ${ms(p95)} ms  script ${script.toFixed(1)} ms${verdict === '' ? '' : `  ${verdict}`}`;
