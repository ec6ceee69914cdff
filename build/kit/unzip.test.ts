// Zip archives written by us and read by us; damaged and hostile ones are refused with their reason.
import { chmod, lstat, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unzip } from './unzip';
import { zipFolder } from './zipFolder';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zip-'));
  await mkdir(join(folder, 'in', 'bin'), { recursive: true });
  await writeFile(join(folder, 'in', 'bin', 'tool'), 'run '.repeat(1000));
  await chmod(join(folder, 'in', 'bin', 'tool'), 0o755);
  await symlink('bin/tool', join(folder, 'in', 'link'));
  await writeFile(join(folder, 'in', 'empty'), '');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pack = async (): Promise<string> => {
  const archive = join(folder, 'out.zip');
  await zipFolder(join(folder, 'in'), archive, 'app');
  return archive;
};

describe('a folder through a zip archive', () => {
  it('comes back with its bytes, modes and links', async () => {
    const count = await unzip(await pack(), join(folder, 'back'));
    expect(count).toBe(3);
    expect(await readFile(join(folder, 'back/app/bin/tool'), 'utf8')).toBe('run '.repeat(1000));
    expect((await stat(join(folder, 'back/app/bin/tool'))).mode & 0o777).toBe(0o755);
    expect((await lstat(join(folder, 'back/app/link'))).isSymbolicLink()).toBe(true);
    expect(await readlink(join(folder, 'back/app/link'))).toBe('bin/tool');
    expect((await stat(join(folder, 'back/app/empty'))).size).toBe(0);
  });

  it('leaves out and renames what the caller says', async () => {
    const count = await unzip(await pack(), join(folder, 'back'), (name) => (name === 'app/empty' ? 'renamed' : undefined));
    expect(count).toBe(1);
    expect((await stat(join(folder, 'back/renamed'))).isFile()).toBe(true);
  });

  it('refuses a changed byte', async () => {
    const archive = await pack();
    const bytes = await readFile(archive);
    const at = bytes.indexOf('bin/tool') + 'bin/tool'.length + 2;
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    await writeFile(archive, bytes);
    await expect(unzip(archive, join(folder, 'back'))).rejects.toThrow();
  });

  it('refuses every cut of the archive', async () => {
    const whole = await readFile(await pack());
    const cut = join(folder, 'cut.zip');
    for (let length = 0; length < whole.length; length += 7) {
      await writeFile(cut, whole.subarray(0, length));
      await expect(unzip(cut, join(folder, 'back')), `cut at ${length}`).rejects.toThrow(/zip/);
    }
  });

  it('refuses a name that leaves the folder', async () => {
    await expect(unzip(await pack(), join(folder, 'back'), () => '../outside')).rejects.toThrow('leaves its folder');
  });
});
