// The official Electron of the version in package.json, through @electron/get: its mirrors, its cache, its checksums. Adds what it lacks
// here: the wait is bounded (first byte and every pause), and the result goes to a folder of ours, so node_modules stays untouched.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzip } from '../kit/unzip';

const STALL_MS = 60_000;
const SAY_EVERY_MS = 5_000;

interface Progress {
  readonly transferred: number;
  readonly total: number | null;
}
interface ElectronGet {
  downloadArtifact(details: {
    version: string; artifactName: string; platform: string; arch: string; cacheRoot?: string; checksums: Record<string, string>;
    downloadOptions: { signal: AbortSignal; quiet: boolean; getProgressCallback: (progress: Progress) => Promise<void> };
  }): Promise<string>;
}

export interface ElectronPackage {
  readonly folder: string;
  readonly version: string;
}

const require = createRequire(import.meta.url);

/** The installed `electron` npm package. Throws when `npm ci` was not run. */
export function electronPackage(): ElectronPackage {
  const file = require.resolve('electron/package.json');
  const { version } = require(file) as { version: string };
  return { folder: join(file, '..'), version };
}

export const officialKey = (version: string): string => `electron-v${version}-${process.platform}-${process.arch}`;

/** Downloads and unpacks into `scratch`; returns the dist folder. Throws with the network's own reason, or after 60 s without a byte. */
export async function electronFromOfficial(scratch: string, electron: ElectronPackage, say: (line: string) => void): Promise<string> {
  const fromElectron = createRequire(join(electron.folder, 'package.json'));
  const { downloadArtifact } = (await import(pathToFileURL(fromElectron.resolve('@electron/get')).href)) as ElectronGet;
  const abort = new AbortController();
  const stalled = (): void => abort.abort(new Error(`no byte for ${STALL_MS / 1000} s`));
  let watchdog = setTimeout(stalled, STALL_MS);
  let saidAt = Date.now();
  say(`downloading Electron ${electron.version}`);
  const cacheRoot = process.env['electron_config_cache'];
  try {
    const archive = await downloadArtifact({
      version: electron.version,
      artifactName: 'electron',
      platform: process.platform,
      arch: process.arch,
      checksums: fromElectron('./checksums.json') as Record<string, string>,
      ...(cacheRoot === undefined ? {} : { cacheRoot }),
      downloadOptions: {
        signal: abort.signal,
        quiet: true,
        getProgressCallback: async ({ transferred, total }) => {
          clearTimeout(watchdog);
          watchdog = setTimeout(stalled, STALL_MS);
          if (Date.now() - saidAt < SAY_EVERY_MS) return;
          saidAt = Date.now();
          say(`downloading Electron ${electron.version}: ${megabytes(transferred)}${total === null ? '' : ` of ${megabytes(total)}`}`);
        },
      },
    });
    clearTimeout(watchdog);
    say('unpacking');
    const dist = join(scratch, 'dist');
    await unzip(archive, dist);
    return dist;
  } finally {
    clearTimeout(watchdog);
  }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
