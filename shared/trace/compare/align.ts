// Which items of two sequences correspond: a longest common subsequence (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986),
// with a bound. Where the sequences differ too much, the best way so far is kept and the search begins anew behind it.

/** Pairs [place in a, place in b] of equal items, ascending in both. `most`: differences before it begins anew. */
export function align(a: readonly string[], b: readonly string[], most: number): [number, number][] {
  const ids = new Map<string, number>();
  const idOf = (key: string): number => {
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, ids.size);
    return ids.size - 1;
  };
  const left = Int32Array.from(a, idOf);
  const right = Int32Array.from(b, idOf);
  const pairs: [number, number][] = [];
  let [x, y] = [0, 0];
  while (x < left.length && y < right.length) {
    const part = search(left.subarray(x), right.subarray(y), most);
    for (const [i, j] of part.pairs) pairs.push([x + i, y + j]);
    x += part.x;
    y += part.y;
  }
  return pairs;
}

interface Part {
  readonly pairs: readonly [number, number][];
  /** How far it has come; at least one step in one of them. */
  readonly x: number;
  readonly y: number;
}

function search(a: Int32Array, b: Int32Array, most: number): Part {
  const bound = Math.min(a.length + b.length, most);
  const offset = bound + 1;
  /** Of each diagonal x - y, the furthest x. */
  let ends = new Int32Array(2 * bound + 3);
  const steps: Int32Array[] = [];
  for (let d = 0; d <= bound; d++) {
    steps.push(ends);
    ends = ends.slice();
    for (let k = -d; k <= d; k += 2) {
      let x = fromAbove(ends, offset, k, d) ? (ends[offset + k + 1] ?? 0) : (ends[offset + k - 1] ?? 0) + 1;
      // Beyond an edge of the table there is nothing: such a way ends where it is.
      if (x > a.length || x - k > b.length) {
        ends[offset + k] = Math.min(x, a.length);
        continue;
      }
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      ends[offset + k] = x;
      if (x >= a.length && x - k >= b.length) return traced(steps, offset, d, k, x);
    }
  }
  let [best, furthest] = [0, -1];
  for (let k = -bound; k <= bound; k += 2) {
    const x = ends[offset + k] ?? 0;
    if (x <= a.length && x - k <= b.length && x - k >= 0 && 2 * x - k > furthest) [best, furthest] = [k, 2 * x - k];
  }
  return traced(steps, offset, bound, best, ends[offset + best] ?? 0);
}

const fromAbove = (ends: Int32Array, offset: number, k: number, d: number): boolean => k === -d || (k !== d && (ends[offset + k - 1] ?? 0) < (ends[offset + k + 1] ?? 0));

/** The way back from (x, x - k), reached with d differences. */
function traced(steps: readonly Int32Array[], offset: number, d: number, k: number, x: number): Part {
  const pairs: [number, number][] = [];
  const end = { x, y: x - k };
  for (let depth = d; depth > 0; depth--) {
    const before = steps[depth] ?? new Int32Array(0);
    const above = fromAbove(before, offset, k, depth);
    const previous = above ? k + 1 : k - 1;
    const start = before[offset + previous] ?? 0;
    const entered = above ? start : start + 1;
    for (; x > entered; x--) pairs.push([x - 1, x - 1 - k]);
    x = start;
    k = previous;
  }
  for (; x > 0; x--) pairs.push([x - 1, x - 1]);
  return { pairs: pairs.reverse(), x: end.x, y: end.y };
}
