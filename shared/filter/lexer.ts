// Text of a filter into words, values and signs, each with its place. Knows the spellings, not what may stand where. Bounded by FILTER_LIMITS.length.

import { latin1Text, readChar, readString } from './literals';
import { FilterFault } from './fault';
import type { Comparison, Quantifier } from './filter';

export type TokenType =
  | 'and' | 'or' | 'xor' | 'not' | 'any' | 'all' | 'compare' | 'contains' | 'matches' | 'in' | '(' | ')' | '{' | '}' | '[' | ']' | ',' | '..' | '#' | '+' | '-' | '*' | '/' | '%' | '&'
  | 'string' | 'char' | 'word' | 'field' | 'range' | 'end';

export interface Token {
  readonly type: TokenType;
  readonly at: number;
  readonly length: number;
  /** As written; of a string, what it says as Latin-1 (one character a byte). */
  readonly text: string;
  /** Of 'char'. */
  readonly code?: number;
}

/** What a comparison asks; `quantifier` null: any, unless 'all' stands before it. */
export interface ComparisonSpelling {
  readonly comparison: Comparison;
  readonly quantifier: Quantifier | null;
}

export const COMPARISONS: ReadonlyMap<string, ComparisonSpelling> = new Map<string, ComparisonSpelling>([
  ['==', { comparison: '==', quantifier: 'any' }], ['eq', { comparison: '==', quantifier: 'any' }], ['any_eq', { comparison: '==', quantifier: 'any' }],
  ['!=', { comparison: '!=', quantifier: 'all' }], ['ne', { comparison: '!=', quantifier: 'all' }], ['all_ne', { comparison: '!=', quantifier: 'all' }],
  ['===', { comparison: '==', quantifier: 'all' }], ['all_eq', { comparison: '==', quantifier: 'all' }],
  ['!==', { comparison: '!=', quantifier: 'any' }], ['~=', { comparison: '!=', quantifier: 'any' }], ['any_ne', { comparison: '!=', quantifier: 'any' }],
  ['>', { comparison: '>', quantifier: null }], ['gt', { comparison: '>', quantifier: null }], ['>=', { comparison: '>=', quantifier: null }], ['ge', { comparison: '>=', quantifier: null }],
  ['<', { comparison: '<', quantifier: null }], ['lt', { comparison: '<', quantifier: null }], ['<=', { comparison: '<=', quantifier: null }], ['le', { comparison: '<=', quantifier: null }],
]);

/** Words that are no fields and no values. */
const WORDS: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ['and', 'and'], ['or', 'or'], ['xor', 'xor'], ['not', 'not'], ['any', 'any'], ['all', 'all'], ['contains', 'contains'], ['matches', 'matches'], ['in', 'in'], ['bitwise_and', '&'],
  ...[...COMPARISONS.keys()].filter((spelling) => /^\w/.test(spelling)).map((spelling): [string, TokenType] => [spelling, 'compare']),
]);

/** Longest first. */
const SIGNS: readonly (readonly [string, TokenType])[] = [
  ['===', 'compare'], ['!==', 'compare'], ['==', 'compare'], ['!=', 'compare'], ['~=', 'compare'], ['>=', 'compare'], ['<=', 'compare'], ['&&', 'and'], ['||', 'or'], ['^^', 'xor'], ['..', '..'],
  ['>', 'compare'], ['<', 'compare'], ['~', 'matches'], ['!', 'not'], ['(', '('], [')', ')'], ['{', '{'], ['}', '}'], ['[', '['], [',', ','], ['#', '#'], ['+', '+'], ['-', '-'], ['*', '*'], ['/', '/'], ['%', '%'],
  ['&', '&'],
];

/** Names, numbers, addresses, bytes: what may hold dots, colons, dashes and slashes, but never two dots. */
const WORD = /[A-Za-z0-9_:][A-Za-z0-9_:/-]*(?:\.[A-Za-z0-9_:/-]+)*/y;
const FIELD = /\.[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*/y;
const BLANK = /[ \t\r\n]*/y;
const RANGE = /[^\],]*/y;

/** All tokens, 'end' last. Throws FilterFault where nothing fits. */
export function tokens(text: string): Token[] {
  const list: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };
  const add = (type: TokenType, length: number, said = text.slice(at, at + length), code?: number): void => {
    list.push({ type, at, length, text: said, ...(code === undefined ? {} : { code }) });
    at += length;
  };
  let inRange = false;
  for (;;) {
    if (inRange) {
      const opened = at;
      const range = match(RANGE);
      if (at + range.length >= text.length) throw new FilterFault('unended', opened, text.length - opened, 'the ] of this range is missing', { sign: ']' });
      if (range.trim() !== '') add('range', range.length);
      else at += range.length;
      inRange = text[at] === ',';
      add(inRange ? ',' : ']', 1);
      continue;
    }
    at += match(BLANK).length;
    if (at >= text.length) break;
    const string = readString(text, at);
    if (string !== null) {
      add('string', string.length, latin1Text(string.bytes));
      continue;
    }
    const char = readChar(text, at);
    if (char !== null) {
      add('char', char.length, undefined, char.code);
      continue;
    }
    const word = match(WORD);
    if (word !== '') {
      add(WORDS.get(word) ?? 'word', word.length);
      continue;
    }
    const sign = SIGNS.find(([spelling]) => text.startsWith(spelling, at));
    const field = sign === undefined ? match(FIELD) : '';
    if (field !== '') add('field', field.length);
    else if (sign === undefined) throw unexpected(text, at);
    else {
      add(sign[1], sign[0].length);
      inRange = sign[1] === '[';
    }
  }
  list.push({ type: 'end', at: text.length, length: 0, text: '' });
  return list;
}

function unexpected(text: string, at: number): FilterFault {
  const sign = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return new FilterFault('unexpected', at, sign.length, `${JSON.stringify(sign)} was not expected here`, { text: sign });
}

/** As a message quotes it. */
export const tokenTitle = ({ type, text }: Token): string => (type === 'end' ? 'the end' : JSON.stringify(text));
