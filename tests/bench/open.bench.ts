// How long large captures take to open to a complete, filterable list, and how much memory, against tshark and cat in the same rounds. Whole
// processes, start-up included, of the code as it is built. Run: npx tsx tests/bench/open.bench.ts [packets ...], default 1000000 5000000
// 5000000 packets need 3.5 GB of disk and 4 GB of memory for tshark, which runs once there and three times else.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from './bundled';
import { writeBigCapture } from './open/bigCapture';
import { median } from './rounds';

const ROUNDS = 3;
/** From so many packets on, other bars hold. */
const LARGE = 3_000_000;
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

const met = (good: boolean): string => (good ? 'met' : 'NOT MET');
const seconds = (ran: readonly Ran[]): number => median(ran.map((one) => one.seconds));
const cpu = (ran: readonly Ran[]): number => median(ran.map((one) => one.cpu));
const memory = (ran: readonly Ran[]): number => median(ran.map((one) => one.memory));

function measure(count: number, program: { readonly one: string; readonly rows: string }): void {
  const large = count >= LARGE;
  const bars = { tshark: large ? 35 : 20, cat: 3, memory: 70, first: 1000 };
  const capture = join(folder, 'big.pcapng');
  const empty = join(folder, 'empty.pcapng');
  const conversations = writeBigCapture(capture, count);
  writeBigCapture(empty, 0);
  console.log(`${count.toLocaleString('en-US')} packets of ${conversations.toLocaleString('en-US')} conversations, ${(statSync(capture).size / 1e6).toFixed(0)} MB`);
  writeFileSync(join(folder, 'cat.sh'), 'cat "$1" > /dev/null\n');
  const tools = {
    ours: () => run(process.execPath, [program.one, capture]), analysed: () => run(process.execPath, [program.one, capture, 'analyse']), empty: () => run(process.execPath, [program.one, empty]),
    node: () => run(process.execPath, ['-e', '0']), cat: () => run('sh', [join(folder, 'cat.sh'), capture]),
    // sh throws its lines away: a pipe into here would cost both of them time.
    tshark: () => run('sh', ['-c', 'tshark -r "$0" -n > /dev/null 2>&1', capture]),
  };
  // Into the system's cache.
  tools.cat();
  const ran: Record<keyof typeof tools, Ran[]> = { ours: [], analysed: [], empty: [], node: [], cat: [], tshark: [] };
  for (let round = 0; round < ROUNDS; round++) for (const name of Object.keys(tools) as (keyof typeof tools)[]) if (name !== 'tshark' || !large || round === 0) ran[name].push(tools[name]());
  const line = (name: keyof typeof tools, title: string): void => console.log(`  ${title.padEnd(30)} ${seconds(ran[name]).toFixed(3)} s wall  ${cpu(ran[name]).toFixed(2)} s cpu  peak ${(memory(ran[name]) / 2 ** 20).toFixed(0)} MiB`);
  line('ours', 'looplab, to a complete list');
  line('analysed', 'looplab, TCP analysed too');
  line('tshark', 'tshark -r -n');
  line('cat', 'cat > /dev/null');
  line('node', 'Node\'s start alone');
  const faster = seconds(ran.tshark) / seconds(ran.ours);
  const reading = seconds(ran.ours) / seconds(ran.cat);
  // Both times belong to one machine at one time: where others work beside them, processor time says more.
  console.log(`  tshark / looplab  ${faster.toFixed(1)} x wall, ${(cpu(ran.tshark) / cpu(ran.ours)).toFixed(1)} x cpu  (bar ${bars.tshark}: ${met(faster >= bars.tshark)})`);
  console.log(`  looplab / cat     ${reading.toFixed(2)} x wall  (bar ${bars.cat}: ${met(reading <= bars.cat)}; Node's start alone is ${(seconds(ran.node) / seconds(ran.cat)).toFixed(2)} x)`);
  const perPacket = (of: readonly Ran[]): number => (memory(of) - memory(ran.empty)) / count;
  const whole = perPacket(ran.analysed);
  if (timed) console.log(`  memory over an empty file     ${perPacket(ran.ours).toFixed(1)} B a packet, with TCP analysed ${whole.toFixed(1)}  (bar ${bars.memory}: ${met(whole <= bars.memory)}); peak ${((memory(ran.analysed) / memory(ran.tshark)) * 100).toFixed(0)} % of tshark's`);
  const told = (script: string, ...args: string[]): Readonly<Record<string, number>> => JSON.parse(run(process.execPath, [script, capture, ...args]).out) as Readonly<Record<string, number>>;
  const { first = Infinity, last = Infinity, ready = Infinity } = told(program.rows);
  console.log(`  the window's session          first rows dissected after ${first.toFixed(0)} ms of the process  (bar ${bars.first}: ${met(first <= bars.first)}), all read and analysed after ${ready.toFixed(0)} ms, then the last rows in ${last.toFixed(0)} ms`);
  const { opened = Infinity, again = Infinity, reading: alone = Infinity, analysed = Infinity, flows = 0 } = told(program.one, 'analyse', 'again');
  console.log(`  inside a process              opened in ${opened.toFixed(0)} ms: ${(opened / 1000 / seconds(ran.cat)).toFixed(2)} x cat; once more, compiled by then, in ${again.toFixed(0)} ms: ${(again / 1000 / seconds(ran.cat)).toFixed(2)} x cat, ${(again / alone).toFixed(2)} x reading alone (${alone.toFixed(0)} ms)`);
  console.log(`                                TCP analysed in ${analysed.toFixed(0)} ms; ${flows.toLocaleString('en-US')} flows`);
}

try {
  const program = { one: await bundled('open/openOne', folder), rows: await bundled('open/openRows', folder) };
  const counts = process.argv.slice(2).map(Number);
  for (const count of counts.length === 0 ? [1_000_000, 5_000_000] : counts) measure(count, program);
} finally {
  rmSync(folder, { recursive: true });
}
