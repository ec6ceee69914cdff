// Makes an Electron of the cache known to every tool that asks the `electron` package where its binary is (Playwright, electron-vite,
// editors): node_modules/electron/dist leads to it and path.txt names the executable, which index.js reads before it tries a download.

import { lstat, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { executableInDist, type Runtime } from './runtime';

/** Links `runtime` into the electron package's folder. Safe for two runs at once; a real dist folder is never replaced. */
export async function linkIntoPackage(runtime: Runtime, packageFolder: string): Promise<void> {
  const pathFile = join(packageFolder, 'path.txt');
  const name = executableInDist();
  if ((await readFile(pathFile, 'utf8').catch(() => '')) !== name) await replaceFile(pathFile, name);
  const dist = join(packageFolder, 'dist');
  if (runtime.dist === dist) return;
  const present = await lstat(dist).catch(() => undefined);
  if (present !== undefined && !present.isSymbolicLink()) return;
  if (present !== undefined && (await readlink(dist)) === runtime.dist) return;
  const fresh = `${dist}.${process.pid}`;
  await symlink(runtime.dist, fresh, 'junction');
  if (process.platform === 'win32') await rm(dist, { force: true });
  await rename(fresh, dist);
}

async function replaceFile(path: string, content: string): Promise<void> {
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, content);
  await rename(fresh, path);
}
