// What a teacher waits for who opens a capture in the built app: from the key that opens it to the first packets in the list, to a list that fills the
// window, and to all packets there and analysed. A large capture beside a small one in the same rounds, each in a start of its own, the file in the
// system's cache. Run: npx tsx tests/bench/firstRows.bench.ts [packets, default 5000000] [rounds]. 5000000 packets need 3.5 GB of disk.

import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { resolveRuntime } from '../../build/electron-runtime/resolve';
import { testDisplay } from '../../build/kit/display';
import { copyApp } from './benchApp';
import { bundled } from './bundled';
import type { Opened, RowsPage } from './firstRows/opened';
import { writeBigCapture } from './open/bigCapture';
import { median } from './rounds';

/** quality.md, of five million packets. */
const BAR = 1_000;
const SMALL = 1_000;

const packets = Number(process.argv[2] ?? 5_000_000);
const rounds = Number(process.argv[3] ?? 3);
const folder = await mkdtemp(join(tmpdir(), 'looplab-rows-'));
const runtime = await resolveRuntime();
const display = await testDisplay();

async function opened(script: string, capture: string, count: number): Promise<Opened> {
  const profile = await mkdtemp(join(folder, 'profile-'));
  // Root cannot use Chromium's sandbox; the product itself never passes this.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    executablePath: runtime.executable, args: [...root, `--user-data-dir=${profile}`, '--lang=en-US', folder],
    env: { ...(process.env as Record<string, string>), ...display.env, LANG: 'en_US.UTF-8' },
  });
  try {
    const page = await app.firstWindow();
    await page.waitForSelector('html[data-idle="true"]', { state: 'attached' });
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, capture);
    await page.locator('[data-command="open-capture"]').focus();
    await page.evaluate(script);
    await page.evaluate((all) => (globalThis as unknown as RowsPage).watchRows(all), count);
    await page.keyboard.press('Enter');
    return await page.evaluate(() => (globalThis as unknown as RowsPage).rowsSeen());
  } finally {
    await app.close();
  }
}

try {
  await copyApp(folder);
  const script = await readFile(await bundled('firstRows/page', folder), 'utf8');
  const captures = [SMALL, packets].map((count) => ({ count, path: join(folder, `${count}.pcapng`), seen: [] as Opened[] }));
  for (const { count, path } of captures) writeBigCapture(path, count);
  for (let round = 0; round < rounds; round++) {
    for (const { count, path, seen } of captures) {
      execFileSync('sh', ['-c', 'cat "$0" > /dev/null', path]);
      seen.push(await opened(script, path, count));
    }
  }
  const of = (seen: readonly Opened[], key: keyof Opened): number => median(seen.map((one) => one[key]));
  console.log(`a capture opened in the built app, ms from the key, medians of ${rounds} starts`);
  for (const { count, seen } of captures) {
    const first = of(seen, 'filled');
    const bar = count === packets ? `  (bar ${BAR}: ${first <= BAR ? 'met' : 'NOT MET'})` : '';
    console.log(`  ${count.toLocaleString('en-US').padStart(10)} packets   first rows ${of(seen, 'first').toFixed(0).padStart(6)}   window full ${first.toFixed(0).padStart(6)}${bar}   all, analysed ${of(seen, 'whole').toFixed(0).padStart(6)}`);
  }
  const [small, large] = captures.map(({ seen }) => of(seen, 'filled'));
  console.log(`  a full window of the large one after ${((large ?? Number.NaN) / (small ?? Number.NaN)).toFixed(2)} x the time of the small one`);
} finally {
  await display.stop();
  await rm(folder, { recursive: true, force: true });
}
