// Three answers to a filter. A table has a byte for each; of a chunk's packets sixteen are in a word, two bits each, the first one lowest: a million answers
// are a quarter of a megabyte, and logic on columns of them takes sixteen packets at a step. 'maybe': only the packet's bytes can tell.

import { never } from '../../base/assert';
import { CHUNK } from '../packetTable';
import { wordsOf } from './words';

/** Bits: it may fit, it may not. */
export const VERDICT = { yes: 1, no: 2, maybe: 3 } as const;
/** One a byte. */
export type Verdicts = Uint8Array<ArrayBuffer>;
/** Sixteen a word. */
export type VerdictWords = Int32Array<ArrayBuffer>;

/** Rows of a word are 1 << WORD_BITS; a row's place in its word is in these bits. */
export const WORD_BITS = 4;
export const IN_WORD = (1 << WORD_BITS) - 1;

/** For loops over a chunk that write a byte a row, before packRows. */
export const rowBytes: Verdicts = new Uint8Array(CHUNK);

const FITS = 0x5555_5555;
const FAILS = 0xaaaa_aaaa;

export const not = (verdict: number): number => ((verdict & 1) << 1) | (verdict >> 1);
/** Sixteen times the same. */
export const wordOf = (verdict: number): number => (verdict * FITS) | 0;
export const verdictAt = (words: VerdictWords, row: number): number => ((words[row >> WORD_BITS] ?? 0) >>> ((row & IN_WORD) * 2)) & VERDICT.maybe;

/** The same for all rows from..to-1. */
export function fillRows(words: VerdictWords, verdict: number, from: number, to: number): void {
  const set = (row: number): void => {
    const shift = (row & IN_WORD) * 2;
    words[row >> WORD_BITS] = ((words[row >> WORD_BITS] ?? 0) & ~(VERDICT.maybe << shift)) | (verdict << shift);
  };
  let row = from;
  for (; row < to && (row & IN_WORD) !== 0; row++) set(row);
  if (row < to) words.fill(wordOf(verdict), row >> WORD_BITS, to >> WORD_BITS);
  for (row = Math.max(row, to & ~IN_WORD); row < to; row++) set(row);
}

/** What loops wrote a byte a row. Rows from..to-1 are multiples of sixteen. */
export function packRows(verdicts: Verdicts, from: number, to: number, words: VerdictWords): void {
  const fours = wordsOf(verdicts);
  for (let four = from >> 2; four < to >> 2; four += 4) words[four >> 2] = packed(fours[four] ?? 0) | (packed(fours[four + 1] ?? 0) << 8) | (packed(fours[four + 2] ?? 0) << 16) | (packed(fours[four + 3] ?? 0) << 24);
}

/** Four bytes as one. */
const packed = (four: number): number => (four | (four >>> 6) | (four >>> 12) | (four >>> 18)) & 0xff;

/** Combines `right` into `left`, which is as long; words of tables too. */
export function combine(type: 'and' | 'or' | 'xor', left: Int32Array, right: Int32Array): void {
  switch (type) {
    case 'and':
      for (let i = 0; i < left.length; i++) {
        const a = left[i] ?? 0;
        const b = right[i] ?? 0;
        left[i] = (a & b & FITS) | ((a | b) & FAILS);
      }
      return;
    case 'or':
      for (let i = 0; i < left.length; i++) {
        const a = left[i] ?? 0;
        const b = right[i] ?? 0;
        left[i] = ((a | b) & FITS) | (a & b & FAILS);
      }
      return;
    case 'xor':
      for (let i = 0; i < left.length; i++) {
        const a = left[i] ?? 0;
        const b = right[i] ?? 0;
        // It fits when one does and the other does not.
        const fits = ((a & (b >>> 1)) | (b & (a >>> 1))) & FITS;
        const fails = (((a & b) & FITS) << 1) | (a & b & FAILS);
        left[i] = fits | fails;
      }
      return;
    default: return never(type);
  }
}

export function invert(words: Int32Array): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0;
    words[i] = ((word & FITS) << 1) | ((word & FAILS) >>> 1);
  }
}
