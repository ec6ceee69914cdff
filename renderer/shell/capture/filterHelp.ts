// What the filter bar needs of the filter language: errors with their places, and what may be typed next, in the page's words.

import type { FilterError } from '../../../shared/filter/filter';
import { parseFilter } from '../../../shared/filter/parse';
import type { Suggestion } from '../../views/packets/suggestions';

/** What is wrong with a filter; null: nothing. */
export function checkFilter(text: string): FilterError | null {
  const parsed = parseFilter(text);
  return 'error' in parsed ? parsed.error : null;
}

export const suggestFilter = (_text: string, _at: number): readonly Suggestion[] => [];
