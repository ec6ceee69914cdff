// What the resolver says and does without a network: a folder named by hand, the links for other tools, and messages that help.
import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { missingIn, missingLibrariesMessage } from './libraries';
import { linkIntoPackage } from './link';
import { placeOf } from './npmPackage';
import { NoElectronError, reasonOf, resolveRuntime } from './resolve';
import { executableInDist, runtimeInFolder, type Runtime } from './runtime';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'runtime-'))));
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function fakeDist(name: string, version: string): Promise<Runtime> {
  const dist = join(folder, name);
  const executable = join(dist, executableInDist());
  await mkdir(dirname(executable), { recursive: true });
  await writeFile(executable, '');
  await writeFile(join(dist, 'version'), `v${version}\n`);
  return { dist, executable, version, source: 'cache' };
}

describe('ELECTRON_OVERRIDE_DIST_PATH', () => {
  it('wins over everything', async () => {
    const { dist, executable } = await fakeDist('mine', '40.1.0');
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', dist);
    expect(await resolveRuntime()).toEqual({ dist, executable, version: '40.1.0', source: 'override' });
  });
  it('is refused with its name when it holds no Electron', async () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
    const refusal = resolveRuntime();
    await expect(refusal).rejects.toThrow(NoElectronError);
    await expect(refusal).rejects.toThrow(`ELECTRON_OVERRIDE_DIST_PATH is ${folder}`);
  });
});

describe('the links for other tools', () => {
  it('lead the electron package to the runtime, and follow when it changes', async () => {
    const electron = join(folder, 'electron');
    await mkdir(electron);
    for (const name of ['one', 'two']) {
      const runtime = await fakeDist(name, '1.0.0');
      await linkIntoPackage(runtime, electron);
      expect(await readlink(join(electron, 'dist'))).toBe(runtime.dist);
      expect(await readFile(join(electron, 'path.txt'), 'utf8')).toBe(executableInDist());
      expect(runtimeInFolder(join(electron, 'dist'), 'installed')?.version).toBe('1.0.0');
    }
  });
  it('never replace a real dist folder', async () => {
    const electron = join(folder, 'electron');
    await mkdir(join(electron, 'dist'), { recursive: true });
    await linkIntoPackage(await fakeDist('one', '1.0.0'), electron);
    await expect(readlink(join(electron, 'dist'))).rejects.toThrow('EINVAL');
  });
});

describe("the donor's archive", () => {
  it.each([
    ['Cypress/Cypress', 'electron'],
    ['Cypress/resources.pak', 'resources.pak'],
    ['Cypress/locales/ko.pak', 'locales/ko.pak'],
    ['Cypress/resources/app/package.json', undefined],
    ['Cypress/resources/app-update.yml', undefined],
    ['Cypress/', undefined],
    ['other', undefined],
  ])('%s becomes %s', (name, place) => expect(placeOf(name)).toBe(place));
});

describe('missing libraries', () => {
  it('are named with the command that installs them', () => {
    const missing = missingIn('\tlibnss3.so => not found\n\tlibm.so.6 => /lib/libm.so.6 (0x1)\n\tlibgtk-3.so.0 => not found\n\tlibodd.so => not found\n');
    expect(missing).toEqual({ libraries: ['libnss3.so', 'libgtk-3.so.0', 'libodd.so'], packages: ['libgtk-3-0', 'libnss3'] });
    expect(missingLibrariesMessage(missing)).toContain('apt-get install -y --no-install-recommends libgtk-3-0 libnss3');
  });
  it('are none when ldd finds all', () => expect(missingLibrariesMessage(missingIn('\tlibm.so.6 => /lib/libm.so.6\n'))).toBeUndefined());
});

describe('a reason', () => {
  it('contains what fetch hides in its cause', () => {
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND example.org'), { code: 'ENOTFOUND' });
    expect(reasonOf(new Error('fetch failed', { cause }))).toBe('fetch failed: getaddrinfo ENOTFOUND example.org');
  });
});
