// What the filter bar needs of the filter language: errors with their places, and what may be typed next.

import { completions } from '../../../shared/filter/completions';
import type { FilterError } from '../../../shared/filter/filter';
import { parseFilter } from '../../../shared/filter/parse';
import type { Suggestion } from '../../views/packets/suggestions';

/** What is wrong with a filter; null: nothing. */
export function checkFilter(text: string): FilterError | null {
  const parsed = parseFilter(text);
  return 'error' in parsed ? parsed.error : null;
}

/** What may stand at `at`: fields by name, after a field its operators, after a test what joins tests. `about` says what a field is. */
export function suggestFilter(text: string, at: number, about: (field: string) => string): readonly Suggestion[] {
  const { from, to, items } = completions(text, at);
  const word = text.slice(from, to);
  // A name that is whole and leads to no other needs no help, and neither does an empty place where a test begins.
  if ((items.length === 1 && items[0]?.text === word) || (word === '' && items.some(({ kind }) => kind === 'protocol'))) return [];
  return items.map((one) => {
    const named = one.kind === 'field' || one.kind === 'protocol';
    return { text: named || one.kind === 'function' ? one.text : `${one.text} `, from, to, about: named ? about(one.text) : one.kind === 'value' ? one.detail : '' };
  });
}
