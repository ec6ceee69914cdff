// Regular expressions that cannot be made slow: a pattern becomes a machine of steps, all of whose ways are followed at once, so a value costs one look
// per byte however the pattern is nested. States that were met are remembered (a lazy automaton), bounded by FILTER_LIMITS.

import { never } from '../../base/assert';
import { FILTER_LIMITS } from '../limits';
import { isWord, type ByteSet } from './byteSet';
import { parseRegex, RegexFault, type Assertion, type RegexNode } from './parse';

export interface Regex {
  /** As it was written. */
  readonly source: string;
  /** Whether it matches somewhere in the bytes, of which at most FILTER_LIMITS.regexBytes are read. */
  test(bytes: Uint8Array): boolean;
}

type Step =
  | { readonly type: 'take'; readonly set: ByteSet; readonly to: number }
  | { readonly type: 'fork'; readonly to: number[] }
  | { readonly type: 'assert'; readonly what: Assertion; readonly to: number }
  | { readonly type: 'done' };

/** What comes next where it is no plain byte: the end, or a newline behind which it is. */
const END = 256;
const LAST_NEWLINE = 257;
const SYMBOLS = 258;
/** What came before, as far as a place asks. */
const BEFORE = { start: 0, newline: 1, word: 2, other: 3 } as const;

interface State {
  /** Steps before anything without a byte was gone through. */
  readonly steps: readonly number[];
  readonly before: number;
  /** By symbol; undefined: not looked at yet. True: it matches. */
  readonly next: (State | true | undefined)[];
}

/** Compiles a pattern (one character a byte). Throws RegexFault with the place in it. */
export function compileRegex(source: string): Regex {
  const steps: Step[] = [];
  const add = (step: Step): number => {
    if (steps.length >= FILTER_LIMITS.regexSteps) throw new RegexFault(0, `the pattern needs more than ${FILTER_LIMITS.regexSteps} steps`);
    return steps.push(step) - 1;
  };
  // Built from the end to the front: each part knows where it goes on.
  const build = (node: RegexNode, to: number): number => {
    switch (node.type) {
      case 'bytes': return add({ type: 'take', set: node.set, to });
      case 'assert': return add({ type: 'assert', what: node.what, to });
      case 'sequence': return node.parts.reduceRight((after, part) => build(part, after), to);
      case 'choice': return add({ type: 'fork', to: node.parts.map((part) => build(part, to)) });
      case 'repeat': return buildRepeat(node, to);
      default: return never(node);
    }
  };
  const buildRepeat = ({ of, least, most }: Extract<RegexNode, { type: 'repeat' }>, to: number): number => {
    let at = to;
    if (most === Infinity) {
      const ways: number[] = [to];
      at = add({ type: 'fork', to: ways });
      ways.push(build(of, at));
    } else for (let i = least; i < most; i++) at = add({ type: 'fork', to: [to, build(of, at)] });
    for (let i = 0; i < least; i++) at = build(of, at);
    return at;
  };
  const done = add({ type: 'done' });
  const start = build(parseRegex(source), done);
  return { source, test: machine(steps, start) };
}

function machine(steps: readonly Step[], start: number): (bytes: Uint8Array) => boolean {
  let states = new Map<string, State>();
  const state = (list: readonly number[], before: number): State => {
    const key = `${before}:${list.join()}`;
    let known = states.get(key);
    if (known === undefined) {
      if (states.size >= FILTER_LIMITS.regexStates) states = new Map();
      known = { steps: list, before, next: new Array<State | true | undefined>(SYMBOLS).fill(undefined) };
      states.set(key, known);
    }
    return known;
  };
  const step = (from: State, symbol: number): State | true => {
    const byte = symbol === LAST_NEWLINE ? 10 : symbol;
    const seen = new Set<number>();
    const after = new Set<number>();
    // A match may begin at any place.
    const open = [...from.steps, start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const one = steps[at];
      if (one === undefined) continue;
      if (one.type === 'done') return true;
      if (one.type === 'fork') open.push(...one.to);
      else if (one.type === 'assert') {
        if (holds(one.what, from.before, symbol)) open.push(one.to);
      } else if (byte < 256 && one.set.has[byte] === 1) after.add(one.to);
    }
    return state([...after].sort((a, b) => a - b), byte === 10 ? BEFORE.newline : isWord(byte) ? BEFORE.word : BEFORE.other);
  };
  return (bytes) => {
    const end = Math.min(bytes.length, FILTER_LIMITS.regexBytes);
    let now = state([], BEFORE.start);
    for (let at = 0; at <= end; at++) {
      const byte = at === end ? END : (bytes[at] ?? 0);
      const symbol = byte === 10 && at === end - 1 ? LAST_NEWLINE : byte;
      const next = (now.next[symbol] ??= step(now, symbol));
      if (next === true) return true;
      now = next;
    }
    return false;
  };
}

function holds(what: Assertion, before: number, next: number): boolean {
  switch (what) {
    case 'start': return before === BEFORE.start;
    case 'end': return next === END;
    case 'endBeforeNewline': return next === END || next === LAST_NEWLINE;
    case 'lineStart': return before === BEFORE.start || (before === BEFORE.newline && next !== END);
    case 'lineEnd': return next === END || next === 10 || next === LAST_NEWLINE;
    case 'word': return (before === BEFORE.word) !== isWord(next);
    case 'notWord': return (before === BEFORE.word) === isWord(next);
    default: return never(what);
  }
}
