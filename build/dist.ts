// `npm run dist [dir deb tar.gz zip]`: packages for this system into dist/. Linux: a Debian package and two archives, made here without
// any download. macOS and Windows: what electron-builder makes there (dmg, nsis, zip). Without words: all of them.
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { electronPackage } from './electron-runtime/official';
import { resolveRuntime } from './electron-runtime/resolve';
import { freshBuild } from './kit/freshBuild';
import { REPOSITORY } from './kit/run';
import { zipFolder } from './kit/zipFolder';
import { makeDeb, type Product } from './packaging/deb';
import { pack } from './packaging/pack';

const LINUX = ['deb', 'tar.gz', 'zip'];
process.exitCode = await dist(process.argv.slice(2));

async function dist(words: readonly string[]): Promise<number> {
  const unknown = words.filter((word) => word !== 'dir' && !LINUX.includes(word));
  if (unknown.length > 0) {
    process.stderr.write(`unknown package: ${unknown.join(', ')}; there are dir, ${LINUX.join(', ')}\n`);
    return 2;
  }
  const wanted = words.length > 0 ? words : LINUX;
  const output = join(REPOSITORY, 'dist');
  await mkdir(output, { recursive: true });
  const runtime = await resolveRuntime();
  if (runtime.version !== electronPackage().version) {
    process.stderr.write(`This packs Electron ${runtime.version}, which ran here, not ${electronPackage().version}: fine for trying, but publish from a machine that reaches the official download.\n`);
  }
  if (!(await freshBuild('app'))) return 1;
  const { folder } = await pack(runtime, output, wanted.some((word) => word !== 'dir'));
  if (process.platform !== 'linux') return 0;
  const product = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8')) as Product;
  const name = `looplab-${product.version}-linux-${process.arch}`;
  if (wanted.includes('deb')) say(await makeDeb(folder, output, product));
  if (wanted.includes('tar.gz')) say(await makeTar(folder, join(output, `${name}.tar.gz`), name));
  if (wanted.includes('zip')) {
    await zipFolder(folder, join(output, `${name}.zip`), name);
    say(join(output, `${name}.zip`));
  }
  if (wanted.includes('dir')) say(folder);
  return 0;
}

async function makeTar(folder: string, file: string, name: string): Promise<string> {
  const owner = ['--owner=0', '--group=0', '--numeric-owner'];
  await promisify(execFile)('tar', ['-czf', file, ...owner, `--transform=s,^${basename(folder)},${name},`, '-C', dirname(folder), basename(folder)]);
  return file;
}

function say(path: string): void {
  process.stdout.write(`${path}\n`);
}
