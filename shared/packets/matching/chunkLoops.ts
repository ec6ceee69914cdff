// Loops over the rows of a chunk, sixteen at a step, with at most one table look a row and no branch that a row decides: what makes a million packets cost a
// millisecond. Each is a function of its own: V8 compiles a loop while it runs, and gives up what it compiled at a second one that has not run yet, again
// and again. Used by columnFilter.ts.

import type { RowFlows } from './rowFlows';
import { patternAnswers, type RowPatterns } from './rowPatterns';
import { VERDICT, WORD_BITS, wordOf, type Verdicts, type VerdictWords } from './verdict';
import { fourTimes, wordsOf } from './words';

/** By bitPlace. Rows from..to-1 are multiples of sixteen, here and below. */
export function fillBits(patterns: RowPatterns, table: Verdicts, from: number, to: number, out: VerdictWords): void {
  const answers = patternAnswers(patterns, table);
  const any = fourTimes(anyOf(answers));
  if (any === wordOf(VERDICT.yes) || any === wordOf(VERDICT.no)) out.fill(any, from >> WORD_BITS, to >> WORD_BITS);
  else byPattern(answers, patterns.numbers, from, to, out);
}

/** Of all bytes those bits that any of them has. */
function anyOf(answers: Verdicts): number {
  let any = 0;
  for (let i = 0; i < answers.length; i++) any |= answers[i] ?? 0;
  return any;
}

function byPattern(answers: Verdicts, numbers: Uint16Array, from: number, to: number, out: VerdictWords): void {
  for (let at = from >> WORD_BITS; at < to >> WORD_BITS; at++) {
    const four = at * 4;
    out[at] = (answers[numbers[four] ?? 0] ?? 0) | ((answers[numbers[four + 1] ?? 0] ?? 0) << 8) | ((answers[numbers[four + 2] ?? 0] ?? 0) << 16) | ((answers[numbers[four + 3] ?? 0] ?? 0) << 24);
  }
}

/** By place, as of rowFlows.ts. */
export function fillFlows(flows: RowFlows, table: Verdicts, from: number, to: number, out: VerdictWords): void {
  const answers = new Uint8Array(flows.count);
  const any = lookUp(flows, table, answers);
  if (any === VERDICT.maybe) byNumber(answers, wordsOf(flows.numbers), from, to, out);
  else out.fill(wordOf(any), from >> WORD_BITS, to >> WORD_BITS);
}

/** The same joined to what `out` has: flows are looked at where that leaves anything open. */
export function joinFlows(type: 'and' | 'or', flows: RowFlows, table: Verdicts, from: number, to: number, out: VerdictWords): void {
  const answers = new Uint8Array(flows.count);
  const any = lookUp(flows, table, answers);
  const [deciding, idle] = type === 'and' ? [VERDICT.no, VERDICT.yes] : [VERDICT.yes, VERDICT.no];
  if (any === deciding) out.fill(wordOf(any), from >> WORD_BITS, to >> WORD_BITS);
  else if (any !== idle) joinByNumber(answers, wordsOf(flows.numbers), wordOf(deciding), from, to, out);
}

/** What the table says of each number; of all together what may be. */
function lookUp({ places }: RowFlows, table: Verdicts, answers: Verdicts): number {
  let any = 0;
  for (let number = 0; number < answers.length; number++) any |= answers[number] = table[places[number] ?? 0] ?? 0;
  return any;
}

function byNumber(answers: Verdicts, pairs: Int32Array, from: number, to: number, out: VerdictWords): void {
  for (let at = from >> WORD_BITS; at < to >> WORD_BITS; at++) out[at] = ofPairs(answers, pairs, at * 8);
}

/** `and` takes what may fail from either, `or` what may fit: the bits of `deciding`. */
function joinByNumber(answers: Verdicts, pairs: Int32Array, deciding: number, from: number, to: number, out: VerdictWords): void {
  for (let at = from >> WORD_BITS; at < to >> WORD_BITS; at++) {
    const word = out[at] ?? 0;
    if (word === deciding) continue;
    const other = ofPairs(answers, pairs, at * 8);
    out[at] = ((word | other) & deciding) | (word & other & ~deciding);
  }
}

/** Sixteen rows; numbers of two are in a word. */
const ofPairs = (answers: Verdicts, pairs: Int32Array, at: number): number =>
  ofPair(answers, pairs[at] ?? 0) | (ofPair(answers, pairs[at + 1] ?? 0) << 4) | (ofPair(answers, pairs[at + 2] ?? 0) << 8) | (ofPair(answers, pairs[at + 3] ?? 0) << 12) |
  (ofPair(answers, pairs[at + 4] ?? 0) << 16) | (ofPair(answers, pairs[at + 5] ?? 0) << 20) | (ofPair(answers, pairs[at + 6] ?? 0) << 24) | (ofPair(answers, pairs[at + 7] ?? 0) << 28);

const ofPair = (answers: Verdicts, pair: number): number => (answers[pair & 0xffff] ?? 0) | ((answers[pair >>> 16] ?? 0) << 2);

/** Rows that are TCP and hide nothing keep what `out` says, the others say what they are. */
export function onlyTcp({ numbers, tcp, others, mixed, mixedCount }: RowPatterns, from: number, out: VerdictWords): void {
  const fours = new Uint8Array(out.buffer);
  for (let i = 0; i < mixedCount; i++) {
    const at = mixed[i] ?? 0;
    const pattern = numbers[at] ?? 0;
    if (at * 4 >= from) fours[at] = ((fours[at] ?? 0) & (tcp[pattern] ?? 0)) | (others[pattern] ?? 0);
  }
}
