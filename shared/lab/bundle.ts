// A lab as it crosses to the page: its manifest and its lessons, as JSON.

import type { Lesson, Locale } from './lesson';
import type { LabManifest } from './manifest';

export interface LabBundle {
  readonly manifest: LabManifest;
  readonly lessons: ReadonlyMap<Locale, Lesson>;
}

/** Maps become {"$map": [[key, value], ...]}: keys are ids chosen by lab authors, never object properties. */
export const encodeBundles = (bundles: readonly LabBundle[]): string =>
  JSON.stringify(bundles, (_key, given: unknown) => (given instanceof Map ? { $map: [...given] } : given));

export const decodeBundles = (text: string): LabBundle[] =>
  JSON.parse(text, (_key, given: unknown) =>
    typeof given === 'object' && given !== null && '$map' in given ? new Map((given as { $map: [unknown, unknown][] }).$map) : given,
  ) as LabBundle[];
