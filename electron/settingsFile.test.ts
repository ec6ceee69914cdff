import { mkdtemp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../shared/ipc/contract';
import { SettingsFile } from './settingsFile';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'looplab-settings-'));
});
const path = (): string => join(directory, 'deep', 'settings.json');

describe('the settings file', () => {
  it('is the defaults until something is written, then survives a restart', async () => {
    const first = new SettingsFile(path());
    expect(await first.load()).toEqual(defaultSettings);
    await first.write({ locale: 'ko', theme: 'light' });

    const second = new SettingsFile(path());
    expect(await second.load()).toEqual({ ...defaultSettings, locale: 'ko', theme: 'light' });
  });

  it('loses only the value that is broken', async () => {
    const broken = join(directory, 'settings.json');
    await writeFile(broken, JSON.stringify({ theme: 'purple', locale: 'ru', speed: 1e9, unknown: 1 }));
    expect(await new SettingsFile(broken).load()).toEqual({ ...defaultSettings, locale: 'ru' });
  });

  it('starts anew from a file that is not JSON', async () => {
    const broken = join(directory, 'settings.json');
    await writeFile(broken, '{"theme": "da');
    expect(await new SettingsFile(broken).load()).toEqual(defaultSettings);
  });

  it('is readable by its owner only and leaves no temporary file behind, also after many writes at once', async () => {
    const file = new SettingsFile(path());
    await Promise.all([0.5, 1, 2, 4].map((speed) => file.write({ speed })));
    expect(JSON.parse(await readFile(path(), 'utf8'))).toMatchObject({ speed: 4 });
    expect(await readdir(join(directory, 'deep'))).toEqual(['settings.json']);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('says when all that was asked for is on disk', async () => {
    const file = new SettingsFile(path());
    void file.write({ speed: 2 });
    void file.write({ speed: 4 });
    await file.settled();
    expect(JSON.parse(await readFile(path(), 'utf8'))).toMatchObject({ speed: 4 });
  });

  it('says so when the disk refuses', async () => {
    await writeFile(join(directory, 'deep'), 'a file where a folder is needed');
    await expect(new SettingsFile(path()).write({ speed: 2 })).rejects.toMatchObject({ code: expect.stringMatching(/ENOTDIR|EEXIST/) });
  });
});
