// The labs as the page gets them. Manifests and lessons are data of the build, so Home waits neither for the engine's thread nor for the
// labs' code; they are loaded when the page asks, so that the window opens first.

import { encodeBundles } from '../shared/lab/bundle';

/** JSON of all LabBundles (shared/lab/bundle.ts). */
export async function labList(): Promise<string> {
  const { discoverBundles } = await import('./runtime/bundles');
  return encodeBundles(discoverBundles());
}
