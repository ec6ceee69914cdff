// The tests of a filter as functions of a packet's place in its bytes: what most filters ask - a number against a constant, bytes within bytes - costs
// no object a packet. What else they ask is put to filter/evaluate.ts. Made by quickSource.ts.

import { never } from '../../base/assert';
import { utf8Bytes } from '../../base/bytesText';
import { matches } from '../../filter/evaluate';
import type { Comparison, FieldSource, Filter, FilterValue, Operand } from '../../filter/filter';
import { holds, order } from '../../filter/values';
import type { Leaf } from './leaves';

/** True: it fits. */
export type QuickPredicate = () => boolean;

export interface QuickReads {
  /** Reads the fields that one stands for; null: only a source can tell. */
  reads(name: string): readonly (() => FilterValue | null)[] | null;
  /** Tells whether bytes lie in what a protocol or a field of bytes spans; null: only a source can tell. */
  within(name: string, wanted: Uint8Array): QuickPredicate | null;
  readonly source: FieldSource;
}

export function quickPredicate(filter: Filter, reads: QuickReads): QuickPredicate {
  switch (filter.type) {
    case 'and': case 'or': case 'xor': {
      const left = quickPredicate(filter.left, reads);
      const right = quickPredicate(filter.right, reads);
      return filter.type === 'and' ? () => left() && right() : filter.type === 'or' ? () => left() || right() : () => left() !== right();
    }
    case 'not': {
      const inner = quickPredicate(filter.inner, reads);
      return () => !inner();
    }
    case 'present': case 'nonzero': case 'compare': case 'contains': case 'matches': case 'in': return direct(filter, reads) ?? (() => matches(filter, reads.source));
    default: return never(filter);
  }
}

function direct(leaf: Leaf, reads: QuickReads): QuickPredicate | null {
  if (leaf.type === 'present') {
    const fields = readsOf(leaf.operand, reads);
    return fields === null ? null : () => fields.some((read) => read() !== null);
  }
  if (leaf.type === 'contains') {
    const { left, right } = leaf;
    if (left.type !== 'field' || left.layers !== null || right.type !== 'value') return null;
    const wanted = typeof right.value === 'string' ? utf8Bytes(right.value) : right.value;
    return wanted instanceof Uint8Array && wanted.length > 0 ? reads.within(left.field.name, wanted) : null;
  }
  if (leaf.type !== 'compare' || leaf.right.type !== 'value') return null;
  const fields = readsOf(leaf.left, reads);
  if (fields === null) return null;
  const { value, prefix } = leaf.right;
  const fits = typeof value === 'number' ? ofNumber(leaf.comparison, value) : (other: FilterValue) => holds(leaf.comparison, order(other, value, prefix));
  return leaf.quantifier === 'any' ? any(fields, fits) : all(fields, fits);
}

function readsOf(operand: Operand, reads: QuickReads): readonly (() => FilterValue | null)[] | null {
  return operand.type === 'field' && operand.layers === null ? reads.reads(operand.field.name) : null;
}

function any(fields: readonly (() => FilterValue | null)[], fits: (value: FilterValue) => boolean): QuickPredicate {
  const [first, ...more] = fields;
  const one = (read: (() => FilterValue | null) | undefined): boolean => {
    const value = read?.() ?? null;
    return value !== null && fits(value);
  };
  return more.length === 0 ? () => one(first) : () => fields.some(one);
}

/** Of at least one. */
const all = (fields: readonly (() => FilterValue | null)[], fits: (value: FilterValue) => boolean): QuickPredicate => () => {
  let there = false;
  for (const read of fields) {
    const value = read();
    if (value === null) continue;
    if (!fits(value)) return false;
    there = true;
  }
  return there;
};

function ofNumber(comparison: Comparison, limit: number): (value: FilterValue) => boolean {
  const other = (value: FilterValue): boolean => holds(comparison, order(value, limit, null));
  switch (comparison) {
    case '==': return (value) => (typeof value === 'number' ? value === limit : other(value));
    case '!=': return (value) => (typeof value === 'number' ? value !== limit : other(value));
    case '<': return (value) => (typeof value === 'number' ? value < limit : other(value));
    case '<=': return (value) => (typeof value === 'number' ? value <= limit : other(value));
    case '>': return (value) => (typeof value === 'number' ? value > limit : other(value));
    case '>=': return (value) => (typeof value === 'number' ? value >= limit : other(value));
    default: return never(comparison);
  }
}
