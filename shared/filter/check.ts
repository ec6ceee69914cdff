// What a written filter means: fields found, constants read as the kind that they are compared with, and refused what cannot be compared, cut or summed.

import { never } from '../base/assert';
import type { FieldKind, FieldType } from '../codec/schema';
import { constantOf, isConstant } from './constants';
import { FilterFault } from './fault';
import { fieldNamed } from './fields';
import type { Arithmetic, Filter, FieldOperand, Operand, SetItem } from './filter';
import { callOf, functionKind } from './functions';
import { canAdd, canCompare, canContain, canMask, canMultiply, canSlice, kindTitle, natureOf } from './kinds';
import { rangeOf } from './ranges';
import { RegexFault } from './regex/parse';
import { compileRegex, type Regex } from './regex/regex';
import type { Term, Test } from './syntax';

type Place = Pick<Term, 'at' | 'length'>;

/** Throws FilterFault. */
export function checked(test: Test): Filter {
  switch (test.type) {
    case 'and': case 'or': case 'xor': return { type: test.type, left: checked(test.left), right: checked(test.right) };
    case 'not': return { type: 'not', inner: checked(test.inner) };
    case 'term': return alone(test.term);
    case 'compare': return comparison(test);
    case 'contains': {
      const left = operandOf(test.left, null);
      if (!canContain(kindOf(left))) throw unfit(test.left, left, test.sign.text);
      const right = operandOf(test.right, kindOf(left), true);
      if (natureOf(kindOf(right)) !== natureOf(kindOf(left))) throw unlike(test.right, left, right);
      return { type: 'contains', quantifier: test.quantifier, left, right };
    }
    case 'matches': {
      const regex = regexOf(test.right);
      const left = operandOf(test.left, null);
      if (!canContain(kindOf(left))) throw unfit(test.left, left, test.sign.text);
      return { type: 'matches', quantifier: test.quantifier, left, regex };
    }
    case 'in': {
      const operand = operandOf(test.left, null);
      if (!canCompare(kindOf(operand))) throw unfit(test.left, operand, test.sign.text);
      const item = (term: Term): Operand => likeLeft(operand, operandOf(term, kindOf(operand), false, nameOf(operand)), term);
      const items = test.items.map(({ low, high }): SetItem => ({ low: item(low), high: high === null ? null : item(high) }));
      return { type: 'in', quantifier: test.quantifier, operand, items };
    }
    default: return never(test);
  }
}

const kindOf = (operand: Operand): FieldKind => (operand.type === 'field' ? operand.field.kind : operand.kind);
/** Of a field that stands alone: the names of its values may be said beside it. */
const nameOf = (operand: Operand): string => (operand.type === 'field' ? operand.field.name : '');
const isField = (name: string): boolean => fieldNamed(name) !== null;
const titled = (operand: Operand): string => (operand.type === 'field' ? `${operand.field.name} (${kindTitle(operand.field.kind)})` : kindTitle(kindOf(operand)));

const unfit = (place: Place, operand: Operand, sign: string): FilterFault =>
  new FilterFault('notComparable', place.at, place.length, `${titled(operand)} cannot stand beside ${sign}`, { field: operand.type === 'field' ? operand.field.name : '', kind: kindOf(operand), sign });
const unlike = (place: Place, left: Operand, right: Operand): FilterFault =>
  new FilterFault('notComparable', place.at, place.length, `${titled(right)} cannot be compared with ${titled(left)}`, { field: right.type === 'field' ? right.field.name : '', kind: kindOf(right), sign: '' });
const unknown = (place: Place, name: string): FilterFault => new FilterFault('unknownField', place.at, place.length, `${name} is neither a field nor a protocol`, { name });

/** A field that is there, a slice that reaches into it, a sum that is not zero. */
function alone(term: Term): Filter {
  switch (term.type) {
    case 'word': case 'field': return { type: 'present', operand: fieldOf(term) };
    case 'slice': return { type: 'present', operand: operandOf(term, null) };
    case 'string': case 'char': throw unknown(term, term.type === 'string' ? JSON.stringify(term.token.text) : term.token.text);
    case 'call': throw new FilterFault('notComparable', term.at, term.length, `${term.name.text}() alone is no test: compare it with a value`, { field: term.name.text, kind: '', sign: '' });
    case 'arithmetic': case 'negative': return { type: 'nonzero', operand: operandOf(term, null) };
    default: return never(term);
  }
}

function comparison(test: Extract<Test, { type: 'compare' }>): Filter {
  const { comparison: asked, quantifier } = test;
  const fixed = isConstant(test.left, isField);
  if (fixed && test.left.type === 'word' && /^[A-Za-z_][\w.-]*$/.test(test.left.token.text)) throw unknown(test.left, test.left.token.text);
  if (fixed && isConstant(test.right, isField)) throw new FilterFault('notComparable', test.at, test.length, 'two constants are no test of a packet', { field: '', kind: '', sign: test.sign.text });
  const right = fixed ? operandOf(test.right, null) : null;
  const left = operandOf(test.left, right === null ? null : kindOf(right), false, right === null ? '' : nameOf(right));
  if (!canCompare(kindOf(left))) throw unfit(test.left, left, test.sign.text);
  const other = right ?? operandOf(test.right, kindOf(left), false, nameOf(left));
  if (!canCompare(kindOf(other))) throw unfit(test.right, other, test.sign.text);
  const slice = other.type === 'slice' && left.type !== 'slice' && canSlice(kindOf(left));
  return { type: 'compare', comparison: asked, quantifier, left: slice ? whole(left) : left, right: slice ? other : likeLeft(left, other, test.right) };
}

