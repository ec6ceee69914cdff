// What the benches that start the app share: a copy of the built app that no other build changes meanwhile.

import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { freshBuild } from '../../build/kit/freshBuild';
import { REPOSITORY } from '../../build/kit/run';

/** Builds what is stale and copies the built app into `folder`. Throws when the build fails. */
export async function copyApp(folder: string): Promise<void> {
  if (!(await freshBuild('app'))) throw new Error('the build failed');
  await cp(join(REPOSITORY, 'out'), join(folder, 'out'), { recursive: true });
  await cp(join(REPOSITORY, 'package.json'), join(folder, 'package.json'));
}
