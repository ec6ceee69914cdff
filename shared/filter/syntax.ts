// A filter as it is written: tokens put together by precedence (not, and, xor, or; sums below comparisons), nothing known yet of fields and values.
// As Wireshark 4.0 reads it; `xor` and constants on the left are from later versions.

import { FilterFault } from './fault';
import type { Arithmetic, Comparison, Quantifier } from './filter';
import { COMPARISONS, tokens, tokenTitle, type Token, type TokenType } from './lexer';
import { FILTER_LIMITS } from './limits';

interface Place {
  readonly at: number;
  readonly length: number;
}

/** Something that has values. */
export type Term = Place & (
  | { readonly type: 'word' | 'field' | 'string' | 'char'; readonly token: Token; readonly layers: readonly Token[] | null }
  | { readonly type: 'slice'; readonly of: Term; readonly ranges: readonly Token[] }
  | { readonly type: 'call'; readonly name: Token; readonly args: readonly Term[] }
  | { readonly type: 'arithmetic'; readonly operator: Arithmetic; readonly left: Term; readonly right: Term }
  | { readonly type: 'negative'; readonly of: Term });

export type Test = Place & (
  | { readonly type: 'and' | 'or' | 'xor'; readonly left: Test; readonly right: Test }
  | { readonly type: 'not'; readonly inner: Test }
  | { readonly type: 'term'; readonly term: Term }
  | { readonly type: 'compare'; readonly comparison: Comparison; readonly quantifier: Quantifier; readonly sign: Token; readonly left: Term; readonly right: Term }
  | { readonly type: 'contains' | 'matches'; readonly quantifier: Quantifier; readonly sign: Token; readonly left: Term; readonly right: Term }
  | { readonly type: 'in'; readonly quantifier: Quantifier; readonly sign: Token; readonly left: Term; readonly items: readonly { readonly low: Term; readonly high: Term | null }[] });

/** The tree of a text; null: it is empty, which everything fits. Throws FilterFault. */
export function readSyntax(text: string): Test | null {
  if (text.length > FILTER_LIMITS.length) throw new FilterFault('tooLong', FILTER_LIMITS.length, text.length - FILTER_LIMITS.length, `a filter has at most ${FILTER_LIMITS.length} characters`, { most: String(FILTER_LIMITS.length) });
  return new SyntaxReader(tokens(text)).filter();
}

const over = (first: Place, last: Place): Place => ({ at: first.at, length: last.at + last.length - first.at });
const LOGIC = ['or', 'xor', 'and'] as const;
const SUMS: readonly (readonly Arithmetic[])[] = [['&'], ['+', '-'], ['*', '/', '%']];

class SyntaxReader {
  #next = 0;
  #depth = 0;

  constructor(private readonly list: readonly Token[]) {}

