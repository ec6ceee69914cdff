// How many facts a second go from Electron's main process into the page's trace store: the product's relay and its typed columns,
// against one object a fact. Run: npx tsx tests/bench/ipc.bench.ts [rounds]. Starts the real Electron, on an Xvfb of its own on Linux.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Rollup } from 'vite';
import { resolveRuntime } from '../../build/electron-runtime/resolve';
import { sandboxState } from '../../build/electron-runtime/sandbox';
import { testDisplay } from '../../build/kit/display';

const rounds = process.argv[2] ?? '5';
const here = import.meta.dirname;
const folder = await mkdtemp(join(tmpdir(), 'looplab-ipc-'));

async function bundle(source: string, to: string, format: 'cjs' | 'iife'): Promise<void> {
  await build({
    configFile: false, logLevel: 'error', root: here,
    build: {
      outDir: folder, emptyOutDir: false, target: 'es2023', minify: false,
      lib: { entry: join(here, 'ipc', source), formats: [format], name: 'bench', fileName: () => to },
      rollupOptions: { external: format === 'cjs' ? ['electron', /^node:/] : [] } satisfies Rollup.RollupOptions,
    },
  });
}

await bundle('main.ts', 'main.cjs', 'cjs');
await bundle('preload.ts', 'preload.cjs', 'cjs');
await bundle('page.ts', 'page.js', 'iife');
await writeFile(join(folder, 'index.html'), '<!doctype html><meta charset="utf-8"><title>IPC bench</title><script src="page.js"></script>');
await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'looplab-ipc-bench', main: 'main.cjs' }));

const runtime = await resolveRuntime();
const display = await testDisplay();
try {
  const sandbox = (await sandboxState(runtime.dist)) === 'root' ? ['--no-sandbox'] : [];
  const app = spawn(runtime.executable, [...sandbox, `--user-data-dir=${join(folder, 'profile')}`, folder, `--rounds=${rounds}`], { env: { ...process.env, ...display.env }, stdio: ['ignore', 'inherit', 'pipe'] });
  let complaint = '';
  app.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const timer = setTimeout(() => app.kill('SIGKILL'), 55_000);
  const [status] = (await once(app, 'exit')) as [number | null];
  clearTimeout(timer);
  if (status !== 0) {
    process.stderr.write(complaint);
    process.exitCode = 1;
  }
} finally {
  await display.stop();
  await rm(folder, { recursive: true, force: true });
}
