// What the filter bar needs of the filter language: errors with their places, and what may be typed next.

import { FIELD_TYPES } from '../../../shared/codec/schema';
import type { FilterError } from '../../../shared/filter/filter';
import { parseFilter } from '../../../shared/filter/parse';
import type { Suggestion } from '../../views/packets/suggestions';

/** Names that are offered at once. */
const MOST = 40;
const OPERATORS = ['==', '!=', '>', '<', '>=', '<=', 'contains', 'matches', 'in {}'];
const JOINS = ['and', 'or'];
const NAME = /[a-z0-9_.-]*$/iu;

/** What is wrong with a filter; null: nothing. */
export function checkFilter(text: string): FilterError | null {
  const parsed = parseFilter(text);
  return 'error' in parsed ? parsed.error : null;
}

/** What may stand at `at`: fields whose names begin so (then those that have it in them), after a field its operators, after a test what joins tests. `about` says what a field is. */
export function suggestFilter(text: string, at: number, about: (field: string) => string): readonly Suggestion[] {
  const before = text.slice(0, at);
  const word = NAME.exec(before)?.[0] ?? '';
  const from = at - word.length;
  const head = before.slice(0, from).trimEnd();
  // Within a string nothing is known.
  if ((head.match(/"/gu)?.length ?? 0) % 2 === 1) return [];
  const last = /(\S+)$/u.exec(head)?.[1] ?? '';
  if (word === '' && /\s$/u.test(before) && head !== '') {
    if (FIELD_TYPES.has(last)) return [...OPERATORS, ...JOINS].map((one) => ({ text: `${one} `, from, to: at, about: '' }));
    return checkFilter(head) === null ? JOINS.map((one) => ({ text: `${one} `, from, to: at, about: '' })) : [];
  }
  if (word === '' || /[=<>]$|\b(?:contains|matches)$/u.test(head)) return [];
  const low = word.toLowerCase();
  const names = [...FIELD_TYPES.keys()];
  const found = [...names.filter((name) => name.startsWith(low)), ...(low.length < 3 ? [] : names.filter((name) => !name.startsWith(low) && name.includes(low)))].slice(0, MOST);
  // A name that is whole and leads to no other needs no help.
  return found.length === 1 && found[0] === word ? [] : found.map((name) => ({ text: name, from, to: at, about: about(name) }));
}
