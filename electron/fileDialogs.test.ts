import { mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserWindow, OpenDialogOptions, SaveDialogOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HAR_LIMITS } from '../shared/trace/har/har';
import { FileDialogs } from './fileDialogs';

/** Not looked at: the dialogs here are the test's. */
const WINDOW = {} as BrowserWindow;
let folder = '';
let asked: (SaveDialogOptions | OpenDialogOptions)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-dialogs-'));
  asked = [];
});
afterEach(() => rm(folder, { recursive: true }));

/** The user chooses `path`, or nothing. */
const choosing = (path: string | null): FileDialogs =>
  new FileDialogs({
    showSaveDialog: (_window, options) => {
      asked.push(options);
      return Promise.resolve({ canceled: path === null, filePath: path ?? '' });
    },
    showOpenDialog: (_window, options) => {
      asked.push(options);
      return Promise.resolve({ canceled: path === null, filePaths: path === null ? [] : [path] });
    },
  }, () => folder);

const BYTES = Uint8Array.of(1, 2, 255);

describe('saving', () => {
  it('writes where the user says, for them only', async () => {
    const path = join(folder, 'run.pcapng');
    expect(await choosing(path).save(WINDOW, { name: 'looplab-https.pcapng', kind: 'pcapng', bytes: BYTES }, 'en')).toEqual({ path });
    expect(Uint8Array.from(await readFile(path))).toEqual(BYTES);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(asked).toMatchObject([{ defaultPath: join(folder, 'looplab-https.pcapng'), filters: [{ extensions: ['pcapng'] }] }]);
  });

  it('writes nothing when the user changes their mind', async () => {
    expect(await choosing(null).save(WINDOW, { name: 'a.har', kind: 'har', bytes: BYTES }, 'ko')).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  it('says where and why when it cannot', async () => {
    const path = join(folder, 'gone', 'run.har');
    await expect(choosing(path).save(WINDOW, { name: 'a.har', kind: 'har', bytes: BYTES }, 'ru')).rejects.toMatchObject({ code: 'ENOENT', where: path });
  });
});

describe('opening', () => {
  it('gives the text and the name, never the path', async () => {
    await writeFile(join(folder, 'site.har'), '{"log":{}}');
    expect(await choosing(join(folder, 'site.har')).open(WINDOW, { kind: 'har' }, 'en')).toEqual({ name: 'site.har', text: '{"log":{}}' });
    expect(await choosing(null).open(WINDOW, { kind: 'har' }, 'en')).toBeNull();
  });

  it('refuses what is larger than a HAR may be', async () => {
    await writeFile(join(folder, 'big.har'), '');
    await truncate(join(folder, 'big.har'), HAR_LIMITS.bytes + 1);
    await expect(choosing(join(folder, 'big.har')).open(WINDOW, { kind: 'har' }, 'en')).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });

  it('begins where the user was last', async () => {
    await writeFile(join(folder, 'site.har'), '');
    const files = choosing(join(folder, 'sub', 'none.har'));
    await files.open(WINDOW, { kind: 'har' }, 'en').catch(() => null);
    await files.open(WINDOW, { kind: 'har' }, 'en').catch(() => null);
    expect(asked.map(({ defaultPath }) => defaultPath)).toEqual([folder, join(folder, 'sub')]);
  });
});
