// The matchers of a lab's steps and predictions, each with its place in the manifest: what is looked for, and which display filters are asked.

import type { Condition, Matcher, Quantity } from '../trace/match';
import type { LabManifest } from './manifest';

interface PlacedMatcher {
  /** 'step "accept"', 'predict "received" option "all"' */
  readonly where: string;
  readonly matcher: Matcher;
}

export function matchersOf({ steps, predictions }: Pick<LabManifest, 'steps' | 'predictions'>): PlacedMatcher[] {
  return [
    ...steps.map(({ id, match }): PlacedMatcher => ({ where: `step "${id}"`, matcher: match })),
    ...predictions.flatMap(({ id, options }) => options.flatMap((option) => ofCondition(option.when).map((matcher): PlacedMatcher => ({ where: `predict "${id}" option "${option.id}"`, matcher })))),
  ];
}

/** The display filters of a lab, each once. */
export const filtersOf = (manifest: Pick<LabManifest, 'steps' | 'predictions'>): string[] => [...new Set(matchersOf(manifest).flatMap(({ matcher: { filter } }) => filter ?? []))];

function ofCondition(condition: Condition): readonly Matcher[] {
  if ('exists' in condition) return [condition.exists];
  if ('not' in condition) return ofCondition(condition.not);
  if ('all' in condition) return condition.all.flatMap(ofCondition);
  if ('any' in condition) return condition.any.flatMap(ofCondition);
  if ('before' in condition) return condition.before;
  return 'compare' in condition ? [...ofQuantity(condition.left), ...ofQuantity(condition.right)] : [];
}

function ofQuantity(given: Quantity): readonly Matcher[] {
  if (typeof given === 'number') return [];
  if ('times' in given) return ofQuantity(given.what);
  if ('number' in given) return [given.of];
  if ('taken' in given) return [given.taken, given.until];
  return ['count' in given ? given.count : given.bytes];
}
