// How wide the letters of a cell's font are, so that the packet table knows which texts are longer than their cell without asking the browser to lay
// them out. Measured once a font; as wide as letters get, while the font has not come or nothing can be drawn. Never too narrow: a text that would
// not fit must be clipped, one that would may be.

export interface Letters {
  /** px of each character below U+0080. */
  readonly plain: readonly number[];
  /** px of signs that the list's lines have. */
  readonly signs: ReadonlyMap<number, number>;
  /** px that any other character has at most. */
  readonly other: number;
}

/** Shares of the font's size: small letters, digits and signs of a font that is not there yet; capitals and wide ones; all other scripts. */
const ROUGH = { small: 0.68, large: 1.1, other: 1.5 };
const LARGE = /[A-Z%@mw]/;
const DIGITS = '0123456789';
/** px left of and right of the text of a cell, together, and what rounding needs. */
const PADDING = 18 + 1;

const known = new Map<string, Letters>();

const PLAIN = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
/** Written by the list itself; anything else comes from a packet. */
const SIGNS = '→←…·−↵';

/** Of a font of `size` px that nothing is known of. */
export const roughLetters = (size: number): Letters => ({ plain: PLAIN.map((sign) => size * (LARGE.test(sign) ? ROUGH.large : ROUGH.small)), signs: new Map(), other: size * ROUGH.other });

/** Of the font that a cell is written in. */
export function lettersOf(cell: HTMLElement): Letters {
  const { fontWeight, fontSize, fontFamily, fontVariantNumeric } = getComputedStyle(cell);
  const font = `${fontWeight} ${fontSize} ${fontFamily}`;
  const key = `${font} ${fontVariantNumeric}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const rough = roughLetters(Number.parseFloat(fontSize) || 16);
  const ruler = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('2d');
  if (ruler === null || !document.fonts.check(font)) return rough;
  ruler.font = font;
  const wide = (text: string): number => ruler.measureText(text).width;
  const plain = PLAIN.map(wide);
  if (fontVariantNumeric === 'tabular-nums') {
    const digits = [...DIGITS].map((digit) => digit.charCodeAt(0));
    const widest = Math.max(...digits.map((digit) => plain[digit] ?? 0));
    for (const digit of digits) plain[digit] = widest;
  }
  const letters = { plain, signs: new Map([...SIGNS].map((sign) => [sign.charCodeAt(0), wide(sign)])), other: rough.other };
  known.set(key, letters);
  return letters;
}

/** Whether a text is longer than its cell, px `width` with its edges. */
export function overflows(text: string, width: number, { plain, signs, other }: Letters): boolean {
  const room = width - PADDING;
  let sum = 0;
  for (let at = 0; at < text.length && sum <= room; at++) {
    const code = text.charCodeAt(at);
    sum += plain[code] ?? signs.get(code) ?? other;
  }
  return sum > room;
}
