// Cold start of the built app against an empty Electron window, in the same rounds, each with a fresh profile: from the spawn of the
// process to the first contentful paint, and to a page that is drawn and idle. Run: npx tsx tests/bench/start.bench.ts [rounds]

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveRuntime } from '../../build/electron-runtime/resolve';
import { testDisplay } from '../../build/kit/display';
import { copyApp } from './benchApp';
import { median } from './rounds';

/** quality.md: the app's time for the empty window's first contentful paint. */
const BARS = { paint: 1.1, usable: 1.4 } as const;
/** ms that one start may take, and that all of them may. */
const PATIENCE = 20_000;
const BUDGET = 75_000;

/** ms since the spawn of the process. */
interface Start {
  readonly begun: number;
  readonly ready: number;
  readonly navigated: number;
  readonly paint: number;
  readonly usable: number;
}

const rounds = Number(process.argv[2] ?? 15);
const folder = await mkdtemp(join(tmpdir(), 'looplab-start-'));
const runtime = await resolveRuntime();
const display = await testDisplay();
let profiles = 0;

async function start(script: string): Promise<Start> {
  const profile = join(folder, `profile-${profiles++}`);
  // Root cannot use Chromium's sandbox; the product itself never passes this.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const spawned = Date.now();
  const app = spawn(runtime.executable, [...root, `--user-data-dir=${profile}`, '--lang=en-US', folder], {
    env: { ...process.env, ...display.env, START_APP: script, LANG: 'en_US.UTF-8' }, stdio: ['ignore', 'pipe', 'ignore'],
  });
  const timer = setTimeout(() => app.kill('SIGKILL'), PATIENCE);
  let said = '';
  app.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(app, 'close');
  clearTimeout(timer);
  await rm(profile, { recursive: true, force: true });
  const line = said.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`${script} did not start: ${said}`);
  const seen = JSON.parse(line) as Start;
  return { begun: seen.begun - spawned, ready: seen.ready - spawned, navigated: seen.navigated - spawned, paint: seen.paint - spawned, usable: seen.usable - spawned };
}

const show = (starts: readonly Start[], key: keyof Start): string => `${Math.round(median(starts.map((one) => one[key])))}`.padStart(6);

function compare(what: string, app: readonly Start[], empty: readonly Start[], key: 'paint' | 'usable'): void {
  const ratios = app.map((one, round) => one[key] / (empty[round]?.paint ?? Number.NaN));
  const ratio = median(ratios);
  const verdict = ratio <= BARS[key] ? 'met' : 'NOT MET';
  console.log(`  ${what.padEnd(44)} ${ratio.toFixed(2)} [${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)}]  bar ${BARS[key].toFixed(2)} ${verdict}`);
}

try {
  await copyApp(folder);
  await cp(join(import.meta.dirname, 'start'), join(folder, 'start'), { recursive: true });
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, main: 'start/main.mjs' }));
  const scripts = { empty: join(folder, 'start', 'empty.mjs'), app: join(folder, 'out', 'main', 'main.js') } as const;
  const seen: Record<keyof typeof scripts, Start[]> = { empty: [], app: [] };
  const end = Date.now() + BUDGET;
  for (let round = -1; round < rounds && Date.now() < end; round++) {
    // Who goes first changes, so that neither always finds the machine as the other left it.
    for (const which of round % 2 === 0 ? (['empty', 'app'] as const) : (['app', 'empty'] as const)) {
      const one = await start(scripts[which]);
      if (round >= 0) seen[which].push(one);
    }
  }
  console.log(`\nstart: ms from spawn, medians of ${seen.app.length} rounds, fresh profile each, Electron ${runtime.version}`);
  for (const [name, starts] of Object.entries(seen)) {
    console.log(`  ${name.padEnd(14)} main runs ${show(starts, 'begun')}  ready ${show(starts, 'ready')}  page begins ${show(starts, 'navigated')}  first paint ${show(starts, 'paint')}  usable ${show(starts, 'usable')}`);
  }
  compare('first contentful paint / empty', seen.app, seen.empty, 'paint');
  compare("drawn and idle / empty's first paint", seen.app, seen.empty, 'usable');
} finally {
  await display.stop();
  await rm(folder, { recursive: true, force: true });
}
