// What the filter bar needs of the filter language: errors with their places, and what may be typed next, in the page's words.

import type { FilterError } from '../../../shared/filter/filter';
import type { Suggestion } from '../../views/packets/suggestions';

export const checkFilter = (_text: string): FilterError | null => null;
export const suggestFilter = (_text: string, _at: number): readonly Suggestion[] => [];
