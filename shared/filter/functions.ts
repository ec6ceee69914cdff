// The functions of the filter language: what they take and give. Wireshark 4.0 takes fields only; here what a function takes may be one or a slice too.

import { never } from '../base/assert';
import type { FieldKind } from '../codec/schema';
import { FilterFault } from './fault';
import type { FunctionName, Operand } from './filter';
import { canAdd, canCompare, canString, isAddress, natureOf } from './kinds';
import type { Term } from './syntax';

interface Signature {
  readonly least: number;
  readonly most: number;
  /** Of what it gives; null: that of what it takes. */
  readonly gives: FieldKind | null;
}

const SIGNATURES: ReadonlyMap<string, Signature> = new Map<FunctionName, Signature>([
  ['len', { least: 1, most: 1, gives: 'uint32' }], ['count', { least: 1, most: 1, gives: 'uint32' }], ['lower', { least: 1, most: 1, gives: 'string' }], ['upper', { least: 1, most: 1, gives: 'string' }],
  ['string', { least: 1, most: 1, gives: 'string' }], ['max', { least: 1, most: Infinity, gives: null }], ['min', { least: 1, most: Infinity, gives: null }], ['abs', { least: 1, most: 1, gives: null }],
]);

export const FUNCTION_NAMES: readonly string[] = [...SIGNATURES.keys()];

/** The kind that a function gives whatever it takes; null: it depends, or there is no such function. */
export const functionKind = (name: string): FieldKind | null => SIGNATURES.get(name)?.gives ?? null;

/** A call with these arguments. Throws FilterFault at what does not fit. */
export function callOf(term: Extract<Term, { type: 'call' }>, args: readonly Operand[]): Operand {
  const signature = SIGNATURES.get(term.name.text);
  const name = term.name.text as FunctionName;
  if (signature === undefined) throw new FilterFault('unknownField', term.name.at, term.name.length, `there is no function ${term.name.text}()`, { name: term.name.text });
  const [first] = args;
  if (first === undefined || args.length > signature.most) throw new FilterFault('unexpected', term.at, term.length, `${name}() takes ${signature.most === 1 ? 'one value' : 'at least one value'}`, { text: term.name.text });
  const kinds = args.map((arg) => (arg.type === 'field' ? arg.field.kind : arg.kind));
  kinds.forEach((kind, i) => {
    const like = kinds[0] === undefined || natureOf(kind) === natureOf(kinds[0]);
    const arg = term.args[i] ?? term;
    if (!takes(name, kind) || !like) throw new FilterFault('notComparable', arg.at, arg.length, `${name}() does not take this`, { field: name, kind, sign: `${name}()` });
  });
  return { type: 'function', kind: signature.gives ?? kinds[0] ?? 'uint32', name, args };
}

function takes(name: FunctionName, kind: FieldKind): boolean {
  switch (name) {
    case 'len': case 'count': return true;
    case 'lower': case 'upper': return kind === 'string';
    case 'string': return canString(kind) || isAddress(kind);
    case 'max': case 'min': return canCompare(kind);
    case 'abs': return canAdd(kind);
    default: return never(name);
  }
}
