// The front of the filter language: a text in, a filter or what is wrong with it out. Never throws, in time bounded by FILTER_LIMITS.

import { never } from '../base/assert';
import { checked } from './check';
import { FilterFault } from './fault';
import type { Filter, FilterError, Operand } from './filter';
import { readSyntax } from './syntax';

/** `ok` null: the text is empty, and every packet fits. */
export function parseFilter(text: string): { readonly ok: Filter | null } | { readonly error: FilterError } {
  try {
    const test = readSyntax(text);
    return { ok: test === null ? null : checked(test) };
  } catch (fault) {
    if (fault instanceof FilterFault) return { error: fault.error };
    throw fault;
  }
}

/** Names of the fields that a filter asks for, each once. */
export function filterFields(filter: Filter): string[] {
  const names = new Set<string>();
  const operand = (one: Operand): void => {
    if (one.type === 'field') names.add(one.field.name);
    else if (one.type === 'slice' || one.type === 'negative') operand(one.of);
    else if (one.type === 'function') one.args.forEach(operand);
    else if (one.type === 'arithmetic') [one.left, one.right].forEach(operand);
  };
  const walk = (one: Filter): void => {
    switch (one.type) {
      case 'and': case 'or': case 'xor':
        walk(one.left);
        return walk(one.right);
      case 'not': return walk(one.inner);
      case 'present': case 'nonzero': return operand(one.operand);
      case 'matches': return operand(one.left);
      case 'compare': case 'contains': return [one.left, one.right].forEach(operand);
      case 'in': return [one.operand, ...one.items.flatMap(({ low, high }) => (high === null ? [low] : [low, high]))].forEach(operand);
      default: return never(one);
    }
  };
  walk(filter);
  return [...names];
}
