// `npm test`: every check there is, one stage after the other, and a closing line `N passed, N failed`. `npm test -- unit e2e` runs those
// stages only. A stage that is not a test runner counts as one test. All stages run even when one fails.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingLibraries, missingLibrariesMessage } from './electron-runtime/libraries';
import { resolveRuntime } from './electron-runtime/resolve';
import { add, closingLine, countsOf, NONE, playwrightCounts, vitestCounts, type Counts } from './kit/counts';
import { testDisplay } from './kit/display';
import { freshBuild } from './kit/freshBuild';
import { lanesOf } from './kit/lanes';
import { askTool, REPOSITORY, run, runTool } from './kit/run';

interface Stage {
  readonly name: string;
  run(words: readonly string[]): Promise<Counts>;
}

/** The programs that look at the sources, the longest first; `stage` passes when all of its programs do. */
const CHECKS = [
  { stage: 'types', tool: 'vue-tsc/bin/vue-tsc.js', words: ['-p', 'renderer'] },
  { stage: 'types', tool: 'typescript/bin/tsc', words: ['-p', 'electron'] },
  { stage: 'lint', tool: 'eslint/bin/eslint.js', words: ['.', '--max-warnings=0'] },
  { stage: 'types', tool: 'typescript/bin/tsc', words: ['-p', 'shared'] },
  { stage: 'unused', tool: 'knip/bin/knip.js', words: [] },
  { stage: 'types', tool: 'typescript/bin/tsc', words: ['-p', 'tests/e2e'] },
  { stage: 'types', tool: 'typescript/bin/tsc', words: ['-p', 'electron/tsconfig.preload.json'] },
] as const;

/** One after the other: each of them has all of the machine. The checks come before, side by side. */
const STAGES: readonly Stage[] = [
  { name: 'build', run: async () => asOneTest('build', (await freshBuild('app')) ? 0 : 1) },
  { name: 'unit', run: unit },
  { name: 'e2e', run: (words) => inElectron('e2e', words) },
  { name: 'packaging', run: (words) => inElectron('packaging', words) },
];

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (interrupted = true));
process.exitCode = await main(process.argv.slice(2));

/** Words that name stages choose them; the rest goes to the chosen test runners (a file, `-g title`). */
async function main(words: readonly string[]): Promise<number> {
  const names = [...new Set(CHECKS.map(({ stage }) => stage)), ...STAGES.map(({ name }) => name)] as readonly string[];
  const named = names.some((name) => words.includes(name)) ? names.filter((name) => words.includes(name)) : names;
  const rest = words.filter((word) => !names.includes(word));
  const summary: string[] = [];
  let total = NONE;
  const ended = (stage: string, counts: Counts, started: number): void => {
    total = add(total, counts);
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    summary.push(`${stage.padEnd(10)} ${`${closingLine(counts)}${skipped}`.padEnd(36)} ${((Date.now() - started) / 1000).toFixed(1)} s`);
  };
  await check(named, ended);
  for (const stage of STAGES.filter(({ name }) => named.includes(name))) {
    if (interrupted) break;
    console.log(`\n== ${stage.name} ==`);
    const started = Date.now();
    ended(stage.name, await stage.run(rest).catch(asFailure), started);
  }
  if (interrupted) total = add(total, asOneTest('interrupted', 1));
  for (const note of total.notes) console.log(`\n${note}`);
  console.log(`\n${summary.join('\n')}\n`);
  console.log(closingLine(total));
  return total.failed === 0 ? 0 : 1;
}

/** Two at a time: more do not fit in the memory and cores of a small machine. What each says comes when it has ended. */
async function check(named: readonly string[], ended: (stage: string, counts: Counts, started: number) => void): Promise<void> {
  const waiting = CHECKS.filter(({ stage }) => named.includes(stage));
  const left = new Map<string, number[]>();
  const started = Date.now();
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !interrupted; next = waiting.shift()) {
      const { stage, tool, words } = next;
      const { status, said } = await askTool(tool, words);
      console.log(`\n== ${stage}: ${[tool.split('/')[0], ...words].join(' ')} ==\n${said}`);
      const statuses = [...(left.get(stage) ?? []), status];
      left.set(stage, statuses);
      if (statuses.length === CHECKS.filter((one) => one.stage === stage).length) ended(stage, asOneTest(stage, Math.max(...statuses)), started);
    }
  };
  await Promise.all([lane(), lane()]);
}

function asOneTest(stage: string, status: number): Counts {
  return status === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1, notes: [`failed: ${stage} (its output is above)`] };
}

function asFailure(error: unknown): Counts {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(text);
  return { ...NONE, failed: 1, notes: [`failed: ${text}`] };
}

async function inFolder(work: (folder: string) => Promise<Counts>): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'looplab-test-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function unit(words: readonly string[]): Promise<Counts> {
  return inFolder(async (folder) => {
    const report = join(folder, 'vitest.json');
    const status = await runTool('vitest/vitest.mjs', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...words]);
    return countsOf(report, status, vitestCounts);
  });
}

async function inElectron(project: string, words: readonly string[]): Promise<Counts> {
  const runtime = await resolveRuntime();
  const missing = missingLibrariesMessage(await missingLibraries(runtime.executable));
  if (missing !== undefined) throw new Error(missing);
  if (!(await freshBuild('app'))) return asOneTest('build', 1);
  const lanes = words.length === 0 ? await lanesOf(project) : [{ prefix: [], files: words }];
  const counts = await Promise.all(lanes.map(({ prefix, files }) => inOneLane(project, runtime.dist, prefix, files)));
  return counts.reduce(add, NONE);
}

/** With a display of its own: windows on one display take each other's focus. */
async function inOneLane(project: string, dist: string, prefix: readonly string[], words: readonly string[]): Promise<Counts> {
  const display = await testDisplay();
  try {
    return await inFolder(async (folder) => {
      const report = join(folder, 'playwright.json');
      const env = { ...process.env, ...display.env, ELECTRON_OVERRIDE_DIST_PATH: dist, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
      const playwright = [process.execPath, join(REPOSITORY, 'node_modules/@playwright/test/cli.js'), 'test', `--project=${project}`, '--reporter=line,json', `--output=${join(folder, 'results')}`];
      const [program = '', ...rest] = [...prefix, ...playwright, ...words];
      const status = await run(program, rest, { env, cwd: REPOSITORY });
      return countsOf(report, status, playwrightCounts);
    });
  } finally {
    await display.stop();
  }
}
