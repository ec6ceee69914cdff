// How long a run of a million facts takes to be saved - as a pcapng of its packets with valid checksums, and as a run file with every fact - against editcap
// copying the packets, in the same rounds; and whether tshark finds the checksums right.
// Run: npx tsx tests/bench/save.bench.ts [facts, default 1000000] [bytes a message, default 600] [rounds, default 3]

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from './bundled';
import { median } from './rounds';

const [facts = '1000000', size = '600', rounds = '3'] = process.argv.slice(2);
/** quality.md, Performance: times what editcap takes. */
const BAR = 1.5;
const CHECKED = 2000;

interface Saved {
  readonly facts: number;
  readonly segments: number;
  readonly packets: readonly Taken[];
  readonly run: readonly Taken[];
}
interface Taken {
  readonly ms: number;
  readonly synced: number;
  readonly copied: number;
}

const folder = mkdtempSync(join(tmpdir(), 'looplab-save-'));
const program = (name: string, ...args: string[]): string => {
  const ran = spawnSync(name, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ran.status !== 0) throw new Error(`${name} ended with ${ran.status}: ${ran.stderr}`);
  return ran.stdout;
};

try {
  const saveOne = await bundled('save/saveOne', folder);
  const saved = JSON.parse(program(process.execPath, saveOne, folder, facts, size, rounds)) as Saved;
  console.log(`${saved.facts.toLocaleString('en-US')} facts, ${saved.segments.toLocaleString('en-US')} packets of ${size} B of data; medians of ${rounds} rounds, each with its copy by editcap after it`);
  for (const [name, taken] of [['packets', saved.packets], ['run', saved.run]] as const) {
    const ratio = median(taken.map(({ ms, copied }) => ms / copied));
    const verdict = name === 'packets' ? `  (bar ${BAR}: ${ratio <= BAR ? 'met' : 'NOT MET'})` : '  (with every fact: no bar)';
    console.log(`  ${name === 'packets' ? 'packets alone' : 'run file'.padEnd(13)}  ${(statSync(join(folder, `${name}.pcapng`)).size / 1e6).toFixed(0).padStart(5)} MB  ${median(taken.map(({ ms }) => ms)).toFixed(0).padStart(6)} ms, synced to the disk ${median(taken.map(({ synced }) => synced)).toFixed(0)} ms  editcap ${median(taken.map(({ copied }) => copied)).toFixed(0)} ms  ratio ${ratio.toFixed(2)}${verdict}`);
  }
  const wrong = program('tshark', '-n', '-r', join(folder, 'packets.pcapng'), '-c', String(CHECKED), '-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE', '-T', 'fields', '-e', 'ip.checksum.status', '-e', 'tcp.checksum.status')
    .trim().split('\n').filter((line) => line !== '1\t1').length;
  console.log(`  checksums of the first ${CHECKED}: ${wrong === 0 ? 'all right, says tshark' : `WRONG in ${wrong}`}`);
} finally {
  rmSync(folder, { recursive: true });
}
