// Loops over the rows of a chunk, four at a step, with at most one table look a row and no branch that a row decides: what makes a million packets cost two
// milliseconds. Each is a function of its own: V8 compiles a loop while it runs, and gives up what it compiled at a second one that has not run yet, again
// and again. Used by columnFilter.ts.

import { CHUNK, UNSURE, type PacketChunk } from '../packetTable';
import { differs } from './borrow';
import { BLOCK_BITS } from './plainBlocks';
import { patternAnswers, type RowPatterns } from './rowPatterns';
import { VERDICT, type Verdicts } from './verdict';
import { wordsOf } from './words';

/** Four bytes of which each is a verdict, once the bits of each are put together. */
const ANSWERED = 0x0101_0101;
const FAILS = 0x0202_0202;
const EACH = ANSWERED | FAILS;

/** By kind << FLAG_BITS | flags. Rows from..to-1 are multiples of four, here and below. */
export function fillBits(patterns: RowPatterns, table: Verdicts, from: number, to: number, out: Verdicts): void {
  const answers = patternAnswers(patterns, table);
  const { numbers } = patterns;
  const words = wordsOf(out);
  for (let at = from >> 2; at < to >> 2; at++) words[at] = answers[numbers[at] ?? 0] ?? 0;
}

/** The answers to a filter of flows: by flow in its one direction and, two bits higher, in the other; and by kind for rows without a flow. */
export interface FlowAnswers {
  readonly table: Verdicts;
  readonly without: Verdicts;
  /** Both directions of a flow have the same answer. */
  readonly symmetric: boolean;
}

/** Words of four rows in a block, as a mask. */
const IN_BLOCK = (1 << (BLOCK_BITS - 2)) - 1;
/** By four rows' bits of RowPatterns.reversed: all bits of those rows. */
const TURNED = Int32Array.from({ length: 16 }, (_, rows) => [0, 1, 2, 3].reduce((mask, row) => mask | (((rows >> row) & 1) * (0xff << (row * 8))), 0));

/** `plain`: plainBlocks of the chunk, whose rows need no second look. */
export function fillFlows(chunk: PacketChunk, patterns: RowPatterns, plain: Uint8Array, answers: FlowAnswers, from: number, to: number, out: Verdicts): void {
  const flows = wordsOf(chunk.flow);
  const words = wordsOf(out);
  const end = to >> 2;
  for (let at = from >> 2; at < end;) {
    const is = plain[at >> (BLOCK_BITS - 2)];
    let stop = at;
    while (stop < end && plain[stop >> (BLOCK_BITS - 2)] === is) stop = Math.min((stop | IN_BLOCK) + 1, end);
    if (is !== 1) fillSure(chunk, answers, flows, patterns.reversed, at, stop, words);
    else if (answers.symmetric) fillEither(answers.table, flows, at, stop, words);
    else fillDirected(answers.table, flows, patterns.reversed, at, stop, words);
    at = stop;
  }
}

function fillEither(table: Verdicts, flows: Int32Array, from: number, to: number, words: Int32Array): void {
  for (let at = from; at < to; at++) words[at] = flowsAt(table, flows, at * 4) & EACH;
}

function fillDirected(table: Verdicts, flows: Int32Array, reversed: Uint8Array, from: number, to: number, words: Int32Array): void {
  for (let at = from; at < to; at++) words[at] = directed(flowsAt(table, flows, at * 4), reversed[at] ?? 0);
}

function fillSure(chunk: PacketChunk, answers: FlowAnswers, flows: Int32Array, reversed: Uint8Array, from: number, to: number, words: Int32Array): void {
  for (let at = from; at < to; at++) words[at] = sureFlows(chunk, answers, at, directed(flowsAt(answers.table, flows, at * 4), reversed[at] ?? 0));
}

const flowsAt = (table: Verdicts, flows: Int32Array, row: number): number =>
  (table[flows[row] ?? 0] ?? 0) | ((table[flows[row + 1] ?? 0] ?? 0) << 8) | ((table[flows[row + 2] ?? 0] ?? 0) << 16) | ((table[flows[row + 3] ?? 0] ?? 0) << 24);

/** Of both directions' answers that in which each packet went. */
function directed(both: number, reversed: number): number {
  const back = both >>> 2;
  return (both ^ ((both ^ back) & (TURNED[reversed] ?? 0))) & EACH;
}

