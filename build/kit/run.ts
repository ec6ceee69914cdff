// Runs a program of ours as a child: its output passes through, our signals reach it, its end is our end. Knows nothing of Electron.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/**
 * Starts `program` and waits for its end. Returns its exit status, or 128 + signal number when a signal ended it, as shells do.
 * Throws when it cannot be started.
 */
export async function run(program: string, words: readonly string[], options: RunOptions = {}): Promise<number> {
  const child = spawn(program, words, { stdio: 'inherit', cwd: options.cwd ?? process.cwd(), env: options.env ?? process.env });
  const pass = (signal: NodeJS.Signals): boolean => child.kill(signal);
  for (const signal of PASSED_ON) process.on(signal, pass);
  try {
    return await new Promise<number>((done, fail) => {
      child.on('error', fail).on('exit', (status, signal) => done(signal === null ? (status ?? 1) : 128 + constants.signals[signal]));
    });
  } finally {
    for (const signal of PASSED_ON) process.off(signal, pass);
  }
}

/** Runs a tool of node_modules by its script, with this Node. */
export const runTool = (script: string, words: readonly string[], options: RunOptions = {}): Promise<number> =>
  run(process.execPath, [`${REPOSITORY}/node_modules/${script}`, ...words], { cwd: REPOSITORY, ...options });

/** As runTool(), but gives what it says, both streams in the order of its words, instead of letting it through. */
export async function askTool(script: string, words: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  const child = spawn(process.execPath, [`${REPOSITORY}/node_modules/${script}`, ...words], { stdio: ['ignore', 'pipe', 'pipe'], cwd: REPOSITORY });
  const pass = (signal: NodeJS.Signals): boolean => child.kill(signal);
  for (const signal of PASSED_ON) process.on(signal, pass);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  try {
    const [status] = (await once(child, 'close')) as [number | null];
    return { status: status ?? 1, said };
  } finally {
    for (const signal of PASSED_ON) process.off(signal, pass);
  }
}
