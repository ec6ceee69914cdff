// Which shared libraries an Electron needs and this Linux lacks, named as Debian packages with the command that installs them. Reads
// `ldd`; on other systems, and where there is no ldd, nothing is missing.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Debian's package for each library of Electron that a bare installation lacks (bookworm; trixie and Ubuntu 24.04 add t64 and accept these). */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  'libnss3.so': 'libnss3', 'libnssutil3.so': 'libnss3', 'libsmime3.so': 'libnss3', 'libnspr4.so': 'libnspr4',
  'libatk-1.0.so.0': 'libatk1.0-0', 'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0', 'libatspi.so.0': 'libatspi2.0-0',
  'libcups.so.2': 'libcups2', 'libdrm.so.2': 'libdrm2', 'libgbm.so.1': 'libgbm1', 'libasound.so.2': 'libasound2',
  'libgtk-3.so.0': 'libgtk-3-0', 'libgdk-3.so.0': 'libgtk-3-0', 'libgdk_pixbuf-2.0.so.0': 'libgdk-pixbuf-2.0-0',
  'libpango-1.0.so.0': 'libpango-1.0-0', 'libcairo.so.2': 'libcairo2', 'libcairo-gobject.so.2': 'libcairo-gobject2',
  'libglib-2.0.so.0': 'libglib2.0-0', 'libgobject-2.0.so.0': 'libglib2.0-0', 'libgio-2.0.so.0': 'libglib2.0-0', 'libgmodule-2.0.so.0': 'libglib2.0-0',
  'libX11.so.6': 'libx11-6', 'libxcb.so.1': 'libxcb1', 'libXcomposite.so.1': 'libxcomposite1', 'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6', 'libXfixes.so.3': 'libxfixes3', 'libXrandr.so.2': 'libxrandr2', 'libxkbcommon.so.0': 'libxkbcommon0',
  'libdbus-1.so.3': 'libdbus-1-3', 'libexpat.so.1': 'libexpat1', 'libudev.so.1': 'libudev1',
};

export interface MissingLibraries {
  readonly libraries: readonly string[];
  readonly packages: readonly string[];
}

/** Libraries that `ldd` does not find for the executable; both lists empty when it runs. */
export async function missingLibraries(executable: string): Promise<MissingLibraries> {
  if (process.platform !== 'linux') return { libraries: [], packages: [] };
  const { stdout } = await promisify(execFile)('ldd', [executable], { env: { ...process.env, LC_ALL: 'C' } }).catch(() => ({ stdout: '' }));
  return missingIn(stdout);
}

/** The same for what ldd printed. */
export function missingIn(lddOutput: string): MissingLibraries {
  const libraries = [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name ?? '');
  const packages = libraries.flatMap((name) => PACKAGE_OF[name] ?? []);
  return { libraries: [...new Set(libraries)], packages: [...new Set(packages)].sort() };
}

/** What to tell the person, or undefined when nothing is missing. */
export function missingLibrariesMessage({ libraries, packages }: MissingLibraries): string | undefined {
  if (libraries.length === 0) return undefined;
  const command = packages.length > 0 ? `On Debian or Ubuntu:\n  ${aptCommand(packages)}` : 'Install the packages of your system that hold them.';
  return `Electron needs shared libraries that this system lacks: ${libraries.join(', ')}.\n${command}`;
}

/** The apt command for packages, with sudo unless root. */
export function aptCommand(packages: readonly string[]): string {
  const prefix = process.getuid?.() === 0 ? '' : 'sudo ';
  return `${prefix}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}
