// Where the rows of a code list are: all of one height, so that those in view follow by division and a run of a million calls scrolls as
// one of ten (unequal rows: renderer/ui/virtualRows.ts). Pure.

import type { Language } from '../../../shared/trace/spell/spell';

/** px of a line of code, and above and below it, at text scale 1. */
const LINE = 17;
const PAD = 6;
const SPARE = 4;

/** True where a narrow column has the result on a line of its own: Python's lines are short enough to leave it room. */
export const resultBelow = (language: Language, narrow: boolean): boolean => narrow && language !== 'python';

/** C takes two lines for a call with an address. */
export const rowHeight = (language: Language, narrow: boolean, scale = 1): number => Math.round(((language === 'c' ? 2 : 1) + (resultBelow(language, narrow) ? 1 : 0)) * LINE * scale + PAD);

/** Rows `from` up to, not including, `to` that are in view, and a few more. */
export function rowsInView(count: number, row: number, top: number, height: number): { readonly from: number; readonly to: number } {
  const to = Math.min(Math.ceil((top + height) / row) + SPARE, count);
  return { from: Math.min(Math.max(Math.floor(top / row) - SPARE, 0), to), to };
}

/** Where to scroll to so that a row is seen whole; where it is when it is seen already. */
export function scrollTo(index: number, row: number, top: number, height: number): number {
  if (index * row < top) return index * row;
  return Math.max(Math.min(top, index * row), (index + 1) * row - height);
}
