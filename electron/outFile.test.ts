import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutFile } from './outFile';
import { readText } from './readText';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-out-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a file that the user asked for', () => {
  it('is there whole, for its owner only, and nothing beside it', async () => {
    const file = await OutFile.open(join(folder, 'a.bin'));
    await file.save([Uint8Array.of(0, 255), 'текст']);
    expect(await readFile(join(folder, 'a.bin'))).toEqual(Buffer.concat([Buffer.from([0, 255]), Buffer.from('текст')]));
    if (process.platform !== 'win32') expect((await stat(join(folder, 'a.bin'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['a.bin']);
  });

  it('leaves what was there when it cannot be written to the end', async () => {
    const path = join(folder, 'a.bin');
    await writeFile(path, 'before');
    const file = await OutFile.open(path);
    await expect(file.save((function* parts() {
      yield 'half';
      throw new Error('the source broke');
    })())).rejects.toThrow('the source broke');
    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['a.bin']);
  });

  it('names the place and the reason when it cannot', async () => {
    await expect(OutFile.open(join(folder, 'no', 'a.bin'))).rejects.toMatchObject({ code: 'ENOENT', where: join(folder, 'no', 'a.bin') });
    await expect(OutFile.open(folder)).rejects.toMatchObject({ code: 'EISDIR' });
    if (process.platform === 'linux') await expect(OutFile.open('/dev/full').then((file) => file.save(['x']))).rejects.toMatchObject({ code: 'ENOSPC', message: 'cannot write /dev/full: no space is left on the device' });
    // Where nobody may make a file, not even root; what the kernel answers EIO to.
    if (process.platform === 'linux') {
      await expect(OutFile.open('/sys/class/net/a.pcapng')).rejects.toMatchObject({ where: '/sys/class/net/a.pcapng', message: expect.stringMatching(/^cannot write \/sys\/class\/net\/a\.pcapng: (permission denied|not permitted|the file system is read-only)$/) as string });
      await expect(readText('/proc/self/mem', 10)).rejects.toMatchObject({ code: 'EIO', message: 'cannot read /proc/self/mem: the device failed' });
    }
  });
});

describe('a text that the user chose', () => {
  it('is read up to its bound and not beyond', async () => {
    await writeFile(join(folder, 'a.har'), 'ж'.repeat(500_000));
    expect(await readText(join(folder, 'a.har'), 1_000_000)).toBe('ж'.repeat(500_000));
    await expect(readText(join(folder, 'a.har'), 999_999)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE', where: join(folder, 'a.har') });
    if (process.platform === 'linux') await expect(readText('/dev/zero', 5_000_000)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });

  it('names the place and the reason when it cannot be', async () => {
    await expect(readText(join(folder, 'none.har'), 10)).rejects.toMatchObject({ code: 'ENOENT', message: `cannot read ${join(folder, 'none.har')}: no such file` });
    await expect(readText(folder, 10)).rejects.toMatchObject({ code: 'EISDIR' });
    await writeFile(join(folder, 'closed.har'), 'x');
    await chmod(join(folder, 'closed.har'), 0);
    if (process.platform !== 'win32' && process.getuid?.() !== 0) await expect(readText(join(folder, 'closed.har'), 10)).rejects.toMatchObject({ code: 'EACCES' });
  });
});
