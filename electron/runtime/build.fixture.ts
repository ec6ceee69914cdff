// For tests: builds one Node-side entry as the product's build does (bundled, ES module), into a folder of its own, so that a real
// worker thread or child process can run it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const PROGRAM = 'electron/runtime/process/program.ts';

export interface Built {
  readonly file: string;
  remove(): Promise<void>;
}

/** `entry` relative to the repository, e.g. 'electron/cli.ts'. Beside it the entry of programs, as in the product. */
export async function buildEntry(entry: string): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'looplab-test-'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, target: 'node' },
    build: { ssr: true, outDir: folder, target: 'node20.18', emptyOutDir: false, rollupOptions: { input: { entry: resolve(entry), program: resolve(PROGRAM) }, output: { format: 'es', entryFileNames: '[name].mjs' } } },
  });
  return { file: join(folder, 'entry.mjs'), remove: () => rm(folder, { recursive: true, force: true }) };
}
