// Licences of what the product carries: ours, and those of every npm package that the build bundles, in one text beside the program.
// Electron's and Chromium's own licence files come with Electron.

import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../kit/run';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean; readonly version?: string; readonly license?: string }>>;
}

/** Writes LICENSE.txt and THIRD_PARTY_LICENSES.txt into `folder`. Returns the names of the packages that are listed. */
export async function writeNotices(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  await copyFile(join(REPOSITORY, 'LICENSE'), join(folder, 'LICENSE.txt'));
  const lock = JSON.parse(await readFile(join(REPOSITORY, 'package-lock.json'), 'utf8')) as Lock;
  const listed: string[] = [];
  const parts: string[] = ['Looplab contains the following packages.'];
  for (const [path, { dev, devOptional, version, license }] of Object.entries(lock.packages)) {
    if (path === '' || dev === true || devOptional === true) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const text = await licenceText(join(REPOSITORY, path));
    if (text === undefined && license === undefined) continue;
    listed.push(name);
    parts.push(`${'='.repeat(78)}\n${name} ${version ?? ''} (${license ?? 'see below'})\n\n${text?.trim() ?? 'The package carries no licence file.'}`);
  }
  await writeFile(join(folder, 'THIRD_PARTY_LICENSES.txt'), `${parts.join('\n\n')}\n`);
  return listed;
}

async function licenceText(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  const file = names.find((name) => /^(licen[cs]e|copying|ofl)(\.|-|$)/i.test(name));
  return file === undefined ? undefined : readFile(join(folder, file), 'utf8');
}
