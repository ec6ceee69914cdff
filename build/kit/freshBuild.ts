// Builds what `start`, `lab` and the tests run, only when its sources changed since: a digest of names, sizes and times of the source
// files stands beside the output. Two runs at once build one after the other, and the second finds it done.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, resolveConfig } from 'electron-vite';
import { build as buildOne } from 'vite';
import { withLock } from '../electron-runtime/cache';
import { REPOSITORY } from './run';

/** 'main' is what the command line needs: main, worker and cli. 'app' is everything. */
export type BuildPart = 'main' | 'app';

const SOURCES: Readonly<Record<BuildPart, readonly string[]>> = {
  main: ['package.json', 'electron.vite.config.ts', 'electron', 'shared'],
  app: ['package.json', 'electron.vite.config.ts', 'electron', 'shared', 'renderer'],
};
const OUTPUTS: Readonly<Record<BuildPart, readonly string[]>> = {
  main: ['main/cli.js'],
  app: ['main/main.js', 'main/cli.js', 'preload/preload.cjs', 'renderer/index.html'],
};

/** Brings out/ up to date. Says what it does, and why the build failed, on stderr, so that stdout stays the program's. False: it failed. */
export async function freshBuild(part: BuildPart, force = false): Promise<boolean> {
  const out = join(REPOSITORY, 'out');
  if (!force && (await isFresh(part, out))) return true;
  await mkdir(out, { recursive: true });
  return withLock(join(out, '.building'), () => process.stderr.write('waiting for another build\n'), async () => {
    if (!force && (await isFresh(part, out))) return true;
    process.stderr.write(part === 'main' ? 'building the command line\n' : 'building the app\n');
    // Taken before the build, so that what changes while it runs counts as changed.
    const digests = { [part]: await digestOf(SOURCES[part]), main: await digestOf(SOURCES.main) };
    try {
      await buildPart(part);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      return false;
    }
    for (const [name, digest] of Object.entries(digests)) await writeFile(join(out, `.${name}.digest`), digest);
    return true;
  });
}

async function buildPart(part: BuildPart): Promise<void> {
  // electron-vite sets this for its own process and what it builds reads it; ours must not leak into the program that runs next.
  const before = process.env['NODE_ENV'];
  try {
    if (part === 'app') {
      await build({ root: REPOSITORY, logLevel: 'warn' });
      return;
    }
    const { config } = await resolveConfig({ root: REPOSITORY, logLevel: 'warn' }, 'build', 'production');
    await buildOne(config?.main);
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

async function isFresh(part: BuildPart, out: string): Promise<boolean> {
  if (!OUTPUTS[part].every((file) => existsSync(join(out, file)))) return false;
  const built = await readFile(join(out, `.${part}.digest`), 'utf8').catch(() => '');
  return built === (await digestOf(SOURCES[part]));
}

async function digestOf(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) await addToDigest(hash, join(REPOSITORY, source));
  return hash.digest('hex');
}

async function addToDigest(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  const info = await stat(path);
  if (info.isDirectory()) {
    for (const name of (await readdir(path)).sort()) if (!name.endsWith('.test.ts')) await addToDigest(hash, join(path, name));
  } else {
    hash.update(`${path}\0${info.size}\0${info.mtimeMs}\n`);
  }
}
