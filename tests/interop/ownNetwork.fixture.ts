// Runs programs in a network namespace of their own whose loopback is up: nobody else's packets are there, and every port is free. Wants root.

import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const withLoopback = (command: string, ...args: readonly string[]): string[] => ['-n', 'sh', '-c', `ip link set lo up && ${command}`, ...args];

/** Whether this command of a shell succeeds there. */
export const worksInOwnNetwork = (command: string): boolean => spawnSync('unshare', withLoopback(command), { stdio: 'ignore' }).status === 0;

/** Runs a Python program of this folder there to its end. Rejects with what it said on its standard error when it fails. */
export async function runInOwnNetwork(program: string, ...args: readonly string[]): Promise<void> {
  // -B: what it imports leaves no compiled file here.
  await promisify(execFile)('unshare', withLoopback('exec python3 -B "$0" "$@"', join(import.meta.dirname, program), ...args));
}
