// One program of a bench as it is built for the app: one module, as Node 20 runs it.

import { basename, join } from 'node:path';
import { build, type Rollup } from 'vite';

/** `entry`: a path of tests/bench without its ending. Resolves to the module's place in `folder`. */
export async function bundled(entry: string, folder: string): Promise<string> {
  const name = `${basename(entry)}.mjs`;
  await build({
    configFile: false, logLevel: 'error', root: import.meta.dirname,
    build: {
      outDir: folder, emptyOutDir: false, target: 'node20', minify: false, lib: { entry: join(import.meta.dirname, `${entry}.ts`), formats: ['es'], fileName: () => name },
      rollupOptions: { external: [/^node:/] } satisfies Rollup.RollupOptions,
    },
  });
  return join(folder, name);
}
