// Frames of the lab screen in the real app under software rendering: while a run is played, with one client and with fifty, and while
// the playhead is dragged to and fro over a run of 100,000 moments. Beside the time from frame to frame, which a busy machine stretches,
// the processor time that the page's main thread took for one. Run: npx tsx tests/bench/frames.bench.ts [seconds a case]

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Page } from '@playwright/test';
import { resolveRuntime } from '../../build/electron-runtime/resolve';
import { testDisplay } from '../../build/kit/display';
import { copyApp } from './benchApp';
import { percentile } from './rounds';

/** quality.md: a frame of scrubbing, ms: two frames of a 60 Hz display, with a clock of 0.1 ms. */
const BAR = 33.4;
const LAB = 'tcp-echo';
const PATIENCE = 30_000;
const seconds = Number(process.argv[2] ?? 4);

interface Case {
  readonly name: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly does: 'plays' | 'scrubs';
}

const COMMON = { client: 'closes-early', lines: 3, 'read-size': 16, delay: 20, clients: 1, server: 'runs' } as const;
const LONG = { ...COMMON, client: 'line-by-line', 'read-size': 4096, delay: 0 } as const;
const CASES: readonly Case[] = [
  { name: 'plays, 1 client', params: COMMON, does: 'plays' },
  { name: 'plays, 50 clients', params: { ...COMMON, clients: 50 }, does: 'plays' },
  { name: 'scrubs, 2 clients x 1,000 lines', params: { ...LONG, lines: 1000, clients: 2 }, does: 'scrubs' },
  { name: 'scrubs, 17 clients x 1,000 lines', params: { ...LONG, lines: 1000, clients: 17 }, does: 'scrubs' },
];

// Page functions are texts: this project has no DOM types.
const RECORD = `(() => {
  const frames = [];
  let before = performance.now(), on = true;
  const next = () => { if (!on) return; const now = performance.now(); frames.push(now - before); before = now; requestAnimationFrame(next); };
  requestAnimationFrame(next);
  window.stopRecording = () => { on = false; return frames.slice(2); };
})()`;

const moments = async (page: Page): Promise<number> => Number(await page.getByRole('slider', { name: 'Playhead' }).getAttribute('aria-valuemax'));

/** Runs the lab to the end of its script, as main is asked by the page; the page takes the run over. */
async function run(page: Page, params: Case['params']): Promise<number> {
  await page.evaluate(`window.looplab.request('lab.start', ${JSON.stringify({ lab: LAB, params })}).then((answer) => { if (!answer.ok) throw new Error(answer.error.message); })`);
  await page.waitForSelector('html[data-run="open"], html[data-run="failed"]', { state: 'attached', timeout: PATIENCE });
  const failed = (await page.locator('html').getAttribute('data-run')) === 'failed';
  if (failed) throw new Error(`${LAB} failed: is another program on its port?`);
  await page.waitForSelector('html[data-idle="true"]', { state: 'attached', timeout: PATIENCE });
  const skip = page.getByRole('button', { name: 'Skip' });
  while ((await skip.count()) > 0) await skip.first().click();
  return moments(page);
}

async function play(page: Page): Promise<void> {
  await page.locator('[data-pane="stage"]').focus();
  await page.keyboard.press('Home');
  await page.evaluate(RECORD);
  await page.keyboard.press('Space');
  await page.waitForTimeout(seconds * 1000);
}

/** Drags the playhead to and fro with the mouse. */
async function scrub(page: Page): Promise<void> {
  const box = await page.getByRole('slider', { name: 'Playhead' }).boundingBox();
  if (box === null) throw new Error('no timeline');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.evaluate(RECORD);
  const end = Date.now() + seconds * 1000;
  for (let n = 0; Date.now() < end; n++) await page.mouse.move(box.x + (box.width / 2) * (1 + 0.95 * Math.sin(n / 25)), y);
}

async function measure(page: Page, one: Case): Promise<string> {
  const count = await run(page, one.params);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async (): Promise<number> => ((await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  const before = await busy();
  await (one.does === 'plays' ? play(page) : scrub(page));
  const frames = (await page.evaluate('window.stopRecording()')) as number[];
  if (one.does === 'scrubs') await page.mouse.up();
  const cpu = ((await busy()) - before) / frames.length;
  const late = frames.filter((frame) => frame > BAR).length;
  const longest = Math.max(...frames);
  const text = `${one.name.padEnd(34)} ${String(count).padStart(7)} moments  ${String(frames.length).padStart(4)} frames  p50 ${percentile(frames, 0.5).toFixed(1).padStart(5)}  p95 ${percentile(frames, 0.95).toFixed(1).padStart(5)}  longest ${longest.toFixed(1).padStart(6)} ms  page ${cpu.toFixed(1).padStart(4)} ms CPU`;
  return one.does === 'plays' ? text : `${text}  over ${Math.floor(BAR)} ms: ${late}  bar 0 ${late === 0 ? 'met' : 'NOT MET'}`;
}

const folder = await mkdtemp(join(tmpdir(), 'looplab-frames-'));
const runtime = await resolveRuntime();
const display = await testDisplay();
try {
  await copyApp(folder);
  console.log(`\nlab screen: ms a frame, 1440 x 900, software rendering at 60 Hz, Electron ${runtime.version}`);
  for (const one of CASES) {
    const app = await _electron.launch({
      executablePath: runtime.executable,
      // Root cannot use Chromium's sandbox; the product itself never passes this.
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`, '--lang=en-US', folder],
      env: { ...(process.env as Record<string, string>), ...display.env, LANG: 'en_US.UTF-8', LANGUAGE: 'en' },
    });
    try {
      const page = await app.firstWindow();
      await page.waitForSelector('html[data-idle="true"]', { state: 'attached', timeout: PATIENCE });
      console.log(`  ${await measure(page, one)}`);
    } finally {
      await app.close();
    }
  }
} finally {
  await display.stop();
  await rm(folder, { recursive: true, force: true });
}