/** The answers of four rows by their flows, of which one may have none, or more in it than columns say. */
function sureFlows(chunk: PacketChunk, answers: FlowAnswers, at: number, word: number): number {
  const { flow, flags, kind } = chunk;
  const row = at * 4;
  if ((((flags[row] ?? 0) | (flags[row + 1] ?? 0) | (flags[row + 2] ?? 0) | (flags[row + 3] ?? 0)) & UNSURE) === 0 && ((word | (word >>> 1)) & ANSWERED) === ANSWERED) return word;
  let mended = word;
  for (let i = 0; i < 4; i++) {
    const unsure = ((flags[row + i] ?? 0) & UNSURE) !== 0;
    if (!unsure && flow[row + i] !== 0) continue;
    const verdict = unsure ? VERDICT.maybe : answers.without[kind[row + i] ?? 0] ?? VERDICT.maybe;
    mended = (mended & ~(0xff << (i * 8))) | (verdict << (i * 8));
  }
  return mended;
}

/** Of so many words one is looked at to choose a way. */
const SAMPLED = 61;
/** Words of which the flows are to be looked at, in fillJoined. */
const open = new Uint16Array(CHUNK >> 2);

/** Both at once, joined by `and` or `or`: flows are looked at where kinds and flags leave anything open. */
export function fillJoined(type: 'and' | 'or', chunk: PacketChunk, patterns: RowPatterns, plain: Uint8Array, bits: Verdicts, answers: FlowAnswers, from: number, to: number, out: Verdicts): void {
  // Of two verdicts `and` takes what may fail from either, `or` what may fit.
  const either = type === 'and' ? FAILS : ANSWERED;
  const byPattern = patternAnswers(patterns, bits);
  const words = wordsOf(out);
  if (isOpen(patterns, byPattern, either, from >> 2, to >> 2)) {
    fillFlows(chunk, patterns, plain, answers, from, to, out);
    joinPatterns(patterns, byPattern, either, from >> 2, to >> 2, words);
  } else joinFlows(chunk, patterns, plain, answers, either, fillOpen(patterns, byPattern, either, from >> 2, to >> 2, words), words);
}

/** Most words are not `told`, as far as some of them say. */
function isOpen({ numbers }: RowPatterns, byPattern: Int32Array, told: number, from: number, to: number): boolean {
  let [some, not] = [0, 0];
  for (let at = from; at < to; at += SAMPLED, some++) not += differs(byPattern[numbers[at] ?? 0] ?? 0, told);
  return not * 2 > some;
}

function joinPatterns({ numbers }: RowPatterns, byPattern: Int32Array, either: number, from: number, to: number, words: Int32Array): void {
  for (let at = from; at < to; at++) words[at] = joined(words[at] ?? 0, byPattern[numbers[at] ?? 0] ?? 0, either);
}

/** Four verdicts with four others: of the bits of `either` those that one has, of the rest those that both have. */
const joined = (one: number, other: number, either: number): number => ((one | other) & either) | (one & other & ~either);

/** Has the words in `open` that are not `told`; how many. */
function fillOpen({ numbers }: RowPatterns, byPattern: Int32Array, told: number, from: number, to: number, words: Int32Array): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const word = byPattern[numbers[at] ?? 0] ?? 0;
    words[at] = word;
    open[count] = at;
    count += differs(word, told);
  }
  return count;
}

function joinFlows(chunk: PacketChunk, { reversed }: RowPatterns, plain: Uint8Array, answers: FlowAnswers, either: number, count: number, words: Int32Array): void {
  const flows = wordsOf(chunk.flow);
  const { table } = answers;
  for (let i = 0; i < count; i++) {
    const at = open[i] ?? 0;
    const word = words[at] ?? 0;
    const looked = directed(flowsAt(table, flows, at * 4), reversed[at] ?? 0);
    const byFlow = plain[at >> (BLOCK_BITS - 2)] !== 1 ? sureFlows(chunk, answers, at, looked) : looked;
    words[at] = joined(byFlow, word, either);
  }
}

/** Rows that are TCP and hide nothing keep what `out` says, the others say what they are. */
export function onlyTcp({ numbers, tcp, others, mixed, mixedCount }: RowPatterns, from: number, out: Verdicts): void {
  const words = wordsOf(out);
  for (let i = 0; i < mixedCount; i++) {
    const at = mixed[i] ?? 0;
    const pattern = numbers[at] ?? 0;
    if (at * 4 >= from) words[at] = ((words[at] ?? 0) & (tcp[pattern] ?? 0)) | (others[pattern] ?? 0);
  }
}
