// The labs as the page gets them. Manifests and lessons are data of the build, so Home need not wait for the engine's thread; they are
// loaded when the page asks, so that the window opens first.

import { encodeBundles } from '../shared/lab/bundle';

/** JSON of all LabBundles (shared/lab/bundle.ts). */
export async function labList(): Promise<string> {
  const { bundlesOf, discoverLabs } = await import('./runtime/discovery');
  return encodeBundles(bundlesOf(discoverLabs()));
}