const whole = (of: Operand): Operand => ({ type: 'slice', kind: 'bytes', of, ranges: [{ start: 0, end: null }] });

/** A slice on the left is compared with another field's bytes. */
function likeLeft(left: Operand, right: Operand, place: Place): Operand {
  if (natureOf(kindOf(left)) === natureOf(kindOf(right))) return right;
  if (left.type === 'slice' && canSlice(kindOf(right))) return whole(right);
  throw unlike(place, left, right);
}

function fieldOf(term: Extract<Term, { type: 'word' | 'field' | 'string' | 'char' }>): FieldOperand {
  const name = term.type === 'field' ? term.token.text.slice(1) : term.token.text;
  const field: FieldType | null = term.type === 'word' || term.type === 'field' ? fieldNamed(name) : null;
  if (field === null) throw unknown({ at: term.token.at, length: term.token.length }, name);
  return { type: 'field', field, layers: term.layers === null ? null : term.layers.map(rangeOf) };
}

/** `expected`: the kind of the other side, for constants; null: a constant says nothing here. `beside`: the field there, '' when it is none. */
function operandOf(term: Term, expected: FieldKind | null, partial = false, beside = ''): Operand {
  if (expected !== null && isConstant(term, isField)) return constantOf(term, expected, partial, beside);
  switch (term.type) {
    case 'word': case 'field': case 'string': case 'char': return fieldOf(term);
    case 'slice': {
      const of = operandOf(term.of, null);
      if (!canSlice(kindOf(of))) throw new FilterFault('notComparable', term.of.at, term.of.length, `${titled(of)} has no bytes to cut`, { field: of.type === 'field' ? of.field.name : '', kind: kindOf(of), sign: '[ ]' });
      return { type: 'slice', kind: 'bytes', of, ranges: term.ranges.map(rangeOf) };
    }
    case 'call': {
      const kind = firstKind(term.args) ?? expected;
      return callOf(term, term.args.map((arg) => operandOf(arg, functionKind(term.name.text) === null ? kind : null)));
    }
    case 'arithmetic': {
      const kind = firstKind([term]) ?? expected;
      const left = operandOf(term.left, kind);
      const right = operandOf(term.right, kind);
      for (const [place, operand] of [[term.left, left], [term.right, right]] as const) if (!canDo(term.operator, kindOf(operand))) throw unfit(place, operand, term.operator);
      if (natureOf(kindOf(left)) !== natureOf(kindOf(right))) throw unlike(term.right, left, right);
      return { type: 'arithmetic', kind: kindOf(left), operator: term.operator, left, right };
    }
    case 'negative': {
      const of = operandOf(term.of, expected);
      if (!canAdd(kindOf(of))) throw unfit(term.of, of, '-');
      return { type: 'negative', kind: kindOf(of), of };
    }
    default: return never(term);
  }
}

function canDo(operator: Arithmetic, kind: FieldKind): boolean {
  switch (operator) {
    case '&': return canMask(kind);
    case '+': case '-': return canAdd(kind);
    case '*': case '/': case '%': return canMultiply(kind);
    default: return never(operator);
  }
}

/** The kind of the first of these that is not constant; null: all are, or it is told when they are read. */
function firstKind(terms: readonly Term[]): FieldKind | null {
  for (const term of terms) {
    const kind = termKind(term);
    if (kind !== null) return kind;
  }
  return null;
}

function termKind(term: Term): FieldKind | null {
  switch (term.type) {
    case 'word': case 'field': return fieldNamed(term.type === 'field' ? term.token.text.slice(1) : term.token.text)?.kind ?? null;
    case 'string': case 'char': return null;
    case 'slice': return 'bytes';
    case 'call': return functionKind(term.name.text) ?? firstKind(term.args);
    case 'arithmetic': return firstKind([term.left, term.right]);
    case 'negative': return termKind(term.of);
    default: return never(term);
  }
}

function regexOf(term: Term): Regex {
  if (term.type !== 'string') throw new FilterFault('badValue', term.at, term.length, 'a pattern stands in double quotes', { value: '' });
  try {
    return compileRegex(term.token.text);
  } catch (fault) {
    if (!(fault instanceof RegexFault)) throw fault;
    // Without escapes a place in the pattern is one in the text.
    const plain = term.token.text.length === term.token.length - 2;
    throw new FilterFault('badRegex', plain ? term.at + 1 + fault.at : term.at, plain ? 1 : term.length, `the pattern is wrong: ${fault.message}`, { why: fault.message });
  }
}
