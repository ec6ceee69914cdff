// For tests: builds one Node-side entry as the product's build does (bundled, ES module), into a folder of its own, so that a real
// worker thread or child process can run it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

export interface Built {
  readonly file: string;
  remove(): Promise<void>;
}

/** `entry` relative to the repository, e.g. 'electron/cli.ts'. */
export async function buildEntry(entry: string): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'looplab-test-'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, target: 'node' },
    build: { ssr: resolve(entry), outDir: folder, target: 'node20.18', emptyOutDir: false, rollupOptions: { output: { format: 'es', entryFileNames: 'entry.mjs' } } },
  });
  return { file: join(folder, 'entry.mjs'), remove: () => rm(folder, { recursive: true, force: true }) };
}
