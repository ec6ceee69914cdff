// Plural forms for vue-i18n: which of `one | few | many` a number takes.

/** Index of the Russian form for `count` among `forms` (3: one | few | many; 4: zero | one | few | many). CLDR cardinal rules. */
export function russianPlural(count: number, forms: number): number {
  const shift = forms > 3 ? 1 : 0;
  if (shift === 1 && count === 0) return 0;
  const n = Math.abs(count);
  if (!Number.isInteger(n)) return Math.min(shift + 1, forms - 1);
  const tens = n % 100;
  const ones = n % 10;
  const teen = tens > 10 && tens < 20;
  const form = !teen && ones === 1 ? 0 : !teen && ones >= 2 && ones <= 4 ? 1 : 2;
  return Math.min(shift + form, forms - 1);
}
