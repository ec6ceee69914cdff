// Text for terminals: how many columns it takes, cutting and padding to columns, and making what came from the wire harmless.

/** Characters of no width (marks) and of two columns (Hangul, Han, kana, wide forms, emoji), as terminals draw them (UAX #11). */
const MARK = /\p{M}/u;
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const ASCII = /^[\x20-\x7e]*$/;

const charWidth = (char: string): number => (MARK.test(char) ? 0 : WIDE.test(char) ? 2 : 1);

/** Columns that a printable text takes. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** At most `columns` columns of it, with … for what is cut off. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let width = 0;
  let kept = '';
  for (const char of text) {
    const next = charWidth(char);
    if (width + next > columns - 1) break;
    width += next;
    kept += char;
  }
  return columns > 0 ? `${kept}…` : '';
}

export const pad = (text: string, columns: number): string => `${text}${' '.repeat(Math.max(columns - widthOf(text), 0))}`;

/** On one line, without control, formatting and bidi characters: each becomes its escape, so that nothing steers the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (char) => {
    const named = NAMED.get(char);
    return named ?? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

const NAMED = new Map([['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t'], ['\0', '\\0']]);
