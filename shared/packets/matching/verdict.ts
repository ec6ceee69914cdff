// Three answers to a filter, a byte each, and logic on whole columns of them, four packets at a step. 'maybe': only the packet's bytes can tell.

import { never } from '../../base/assert';

/** Bits: it may fit, it may not. */
export const VERDICT = { yes: 1, no: 2, maybe: 3 } as const;
export type Verdicts = Uint8Array<ArrayBuffer>;

const FITS = 0x0101_0101;
const FAILS = 0x0202_0202;

export const not = (verdict: number): number => ((verdict & 1) << 1) | (verdict >> 1);

/** Combines `right` into `left`. Both begin at a multiple of four and are as long, rounded up to four. */
export function combine(type: 'and' | 'or' | 'xor', left: Verdicts, right: Verdicts): void {
  const words = new Uint32Array(left.buffer, left.byteOffset, left.byteLength >> 2);
  const others = new Uint32Array(right.buffer, right.byteOffset, words.length);
  switch (type) {
    case 'and':
      for (let i = 0; i < words.length; i++) {
        const a = words[i] ?? 0;
        const b = others[i] ?? 0;
        words[i] = (a & b & FITS) | ((a | b) & FAILS);
      }
      return;
    case 'or':
      for (let i = 0; i < words.length; i++) {
        const a = words[i] ?? 0;
        const b = others[i] ?? 0;
        words[i] = ((a | b) & FITS) | (a & b & FAILS);
      }
      return;
    case 'xor':
      for (let i = 0; i < words.length; i++) {
        const a = words[i] ?? 0;
        const b = others[i] ?? 0;
        // It fits when one does and the other does not.
        const fits = ((a & (b >>> 1)) | (b & (a >>> 1))) & FITS;
        const fails = (((a & b) & FITS) << 1) | (a & b & FAILS);
        words[i] = fits | fails;
      }
      return;
    default: return never(type);
  }
}

export function invert(verdicts: Verdicts): void {
  const words = new Uint32Array(verdicts.buffer, verdicts.byteOffset, verdicts.byteLength >> 2);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0;
    words[i] = ((word & FITS) << 1) | ((word & FAILS) >>> 1);
  }
}
