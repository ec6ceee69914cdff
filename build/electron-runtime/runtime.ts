// What an Electron on this machine is: a folder (dist) with an executable and a version file. Where the other files of this folder
// find or make one, they hand it over in this form. Knows the layout of the three platforms, starts nothing.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type RuntimeSource = 'override' | 'installed' | 'cache' | 'download' | 'npm';

export interface Runtime {
  /** Folder that holds the executable; what electron-builder calls electronDist. */
  readonly dist: string;
  readonly executable: string;
  /** Electron's version without 'v', '' when the folder has no version file. */
  readonly version: string;
  readonly source: RuntimeSource;
}

/** Path of the executable inside a dist folder, as Electron's own path.txt has it. Throws on a platform without Electron builds. */
export function executableInDist(platform: NodeJS.Platform = process.platform): string {
  switch (platform) {
    case 'darwin':
      return 'Electron.app/Contents/MacOS/Electron';
    case 'win32':
      return 'electron.exe';
    case 'linux':
    case 'freebsd':
    case 'openbsd':
      return 'electron';
    default:
      throw new Error(`There are no Electron builds for ${platform}.`);
  }
}

/** The Electron in a folder, or undefined when there is no executable in it. */
export function runtimeInFolder(dist: string, source: RuntimeSource, platform: NodeJS.Platform = process.platform): Runtime | undefined {
  const executable = join(dist, executableInDist(platform));
  if (!existsSync(executable)) return undefined;
  const versionFile = join(dist, 'version');
  const version = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : '';
  return { dist, executable, version, source };
}
