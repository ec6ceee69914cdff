// Which rows of a long list are on screen, for rows of unequal height, and how to scroll so that one is. Pure; the list draws them.

/** Tops of the rows, and after the last one the height of all. */
export function rowTops(heights: readonly number[]): Float64Array {
  const tops = new Float64Array(heights.length + 1);
  heights.forEach((height, row) => (tops[row + 1] = (tops[row] ?? 0) + height));
  return tops;
}

/** Rows `from` up to, not including, `to` that lie between `top` and `top + height`, and `spare` more on either side. */
export function rowsWithin(tops: Float64Array, top: number, height: number, spare = 3): { readonly from: number; readonly to: number } {
  const count = tops.length - 1;
  const rowAt = (y: number): number => {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((tops[middle + 1] ?? 0) <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { from: Math.max(rowAt(top) - spare, 0), to: Math.min(rowAt(top + height) + 1 + spare, count) };
}

/** Where to scroll to so that a row is seen whole; where it is when it is seen already. `head`: px above the rows that cover them. */
export function scrollToRow(tops: Float64Array, row: number, scrollTop: number, height: number, head = 0): number {
  const [top, bottom] = [tops[row] ?? 0, tops[row + 1] ?? 0];
  if (top < scrollTop) return top;
  return bottom > scrollTop + height - head ? bottom - height + head : scrollTop;
}
