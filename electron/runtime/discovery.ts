// The labs with the code that runs: each lab.ts of electron/labs with what its folder says of itself (bundles.ts). A glob, resolved by the
// bundler: adding a lab edits no list.

import type { LabBundle } from '../../shared/lab/bundle';
import { checkMatchers } from '../../shared/lab/checkMatchers';
import type { Lesson, Locale } from '../../shared/lab/lesson';
import type { Lab } from '../roles/lab';
import { discoverBundles, folderOf, type BundleOptions } from './bundles';

export interface FoundLab {
  readonly lab: Lab;
  readonly lessons: ReadonlyMap<Locale, Lesson>;
}

const CODE = import.meta.glob<Lab>('../labs/*/lab.ts', { eager: true, import: 'default' });

/** All labs, in the order of their groups. Throws on a lab whose folder is not in order: a mistake of its author. */
export const discoverLabs = (options: BundleOptions = {}): FoundLab[] => collectLabs(CODE, discoverBundles(options));

/** Each bundle with its code. Throws on a lab whose steps or predictions ask for nothing that can be found, or by a filter that is none. A lab.ts whose manifest is not that of a manifest.ts could never be chosen. */
export function collectLabs(code: Readonly<Record<string, Lab>>, bundles: readonly LabBundle[]): FoundLab[] {
  const byManifest = new Map(Object.values(code).map((lab) => [lab.manifest, lab]));
  for (const [path, { manifest }] of Object.entries(code)) {
    const folder = folderOf(path);
    if (!folder.startsWith('_') && !bundles.some((bundle) => bundle.manifest === manifest)) throw new Error(`electron/labs/${folder}: the lab's manifest is not that of its manifest.ts`);
  }
  return bundles.map(({ manifest, lessons }) => {
    const lab = byManifest.get(manifest);
    if (lab === undefined) throw new Error(`electron/labs/${manifest.id}: lab.ts is missing`);
    const [wrong] = checkMatchers(manifest);
    if (wrong !== undefined) throw new Error(`electron/labs/${manifest.id}: ${wrong}`);
    return { lab, lessons };
  });
}

export const bundlesOf = (labs: readonly FoundLab[]): LabBundle[] => labs.map(({ lab, lessons }) => ({ manifest: lab.manifest, lessons }));
