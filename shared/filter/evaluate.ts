// Asks a filter of one packet. Absent fields are in no comparison: every one is false without values on both sides, as in Wireshark 4.0.

import { never } from '../base/assert';
import { utf8Bytes } from '../base/bytesText';
import type { FieldKind } from '../codec/schema';
import { textOfValue } from './fieldText';
import type { FieldOccurrence, FieldOperand, FieldSource, Filter, FilterValue, Operand, SetItem } from './filter';
import { natureOf, widthOf } from './kinds';
import { FILTER_LIMITS } from './limits';
import { inLayers, sliced } from './ranges';
import { calculated, containsBytes, holds, isZero, order } from './values';

/** Whether the packet fits. Null, the empty filter, fits every packet. Never throws for what the packet is. */
export function matches(filter: Filter | null, source: FieldSource): boolean {
  if (filter === null) return true;
  switch (filter.type) {
    case 'and': return matches(filter.left, source) && matches(filter.right, source);
    case 'or': return matches(filter.left, source) || matches(filter.right, source);
    case 'xor': return matches(filter.left, source) !== matches(filter.right, source);
    case 'not': return !matches(filter.inner, source);
    case 'present': return filter.operand.type === 'field' ? found(filter.operand, source).length > 0 : valuesOf(filter.operand, source).length > 0;
    case 'nonzero': return valuesOf(filter.operand, source).some((value) => !isZero(value));
    case 'compare': {
      const { left, right } = filter;
      const prefix = prefixOf(left) ?? prefixOf(right);
      return quantified(filter.quantifier, valuesOf(left, source), valuesOf(right, source), (a, b) => holds(filter.comparison, order(a, b, prefix)));
    }
    case 'contains': return quantified(filter.quantifier, searched(filter.left, source), searched(filter.right, source), containsBytes);
    case 'matches': {
      const values = searched(filter.left, source);
      return values.length > 0 && (filter.quantifier === 'all' ? values.every((bytes) => filter.regex.test(bytes)) : values.some((bytes) => filter.regex.test(bytes)));
    }
    case 'in': {
      const values = valuesOf(filter.operand, source);
      return filter.items.some((item) => within(values, item, filter.quantifier, source));
    }
    default: return never(filter);
  }
}

const prefixOf = (operand: Operand): number | null => (operand.type === 'value' ? operand.prefix : null);

/** Any pair, or all of them; none when a side has no values. */
function quantified<T>(quantifier: 'any' | 'all', left: readonly T[], right: readonly T[], fits: (a: T, b: T) => boolean): boolean {
  let pairs = FILTER_LIMITS.combinations;
  for (const a of left) {
    for (const b of right) {
      if (pairs-- <= 0) return quantifier === 'all';
      if (fits(a, b) === (quantifier === 'any')) return quantifier === 'any';
    }
  }
  return quantifier === 'all' && left.length > 0 && right.length > 0;
}

/** As Wireshark: `all` asks that one item of the set takes all values. */
function within(values: readonly FilterValue[], { low, high }: SetItem, quantifier: 'any' | 'all', source: FieldSource): boolean {
  const prefix = prefixOf(low);
  const lows = valuesOf(low, source);
  if (high === null) return quantified(quantifier, values, lows, (a, b) => order(a, b, prefix) === 0);
  const highs = valuesOf(high, source);
  const fits = (value: FilterValue): boolean => lows.some((a) => order(value, a, prefix) >= 0) && highs.some((b) => order(value, b, prefixOf(high)) <= 0);
  return values.length > 0 && (quantifier === 'all' ? values.every(fits) : values.some(fits));
}

function found(operand: FieldOperand, source: FieldSource, carried = false): readonly FieldOccurrence[] {
  const { field, layers } = operand;
  const all = carried ? source.carried(field.name) : source.occurrences(field.name);
  if (layers === null) return all;
  const total = source.layers(field.name);
  return all.filter(({ layer }) => inLayers(layer, total, layers));
}

function valuesOf(operand: Operand, source: FieldSource): readonly FilterValue[] {
  switch (operand.type) {
    case 'value': return [operand.value];
    case 'field': return operand.field.kind === 'protocol' ? found(operand, source).map(({ bytes }) => bytes) : found(operand, source).map(({ value }) => value);
    case 'slice': return bytesOf(operand.of, source).flatMap((bytes) => sliced(bytes, operand.ranges) ?? []);
    case 'negative': return valuesOf(operand.of, source).map((value) => (typeof value === 'number' ? 0 - value : typeof value === 'bigint' ? -value : value));
    case 'arithmetic': {
      const whole = natureOf(operand.kind) !== 'double';
      const right = valuesOf(operand.right, source);
      const results: FilterValue[] = [];
      for (const a of valuesOf(operand.left, source)) {
        for (const b of right) {
          const result = results.length < FILTER_LIMITS.combinations ? calculated(operand.operator, a, b, whole) : null;
          if (result !== null) results.push(result);
        }
      }
      return results;
    }
    case 'function': return applied(operand, source);
    default: return never(operand);
  }
}

const kindOf = (operand: Operand): FieldKind => (operand.type === 'field' ? operand.field.kind : operand.kind);

function applied({ name, args }: Extract<Operand, { type: 'function' }>, source: FieldSource): readonly FilterValue[] {
  const [first] = args;
  if (first === undefined) return [];
  switch (name) {
    case 'count': {
      const count = first.type === 'field' ? found(first, source).length : valuesOf(first, source).length;
      return count === 0 ? [] : [count];
    }
    case 'len': return lengths(first, source);
    case 'lower': return valuesOf(first, source).map((value) => String(value).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
    case 'upper': return valuesOf(first, source).map((value) => String(value).replace(/[a-z]+/g, (letters) => letters.toUpperCase()));
    case 'string': return valuesOf(first, source).map((value) => textOfValue(value, kindOf(first)));
    case 'abs': return valuesOf(first, source).map((value) => (typeof value === 'number' || typeof value === 'bigint') && value < 0 ? -value : value);
    case 'max': case 'min': {
      const all = args.flatMap((arg) => valuesOf(arg, source));
      const [one] = all;
      if (one === undefined) return [];
      return [all.reduce((best, value) => ((name === 'max' ? order(value, best) > 0 : order(value, best) < 0) ? value : best), one)];
    }
    default: return never(name);
  }
}

function lengths(operand: Operand, source: FieldSource): readonly FilterValue[] {
  const nature = natureOf(kindOf(operand));
  if (nature === 'text' || nature === 'bytes' || nature === 'protocol' || nature === 'ipv4' || nature === 'ipv6' || nature === 'guid') return bytesOf(operand, source).map((bytes) => bytes.length);
  return valuesOf(operand, source).map(() => widthOf(kindOf(operand)));
}

/** Each value as bytes: of a text its UTF-8, of a protocol its header or message. */
const bytesOf = (operand: Operand, source: FieldSource): readonly Uint8Array[] => valuesOf(operand, source).flatMap((value) => asBytes(value));
const asBytes = (value: FilterValue): Uint8Array[] => (value instanceof Uint8Array ? [value] : typeof value === 'string' ? [utf8Bytes(value)] : []);

/** What contains and matches look through: of a protocol all that it carries too. */
const searched = (operand: Operand, source: FieldSource): readonly Uint8Array[] =>
  (operand.type === 'field' && operand.field.kind === 'protocol' ? found(operand, source, true).map(({ bytes }) => bytes) : bytesOf(operand, source));
