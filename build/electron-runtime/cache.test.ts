// The cache of Electron folders: an entry is absent or whole, made once however many ask, and a dead owner's lock holds nobody up.
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cachedFolder, cacheRoot, withLock } from './cache';

let root = '';
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'cache-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

const makeFolder = (content: string) => async (scratch: string): Promise<string> => {
  const made = join(scratch, 'dist');
  await mkdir(made);
  await writeFile(join(made, 'file'), content);
  return made;
};

describe('a cached folder', () => {
  it('is made once and then found', async () => {
    const first = await cachedFolder(root, 'key', makeFolder('one'));
    const second = await cachedFolder(root, 'key', makeFolder('two'));
    expect(second).toBe(first);
    expect(await readFile(join(second, 'file'), 'utf8')).toBe('one');
    expect(await readdir(root)).toEqual(['key']);
  });

  it('is made by one of many that ask at once', async () => {
    let made = 0;
    const ask = (): Promise<string> => cachedFolder(root, 'key', async (scratch) => { made += 1; return makeFolder('x')(scratch); });
    const folders = await Promise.all([ask(), ask(), ask(), ask()]);
    expect(new Set(folders).size).toBe(1);
    expect(made).toBe(1);
  });

  it('leaves nothing behind when it cannot be made, and can be made later', async () => {
    await expect(cachedFolder(root, 'key', async () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
    expect(await readdir(root)).toEqual([]);
    await access(join(await cachedFolder(root, 'key', makeFolder('x')), 'file'));
  });

  it('clears what a run that was killed left half made', async () => {
    await mkdir(join(root, 'key.making-1'));
    await cachedFolder(root, 'key', makeFolder('x'));
    expect(await readdir(root)).toEqual(['key']);
  });
});

describe('the lock', () => {
  it('of a process that is gone is taken over', async () => {
    await mkdir(join(root, 'lock'));
    await writeFile(join(root, 'lock', 'owner'), `999999999 ${hostname()}`);
    expect(await withLock(join(root, 'lock'), () => undefined, async () => 'done')).toBe('done');
  });

  it('of a living process is waited for, and that is said once', async () => {
    const said: string[] = [];
    let release = (): void => undefined;
    const held = withLock(join(root, 'lock'), () => undefined, () => new Promise<void>((done) => (release = done)));
    while (!(await readdir(root)).includes('lock')) await Promise.resolve();
    const second = withLock(join(root, 'lock'), (owner) => { said.push(owner); release(); }, async () => 'second');
    expect(await second).toBe('second');
    await held;
    expect(said).toEqual([`${process.pid} ${hostname()}`]);
  });
});

describe('the place of the cache', () => {
  it('is XDG_CACHE_HOME where it is set', () => expect(cacheRoot({ XDG_CACHE_HOME: '/c' }, 'linux')).toBe(join('/c', 'looplab', 'electron')));
  it('is below LOCALAPPDATA on Windows', () => expect(cacheRoot({ LOCALAPPDATA: '/l' }, 'win32')).toBe(join('/l', 'looplab', 'Cache', 'electron')));
});
