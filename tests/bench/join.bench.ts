// What it costs to join the kernel's packets to the calls of a run, and how long a packet takes from the wire to what the page is given: time and
// memory of a story with 200,000 packets against the same calls without, then the delays of a live capture by each program that is here and may.
// Run: npx tsx tests/bench/join.bench.ts [packets, default 200000]

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from './bundled';

const folder = mkdtempSync(join(tmpdir(), 'looplab-join-'));
try {
  const joinOne = await bundled('join/joinOne', folder);
  const ran = spawnSync(process.execPath, ['--expose-gc', joinOne, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = ran.status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
