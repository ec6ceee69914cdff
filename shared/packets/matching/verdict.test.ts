import { describe, expect, it } from 'vitest';
import { combine, fillRows, invert, not, packRows, VERDICT, verdictAt, wordOf, type VerdictWords } from './verdict';
import { wordsOf } from './words';

const ALL = [VERDICT.yes, VERDICT.no, VERDICT.maybe];
const ROWS = 64;
const rowsOf = (words: VerdictWords): number[] => Array.from({ length: ROWS }, (_, row) => verdictAt(words, row));

describe('verdicts of many rows', () => {
  it('are the same for the rows that are asked, and as they were for the others', () => {
    for (let from = 0; from <= ROWS; from++) for (let to = from; to <= ROWS; to++) {
      const words = new Int32Array(ROWS / 16).fill(wordOf(VERDICT.maybe));
      fillRows(words, VERDICT.no, from, to);
      expect(rowsOf(words)).toEqual(Array.from({ length: ROWS }, (_, row) => (row >= from && row < to ? VERDICT.no : VERDICT.maybe)));
    }
  });

  it('are packed from a byte each', () => {
    const bytes = Uint8Array.from({ length: ROWS }, (_, row) => ALL[(row * row) % 3] ?? 0);
    const words = new Int32Array(ROWS / 16);
    packRows(bytes, 16, 48, words);
    expect(rowsOf(words)).toEqual(Array.from(bytes, (verdict, row) => (row >= 16 && row < 48 ? verdict : 0)));
  });

  it.each([
    ['and', (a: boolean, b: boolean) => a && b], ['or', (a: boolean, b: boolean) => a || b], ['xor', (a: boolean, b: boolean) => a !== b],
  ] as const)('are joined by %s as all that they may stand for, sixteen a word and one a byte', (type, logic) => {
    const meant = (verdict: number): boolean[] => [...((verdict & VERDICT.yes) === 0 ? [] : [true]), ...((verdict & VERDICT.no) === 0 ? [] : [false])];
    for (const a of ALL) for (const b of ALL) {
      const expected = meant(a).flatMap((one) => meant(b).map((other) => (logic(one, other) ? VERDICT.yes : VERDICT.no))).reduce((all, one) => all | one, 0);
      const words = Int32Array.of(wordOf(a));
      combine(type, words, Int32Array.of(wordOf(b)));
      expect(words[0]).toBe(wordOf(expected));
      const bytes = new Uint8Array(4).fill(a);
      combine(type, wordsOf(bytes), wordsOf(new Uint8Array(4).fill(b)));
      expect([...bytes]).toEqual(Array.from({ length: 4 }, () => expected));
    }
  });

  it('are turned round, and what may be stays so', () => {
    for (const one of ALL) {
      const words = Int32Array.of(wordOf(one));
      invert(words);
      expect(words[0]).toBe(wordOf(not(one)));
    }
  });
});
