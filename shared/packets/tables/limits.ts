// How many rows a table of conversations or endpoints has at most: each is an object for the page, and of five million packets there are a hundred
// thousand, which would stop the window for as long as a minute; and of how many packets each is looked into to count it. Read by the session, which
// leaves out the rest, and by the page, which says so.

/** Packets that are dissected to tell their protocols; of more, the columns tell. */
export const MOST_DISSECTED = 30_000;

/** The largest are kept. */
export const MOST_TABLE_ROWS = 10_000;

/** At most `most` of the rows (never more than MOST_TABLE_ROWS), the largest by `sizeOf` (of equal ones the earlier), in the order in which they came. */
export function largestRows<T>(rows: readonly T[], sizeOf: (row: T) => number, most = MOST_TABLE_ROWS): readonly T[] {
  const kept = Math.min(most, MOST_TABLE_ROWS);
  if (rows.length <= kept) return rows;
  const sizes = Float64Array.from(rows, sizeOf);
  const least = sizes.slice().sort()[rows.length - kept] ?? 0;
  const greater = sizes.reduce((count, size) => count + (size > least ? 1 : 0), 0);
  let equal = kept - greater;
  return rows.filter((_, at) => (sizes[at] ?? 0) > least || (sizes[at] === least && equal-- > 0));
}
