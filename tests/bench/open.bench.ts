// How long a large capture takes to open to a complete, filterable list, and how much memory, against tshark and cat in the same rounds; and a scan of
// a column. Whole processes, start-up included. Run: npx tsx tests/bench/open.bench.ts [packets, default 1000000] [rounds, default 3; 1 from 3000000 on]
// With 5000000 packets it needs 3.5 GB of disk, and some minutes more.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Rollup } from 'vite';
import { writeBigCapture } from './open/bigCapture';

const count = Number(process.argv[2] ?? 1_000_000);
const large = count >= 3_000_000;
const rounds = Number(process.argv[3] ?? (large ? 1 : 3));
const BARS = { tshark: large ? 35 : 20, cat: 3, memory: 70, scan: large ? 10 : 2, first: 1000 };
const TIME = '/usr/bin/time';
const timed = existsSync(TIME);

interface Ran {
  readonly seconds: number;
  /** Seconds of all cores; NaN without time(1). */
  readonly cpu: number;
  /** Peak resident bytes. */
  readonly memory: number;
  readonly out: string;
}

const folder = mkdtempSync(join(tmpdir(), 'looplab-open-'));
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Runs a program to its end; throws when it fails. */
function run(program: string, args: readonly string[]): Ran {
  const note = join(folder, 'time');
  const began = performance.now();
  const all = timed ? [TIME, '-o', note, '-f', '%U %S %M', program, ...args] : [program, ...args];
  const [first = '', ...rest] = all;
  const ran = spawnSync(first, rest, { maxBuffer: 1 << 20, encoding: 'utf8', stdio: ['ignore', program === 'sh' ? 'ignore' : 'pipe', 'pipe'] });
  const seconds = (performance.now() - began) / 1000;
  if (ran.status !== 0) throw new Error(`${program} ended with ${ran.status}: ${ran.stderr}`);
  const [user = Number.NaN, system = Number.NaN, peak = Number.NaN] = timed ? execFileSync('cat', [note], { encoding: 'utf8' }).trim().split(' ').map(Number) : [];
  return { seconds, cpu: user + system, memory: peak * 1024, out: ran.stdout ?? '' };
}

async function bundle(): Promise<string> {
  await build({
    configFile: false, logLevel: 'error', root: import.meta.dirname,
    build: {
      outDir: folder, emptyOutDir: false, target: 'node20', minify: false, lib: { entry: join(import.meta.dirname, 'open', 'openOne.ts'), formats: ['es'], fileName: () => 'openOne.mjs' },
      rollupOptions: { external: [/^node:/] } satisfies Rollup.RollupOptions,
    },
  });
  return join(folder, 'openOne.mjs');
}

const met = (good: boolean): string => (good ? 'met' : 'NOT MET');

try {
  const program = await bundle();
  const capture = join(folder, 'big.pcapng');
  const empty = join(folder, 'empty.pcapng');
  const conversations = writeBigCapture(capture, count);
  writeBigCapture(empty, 0);
  const size = statSync(capture).size;
  console.log(`${count.toLocaleString('en-US')} packets of ${conversations.toLocaleString('en-US')} conversations, ${(size / 1e6).toFixed(0)} MB, ${rounds} rounds`);
  writeFileSync(join(folder, 'cat.sh'), 'cat "$1" > /dev/null\n');
  const tools = {
    ours: () => run(process.execPath, [program, capture]), empty: () => run(process.execPath, [program, empty]), cat: () => run('sh', [join(folder, 'cat.sh'), capture]),
    // sh throws its lines away: a pipe into here would cost both of them time.
    tshark: () => run('sh', ['-c', 'tshark -r "$0" -n > /dev/null 2>&1', capture]),
  };
  tools.cat();
  const ran: Record<keyof typeof tools, Ran[]> = { ours: [], empty: [], cat: [], tshark: [] };
  for (let round = 0; round < rounds; round++) for (const name of Object.keys(tools) as (keyof typeof tools)[]) ran[name].push(tools[name]());
  const ratio = (over: keyof typeof tools, under: keyof typeof tools, of: 'seconds' | 'cpu'): number => median(ran[over].map((one, round) => one[of] / (ran[under][round]?.[of] ?? Number.NaN)));
  const line = (name: keyof typeof tools, title: string): void => console.log(`  ${title.padEnd(30)} ${median(ran[name].map(({ seconds }) => seconds)).toFixed(3)} s wall  ${median(ran[name].map(({ cpu }) => cpu)).toFixed(2)} s cpu  peak ${(median(ran[name].map(({ memory }) => memory)) / 2 ** 20).toFixed(0)} MiB`);
  line('ours', 'looplab, to a complete list');
  line('tshark', 'tshark -r -n');
  line('cat', 'cat > /dev/null');
  const faster = ratio('tshark', 'ours', 'seconds');
  const reading = ratio('ours', 'cat', 'seconds');
  const perPacket = median(ran.ours.map(({ memory }, round) => (memory - (ran.empty[round]?.memory ?? 0)) / count));
  // Both times belong to one machine at one time: where others work beside them, processor time says more.
  console.log(`  tshark / looplab  ${faster.toFixed(1)} x wall, ${ratio('tshark', 'ours', 'cpu').toFixed(1)} x cpu  (bar ${BARS.tshark}: ${met(faster >= BARS.tshark)})`);
  console.log(`  looplab / cat     ${reading.toFixed(2)} x wall, ${ratio('ours', 'cat', 'cpu').toFixed(2)} x cpu  (bar ${BARS.cat}: ${met(reading <= BARS.cat)})`);
  const share = median(ran.ours.map(({ memory }, round) => memory / (ran.tshark[round]?.memory ?? Number.NaN)));
  if (timed) console.log(`  memory over an empty file     ${perPacket.toFixed(1)} B a packet  (bar ${BARS.memory} at 5,000,000${large ? `: ${met(perPacket <= BARS.memory)}` : ''}); peak ${(share * 100).toFixed(0)} % of tshark's`);
  const more = JSON.parse(run(process.execPath, [program, capture, 'analyse', 'scan']).out) as Readonly<Record<string, number>>;
  console.log(`  first rows after              ${more['first']?.toFixed(0)} ms of the process  (bar ${BARS.first}: ${met((more['first'] ?? Infinity) <= BARS.first)})`);
  console.log(`  opened inside the process     ${more['opened']?.toFixed(0)} ms; TCP analysed after it ${more['analysed']?.toFixed(0)} ms; ${more['flows']?.toLocaleString('en-US')} flows`);
  console.log(`  a flag's column scanned       ${more['scan']?.toFixed(2)} ms, ${more['matches']?.toLocaleString('en-US')} matches  (bar ${BARS.scan} ms: ${met((more['scan'] ?? Infinity) <= BARS.scan)})`);
} finally {
  rmSync(folder, { recursive: true });
}
