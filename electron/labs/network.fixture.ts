// For tests of labs, roles and taps: test files run side by side, of several checkouts too, and a developer may have a lab open. Each test
// process has its hosts in a network of its own, 127.n.x.y for 127.0.x.y, and holds it by a file with its name for as long as it runs.

import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoOf } from '../roles/errno';

/** Always three digits, so that texts keep their width. */
const FIRST = 100;
const COUNT = 155;

const me = `${process.pid} ${process.env['VITEST_POOL_ID'] ?? ''}`;

/** '127.123.' */
export const NETWORK = `127.${claim()}.`;

function claim(): number {
  const folder = join(tmpdir(), 'looplab-test-networks');
  mkdirSync(folder, { recursive: true });
  for (let tries = 0; tries < COUNT; tries++) {
    const n = FIRST + ((process.pid + tries) % COUNT);
    const file = join(folder, String(n));
    if (take(file)) return n;
  }
  throw new Error(`every network is taken: remove ${folder}`);
}

/** False when a process that still runs has it. */
function take(file: string): boolean {
  for (;;) {
    try {
      writeFileSync(file, me, { flag: 'wx' });
      process.once('exit', () => rmSync(file, { force: true }));
      return true;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (holder === me) return true;
    // Empty: just being written.
    if (holder === '' || runs(Number(holder.split(' ')[0]))) return false;
    removeOf(file, holder);
  }
}

/** Of two that find its holder gone one takes it away, and what the other may have put there in between stays. */
function removeOf(file: string, holder: string): void {
  const away = `${file}.${process.pid}`;
  try {
    renameSync(file, away);
    if (holderOf(away) !== holder) linkSync(away, file);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'EEXIST') throw error;
  }
  rmSync(away, { force: true });
}

function holderOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}
