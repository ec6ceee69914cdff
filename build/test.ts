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
import { runTool } from './kit/run';

interface Stage {
  readonly name: string;
  run(words: readonly string[]): Promise<Counts>;
}

const STAGES: readonly Stage[] = [
  { name: 'types', run: async () => asOneTest('types', await typecheck()) },
  { name: 'lint', run: async () => asOneTest('lint', await runTool('eslint/bin/eslint.js', ['.', '--max-warnings=0'])) },
  { name: 'unused', run: async () => asOneTest('unused', await runTool('knip/bin/knip.js', [])) },
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
  const named = STAGES.filter((stage) => words.includes(stage.name));
  const rest = words.filter((word) => STAGES.every((stage) => stage.name !== word));
  const summary: string[] = [];
  let total = NONE;
  for (const stage of named.length > 0 ? named : STAGES) {
    if (interrupted) break;
    console.log(`\n== ${stage.name} ==`);
    const started = Date.now();
    const counts = await stage.run(rest).catch(asFailure);
    total = add(total, counts);
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    summary.push(`${stage.name.padEnd(10)} ${`${closingLine(counts)}${skipped}`.padEnd(36)} ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  if (interrupted) total = add(total, asOneTest('interrupted', 1));
  for (const note of total.notes) console.log(`\n${note}`);
  console.log(`\n${summary.join('\n')}\n`);
  console.log(closingLine(total));
  return total.failed === 0 ? 0 : 1;
}

function asOneTest(stage: string, status: number): Counts {
  return status === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1, notes: [`failed: ${stage} (its output is above)`] };
}

function asFailure(error: unknown): Counts {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(text);
  return { ...NONE, failed: 1, notes: [`failed: ${text}`] };
}

async function typecheck(): Promise<number> {
  const check = (project: string): Promise<number> => runTool('typescript/bin/tsc', ['-p', project]);
  // Two at a time: more do not fit in the memory and cores of a small machine.
  const [pure, page] = await Promise.all([check('shared').then(async (status) => status || check('electron')), runTool('vue-tsc/bin/vue-tsc.js', ['-p', 'renderer'])]);
  const statuses = [pure, page, ...(await Promise.all([check('electron/tsconfig.preload.json'), check('tests/e2e')]))];
  return Math.max(...statuses);
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
  const display = await testDisplay();
  try {
    return await inFolder(async (folder) => {
      const report = join(folder, 'playwright.json');
      const env = { ...process.env, ...display.env, ELECTRON_OVERRIDE_DIST_PATH: runtime.dist, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
      const status = await runTool('@playwright/test/cli.js', ['test', `--project=${project}`, '--reporter=line,json', ...words], { env });
      return countsOf(report, status, playwrightCounts);
    });
  } finally {
    await display.stop();
  }
}
