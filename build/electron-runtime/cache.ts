// The per-user cache of Electron folders. An entry appears by one rename, so it is either absent or whole; a lock keeps two runs from
// fetching the same 200 MB twice. The rename alone keeps them correct, so a lock whose owner died may be taken over.

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const HEARTBEAT_MS = 5_000;
const STALE_MS = 120_000;
const POLL_MS = 250;

/** Folder for this project's files in the user's cache: XDG on Linux, the platform's own place elsewhere. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && xdg !== '') return join(xdg, 'looplab', 'electron');
  const local = env['LOCALAPPDATA'];
  if (platform === 'win32' && local !== undefined && local !== '') return join(local, 'looplab', 'Cache', 'electron');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'looplab', 'electron');
  return join(homedir(), '.cache', 'looplab', 'electron');
}

/**
 * The folder root/key, made by `make` when it is not there yet. `make` fills a scratch folder and returns the finished folder inside
 * it, which then moves into place. Errors of `make` pass through and leave nothing behind.
 */
export async function cachedFolder(root: string, key: string, make: (scratch: string) => Promise<string>, onWait: (owner: string) => void = () => undefined): Promise<string> {
  const target = join(root, key);
  if (existsSync(target)) return target;
  await mkdir(root, { recursive: true });
  return withLock(join(root, `${key}.lock`), onWait, async () => {
    if (existsSync(target)) return target;
    await removeScratch(root, key);
    const scratch = join(root, `${key}.making-${process.pid}`);
    await mkdir(scratch);
    try {
      await publish(await make(scratch), target);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    return target;
  });
}

async function publish(made: string, target: string): Promise<void> {
  try {
    await rename(made, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

async function removeScratch(root: string, key: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (name.startsWith(`${key}.making-`)) await rm(join(root, name), { recursive: true, force: true });
  }
}

/** Runs `work` while holding the lock folder. `onWait` is told once, with the owner's description, when another run holds it. */
export async function withLock<T>(lock: string, onWait: (owner: string) => void, work: () => Promise<T>): Promise<T> {
  let told = false;
  while (!(await tryLock(lock))) {
    if (await isAbandoned(lock)) {
      await rm(lock, { recursive: true, force: true });
      continue;
    }
    if (!told) onWait(await ownerOf(lock));
    told = true;
    await pause(POLL_MS);
  }
  const heartbeat = setInterval(() => void utimes(lock, new Date(), new Date()).catch(() => undefined), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(lock, { recursive: true, force: true });
  }
}

async function tryLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
  await writeFile(join(lock, 'owner'), `${process.pid} ${hostname()}`);
  return true;
}

async function ownerOf(lock: string): Promise<string> {
  return readFile(join(lock, 'owner'), 'utf8').catch(() => '');
}

async function isAbandoned(lock: string): Promise<boolean> {
  const [pid, host] = (await ownerOf(lock)).split(' ');
  if (pid !== undefined && pid !== '' && host === hostname() && !isAlive(Number(pid))) return true;
  const info = await stat(lock).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs > STALE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
