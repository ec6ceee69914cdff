// A filter's tests one by one, with three answers: what a single test says of a packet of which the columns may not tell all.

import { never } from '../../base/assert';
import type { Filter } from '../../filter/filter';
import { not, VERDICT } from './verdict';

export type Leaf = Exclude<Filter, { readonly type: 'and' | 'or' | 'xor' | 'not' }>;

/** The answer to a filter by those to its tests. */
export function verdictOf(filter: Filter, leaf: (test: Leaf) => number): number {
  switch (filter.type) {
    case 'and': {
      const [a, b] = [verdictOf(filter.left, leaf), verdictOf(filter.right, leaf)];
      return (a & b & 1) | ((a | b) & 2);
    }
    case 'or': {
      const [a, b] = [verdictOf(filter.left, leaf), verdictOf(filter.right, leaf)];
      return ((a | b) & 1) | (a & b & 2);
    }
    case 'xor': {
      const [a, b] = [verdictOf(filter.left, leaf), verdictOf(filter.right, leaf)];
      return a === VERDICT.maybe || b === VERDICT.maybe ? VERDICT.maybe : a === b ? VERDICT.no : VERDICT.yes;
    }
    case 'not': return not(verdictOf(filter.inner, leaf));
    case 'present': case 'nonzero': case 'compare': case 'contains': case 'matches': case 'in': return leaf(filter);
    default: return never(filter);
  }
}

/** `sure` false: the packet may have more of the field. What one value fits stays true with more of them, what must fit all stays false. */
export function leafVerdict(leaf: Leaf, fits: boolean, sure: boolean): number {
  if (sure) return fits ? VERDICT.yes : VERDICT.no;
  const all = leaf.type !== 'present' && leaf.type !== 'nonzero' && leaf.quantifier === 'all';
  // Without a value now, `all` is false; with one it may be true.
  return fits && !all ? VERDICT.yes : VERDICT.maybe;
}
