// A lab as it crosses to the page: its manifest and its lessons, as JSON. Ids are chosen by lab authors, so lessons have Maps; on the way
// they are lists of pairs. Read back by name, not by looking at every value: Home waits for it.

import type { Lesson, Locale } from './lesson';
import type { LabManifest } from './manifest';

export interface LabBundle {
  readonly manifest: LabManifest;
  readonly lessons: ReadonlyMap<Locale, Lesson>;
}

type Pairs<T> = readonly (readonly [string, T])[];

/** What crosses: T with pairs in place of Maps. */
type Sent<T> = { readonly [K in keyof T]: T[K] extends ReadonlyMap<infer _Id, infer V> ? Pairs<Sent<V>> : T[K] };

export const encodeBundles = (bundles: readonly LabBundle[]): string => JSON.stringify(bundles, (_key, given: unknown) => (given instanceof Map ? [...given] : given));

export function decodeBundles(text: string): LabBundle[] {
  const sent = JSON.parse(text) as readonly { readonly manifest: LabManifest; readonly lessons: readonly (readonly [Locale, Sent<Lesson>])[] }[];
  return sent.map(({ manifest, lessons }) => ({ manifest, lessons: new Map(lessons.map(([locale, lesson]) => [locale, lessonOf(lesson)])) }));
}

const lessonOf = (sent: Sent<Lesson>): Lesson => ({
  ...sent,
  hosts: new Map(sent.hosts),
  roles: new Map(sent.roles),
  steps: new Map(sent.steps),
  predictions: mapOf(sent.predictions, (one) => ({ ...one, options: new Map(one.options) })),
  parameters: mapOf(sent.parameters, (one) => ({ ...one, options: new Map(one.options) })),
  actions: mapOf(sent.actions, (one) => ({ ...one, arguments: new Map(one.arguments) })),
  tryIt: new Map(sent.tryIt),
});

const mapOf = <S, T>(pairs: Pairs<S>, back: (one: S) => T): Map<string, T> => new Map(pairs.map(([id, one]) => [id, back(one)]));
