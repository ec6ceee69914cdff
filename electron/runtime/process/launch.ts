// How a program's process is started: the built entry program.ts on this very executable, as Node. An installed app does not let itself be
// used as Node (its fuse is off): there it starts in a mode of its own that runs the same entry and nothing else (ownMode.ts).

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../engineError';
import { PROGRAM_MODE } from './programMode';

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Where the entry may lie, seen from the built file that this module became part of. */
const PLACES = ['./program.js', '../program.js', './program.mjs', '../program.mjs'] as const;

/** What is not for programs: it is meant for this process, or would make the other one slow. */
const NOT_INHERITED = ['NODE_OPTIONS', 'NODE_V8_COVERAGE', 'NODE_CHANNEL_FD', 'ELECTRON_RUN_AS_NODE'] as const;

/** For tests, whose modules are not built: they build the entry when it is first needed. */
export const unbuilt: { build: (() => Promise<string>) | null } = { build: null };

/** The built entry. Throws ENOTSUP where there is none. */
export function entryFile(): string {
  for (const place of PLACES) {
    const file = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(file)) return file;
  }
  throw new EngineError('ENOTSUP', 'the entry of programs was not built');
}

/** `entry`: as entryFile() found it. */
export function launchOf(entry: string): Launch {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_INHERITED.some((one) => one === name)));
  if (process.versions['electron'] === undefined) return { file: process.execPath, args: [entry], env };
  if (!/\.asar[/\\]/.test(entry)) return { file: process.execPath, args: [entry], env: { ...env, ELECTRON_RUN_AS_NODE: '1' } };
  return { file: process.execPath, args: [PROGRAM_MODE, ...withoutSandbox()], env };
}

/** Root cannot have Chromium's sandbox: who started this app without it (development, tests) gets programs without it, nobody else. */
const withoutSandbox = (): readonly string[] => (process.argv.includes('--no-sandbox') ? ['--no-sandbox'] : []);