  filter(): Test | null {
    if (this.#here().type === 'end') return null;
    const test = this.#logic(0);
    if (this.#here().type !== 'end') throw this.#unexpected();
    return test;
  }

  #logic(level: number): Test {
    const type = LOGIC[level];
    if (type === undefined) return this.#not();
    let left = this.#logic(level + 1);
    for (let links = 0; this.#take(type) !== null; links++) {
      if (links > FILTER_LIMITS.set) throw this.#tooDeep();
      const right = this.#logic(level + 1);
      left = { type, left, right, ...over(left, right) };
    }
    return left;
  }

  #not(): Test {
    const sign = this.#take('not');
    if (sign === null) return this.#primary();
    return this.#inside(() => {
      const inner = this.#not();
      return { type: 'not', inner, ...over(sign, inner) };
    });
  }

  #primary(): Test {
    const open = this.#take('(');
    if (open !== null) return this.#inside(() => {
      const inner = this.#logic(0);
      const close = this.#need(')');
      return { ...inner, ...over(open, close) };
    });
    const any = this.#take('any') ?? this.#take('all');
    const test = this.#relation(any?.type === 'all' ? 'all' : any === null ? null : 'any');
    if (any !== null && test.type === 'term') throw this.#unexpected();
    return test;
  }

  #relation(said: Quantifier | null): Test {
    const left = this.#sum(0);
    const sign = this.#here();
    if (sign.type === 'compare') return this.#comparison(left, said);
    const simple = left.type !== 'arithmetic' && left.type !== 'negative';
    if (simple && (sign.type === 'contains' || sign.type === 'matches')) {
      this.#next++;
      const right = this.#entity();
      return { type: sign.type, quantifier: said ?? 'any', sign, left, right, ...over(left, right) };
    }
    if (simple && (sign.type === 'in' || (sign.type === 'not' && this.list[this.#next + 1]?.type === 'in'))) {
      if (sign.type === 'not') this.#next++;
      const test = this.#set(left, said ?? 'any');
      return sign.type === 'not' ? { type: 'not', inner: test, at: test.at, length: test.length } : test;
    }
    return { type: 'term', term: left, at: left.at, length: left.length };
  }

  /** a < b <= c asks both. */
  #comparison(left: Term, said: Quantifier | null): Test {
    let all: Test | null = null;
    let before = left;
    for (let links = 0; ; links++) {
      const sign = this.#take('compare');
      const spelled = sign === null ? undefined : COMPARISONS.get(sign.text);
      if (sign === null || spelled === undefined) break;
      if (links > FILTER_LIMITS.depth) throw this.#tooDeep();
      const right = this.#sum(0);
      const one: Test = { type: 'compare', comparison: spelled.comparison, quantifier: said ?? spelled.quantifier ?? 'any', sign, left: before, right, ...over(before, right) };
      all = all === null ? one : { type: 'and', left: all, right: one, ...over(left, right) };
      before = right;
    }
    return all ?? { type: 'term', term: left, at: left.at, length: left.length };
  }

  #set(left: Term, quantifier: Quantifier): Test {
    const sign = this.#need('in');
    this.#need('{');
    const items: { low: Term; high: Term | null }[] = [];
    do {
      if (items.length >= FILTER_LIMITS.set) throw new FilterFault('tooLong', this.#here().at, this.#here().length, `a set has at most ${FILTER_LIMITS.set} values`, { most: String(FILTER_LIMITS.set) });
      const low = this.#signed();
      items.push({ low, high: this.#take('..') === null ? null : this.#signed() });
    } while (this.#take(',') !== null);
    const close = this.#need('}');
    return { type: 'in', quantifier, sign, left, items, ...over(left, close) };
  }

  #sum(level: number): Term {
    const signs = SUMS[level];
    if (signs === undefined) return this.#signed();
    let left = this.#sum(level + 1);
    for (let links = 0; ; links++) {
      const operator = signs.find((sign) => sign === this.#here().type);
      if (operator === undefined) return left;
      if (links > FILTER_LIMITS.depth) throw this.#tooDeep();
      this.#next++;
      const right = this.#sum(level + 1);
      left = { type: 'arithmetic', operator, left, right, ...over(left, right) };
    }
  }

  #signed(): Term {
    if (this.#take('+') !== null) return this.#entity();
    const minus = this.#take('-');
    if (minus === null) return this.#entity();
    const of = this.#entity();
    return { type: 'negative', of, ...over(minus, of) };
  }

  #entity(): Term {
    let term = this.#atom();
    for (let cuts = 0; this.#here().type === '['; cuts++) {
      if (cuts > FILTER_LIMITS.depth) throw this.#tooDeep();
      this.#next++;
      const { ranges, close } = this.#ranges();
      term = { type: 'slice', of: term, ranges, ...over(term, close) };
    }
    return term;
  }

  #atom(): Term {
    const token = this.#here();
    if (token.type === '{') return this.#inside(() => {
      this.#next++;
      const inner = this.#sum(0);
      return { ...inner, ...over(token, this.#need('}')) };
    });
    if (token.type !== 'word' && token.type !== 'field' && token.type !== 'string' && token.type !== 'char') throw this.#unexpected();
    this.#next++;
    const here = this.#here().type;
    if (token.type === 'word' && here === '(') return this.#call(token);
    const named = token.type === 'word' || token.type === 'field';
    if (named && here === '#') {
      this.#next++;
      if (this.#take('[') !== null) {
        const { ranges, close } = this.#ranges();
        return { type: token.type, token, layers: ranges, ...over(token, close) };
      }
      const number = this.#need('word');
      if (!/^\d+$/.test(number.text)) throw new FilterFault('badValue', number.at, number.length, `${number.text} is not the number of a layer`, { value: number.text });
      return { type: token.type, token, layers: [number], ...over(token, number) };
    }
    return { type: token.type, token, layers: null, at: token.at, length: token.length };
  }

  #call(name: Token): Term {
    return this.#inside(() => {
      this.#need('(');
      const args: Term[] = [];
      if (this.#here().type !== ')') {
        do args.push(this.#sum(0));
        while (this.#take(',') !== null && args.length < FILTER_LIMITS.set);
      }
      return { type: 'call', name, args, ...over(name, this.#need(')')) };
    });
  }

  #ranges(): { readonly ranges: readonly Token[]; readonly close: Token } {
    const ranges: Token[] = [];
    do ranges.push(this.#need('range'));
    while (this.#take(',') !== null);
    return { ranges, close: this.#need(']') };
  }

  #inside<T>(read: () => T): T {
    if (++this.#depth > FILTER_LIMITS.depth) throw this.#tooDeep();
    const value = read();
    this.#depth--;
    return value;
  }

  #here(): Token {
    return this.list[Math.min(this.#next, this.list.length - 1)] ?? { type: 'end', at: 0, length: 0, text: '' };
  }

  #take(type: TokenType): Token | null {
    const token = this.#here();
    if (token.type !== type) return null;
    this.#next++;
    return token;
  }

  #need(type: TokenType): Token {
    const token = this.#take(type);
    if (token === null) throw this.#unexpected();
    return token;
  }

  #unexpected(): FilterFault {
    const token = this.#here();
    if (token.type === 'end') return new FilterFault('incomplete', token.at, 0, 'the filter ends too early');
    return new FilterFault('unexpected', token.at, token.length, `${tokenTitle(token)} was not expected here`, { text: token.text });
  }

  #tooDeep(): FilterFault {
    const { at, length } = this.#here();
    return new FilterFault('tooDeep', at, length, `at most ${FILTER_LIMITS.depth} parts inside each other`, { most: String(FILTER_LIMITS.depth) });
  }
}
