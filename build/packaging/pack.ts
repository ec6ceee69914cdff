// Packs the built app with an Electron into a folder that runs by itself (electron-builder's `dir`), or into the installers of macOS
// and Windows. Works on a copy of the runtime without the development app that a runtime may carry.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, DIR_TARGET, Platform } from 'electron-builder';
import type { Runtime } from '../electron-runtime/runtime';
import { REPOSITORY } from '../kit/run';
import { builderConfig } from './builderConfig';
import { writeNotices } from './notices';

export interface Packed {
  /** Folder that runs by itself. */
  readonly folder: string;
  readonly executable: string;
}

/** Packs out/ with `runtime` into `output`. `installers`: also those of this system that electron-builder makes. Throws with its reason. */
export async function pack(runtime: Runtime, output: string, installers = false): Promise<Packed> {
  const scratch = await mkdtemp(join(tmpdir(), 'looplab-pack-'));
  try {
    const electronDist = join(scratch, 'electron');
    const extra = join(scratch, 'extra');
    await cleanCopy(runtime.dist, electronDist);
    await writeNotices(extra);
    const platform = Platform.current();
    await build({
      projectDir: REPOSITORY,
      targets: installers && process.platform !== 'linux' ? platform.createTarget() : platform.createTarget(DIR_TARGET),
      config: builderConfig(runtime, electronDist, output, extra),
      publish: 'never',
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return packedIn(output);
}

async function cleanCopy(dist: string, copy: string): Promise<void> {
  await cp(dist, copy, { recursive: true, verbatimSymlinks: true });
  for (const left of ['resources/app', 'resources/default_app.asar', 'resources/app-update.yml']) await rm(join(copy, left), { recursive: true, force: true });
}

function packedIn(output: string): Packed {
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
  switch (process.platform) {
    case 'darwin':
      return { folder: join(output, `mac${arch}`), executable: join(output, `mac${arch}`, 'Looplab.app/Contents/MacOS/Looplab') };
    case 'win32':
      return { folder: join(output, `win${arch}-unpacked`), executable: join(output, `win${arch}-unpacked`, 'Looplab.exe') };
    default:
      return { folder: join(output, `linux${arch}-unpacked`), executable: join(output, `linux${arch}-unpacked`, 'looplab') };
  }
}
