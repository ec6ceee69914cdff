// End-to-end tests in two lanes: the second has a network of its own, so that the labs of two apps find their addresses free, and a display of
// its own (build/test.ts). Most of a test is waiting for what moves, so two take hardly longer than one. Where this user may not make a
// network, there is one lane.

import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from './run';

export interface Lane {
  /** Words before the test runner's. */
  readonly prefix: readonly string[];
  /** Its files; none: all of the project. */
  readonly files: readonly string[];
}

/** About half of the time that all files of tests/e2e take. */
const SECOND: readonly string[] = ['web', 'samePicture', 'captureFile', 'share', 'swarm'];

/** A network in which there is loopback only. */
const OWN_NETWORK: readonly string[] = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

export async function lanesOf(project: string): Promise<readonly Lane[]> {
  if (project !== 'e2e' || !mayHaveNetwork()) return [{ prefix: [], files: [] }];
  const folder = 'tests/e2e';
  const all = (await readdir(join(REPOSITORY, folder))).filter((name) => name.endsWith('.e2e.ts')).sort();
  return lanesFrom(all, SECOND).map((names, lane) => ({ prefix: lane === 0 ? [] : OWN_NETWORK, files: names.map((name) => `${folder}/${name}`) }));
}

/** Every file is in one of both lanes. Throws when a name is no file's. */
export function lanesFrom(all: readonly string[], second: readonly string[]): readonly [string[], string[]] {
  const names = second.map((name) => `${name}.e2e.ts`);
  const gone = names.filter((name) => !all.includes(name));
  if (gone.length > 0) throw new Error(`no such files in tests/e2e, which build/kit/lanes.ts names: ${gone.join(', ')}`);
  return [all.filter((name) => !names.includes(name)), names];
}

function mayHaveNetwork(): boolean {
  if (process.platform !== 'linux') return false;
  const [program = '', ...words] = OWN_NETWORK;
  return spawnSync(program, [...words, 'true']).status === 0;
}
