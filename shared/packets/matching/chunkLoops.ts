// Loops over the rows of a chunk, four at a step, with one table look a row and no branch that a row decides: what makes a million packets cost two
// milliseconds. Columns are read a word at a time, lowest byte first, as every machine that Electron runs on has them (shared/base/byteOrder.ts). Used by
// columnFilter.ts.

import { UNSURE, type PacketChunk } from '../packetTable';
import { FLAG_BITS, FLAG_MASK } from './bitTable';
import { BLOCK_BITS } from './plainBlocks';
import { VERDICT, type Verdicts } from './verdict';

/** Four bytes, two shorts or one number of a column in each. */
export const wordsOf = (column: Uint8Array | Uint16Array | Uint32Array): Int32Array => new Int32Array(column.buffer, column.byteOffset, column.byteLength >> 2);

/** Of two rows' flags. */
const UNSURE_PAIR = UNSURE | (UNSURE << 16);
/** Four bytes of which each is a verdict, once the bits of each are put together. */
const ANSWERED = 0x0101_0101;
const FAILS = 0x0202_0202;

/** By kind << FLAG_BITS | flags. Rows from..to-1 are multiples of four, here and below. */
export function fillBits({ kind, flags }: PacketChunk, table: Verdicts, from: number, to: number, out: Verdicts): void {
  const kinds = wordsOf(kind);
  const pairs = wordsOf(flags);
  const words = wordsOf(out);
  for (let at = from >> 2; at < to >> 2; at++) words[at] = bitsAt(table, kinds[at] ?? 0, pairs[at * 2] ?? 0, pairs[at * 2 + 1] ?? 0);
}

const bitsAt = (table: Verdicts, kinds: number, a: number, b: number): number =>
  (table[((kinds & 0xff) << FLAG_BITS) | (a & FLAG_MASK)] ?? 0) | ((table[(((kinds >>> 8) & 0xff) << FLAG_BITS) | ((a >>> 16) & FLAG_MASK)] ?? 0) << 8) |
  ((table[(((kinds >>> 16) & 0xff) << FLAG_BITS) | (b & FLAG_MASK)] ?? 0) << 16) | ((table[((kinds >>> 24) << FLAG_BITS) | ((b >>> 16) & FLAG_MASK)] ?? 0) << 24);

/** The answers to a filter of flows: by flow << 1 | reverse, and by kind for rows without a flow. */
export interface FlowAnswers {
  readonly table: Verdicts;
  readonly without: Verdicts;
  /** Both directions of a flow have the same answer. */
  readonly symmetric: boolean;
}

/** Words of four rows in a block, as a mask. */
const IN_BLOCK = (1 << (BLOCK_BITS - 2)) - 1;

/** `plain`: plainBlocks of the chunk, whose rows need no second look. */
export function fillFlows(chunk: PacketChunk, plain: Uint8Array, answers: FlowAnswers, from: number, to: number, out: Verdicts): void {
  const { table, symmetric } = answers;
  const flows = wordsOf(chunk.flow);
  const pairs = wordsOf(chunk.flags);
  const words = wordsOf(out);
  const end = to >> 2;
  for (let at = from >> 2; at < end;) {
    const stop = Math.min((at | IN_BLOCK) + 1, end);
    if (plain[at >> (BLOCK_BITS - 2)] !== 1) for (; at < stop; at++) {
      const a = pairs[at * 2] ?? 0;
      const b = pairs[at * 2 + 1] ?? 0;
      const word = flowsAt(table, flows, at * 4, a, b);
      words[at] = isRare(word, a, b) ? repaired(chunk, answers, at * 4, word) : word;
    }
    else if (symmetric) for (; at < stop; at++) words[at] = flowsAt(table, flows, at * 4, 0, 0);
    else for (; at < stop; at++) words[at] = flowsAt(table, flows, at * 4, pairs[at * 2] ?? 0, pairs[at * 2 + 1] ?? 0);
  }
}

const flowsAt = (table: Verdicts, flows: Int32Array, row: number, a: number, b: number): number =>
  (table[((flows[row] ?? 0) << 1) | ((a >>> 9) & 1)] ?? 0) | ((table[((flows[row + 1] ?? 0) << 1) | ((a >>> 25) & 1)] ?? 0) << 8) |
  ((table[((flows[row + 2] ?? 0) << 1) | ((b >>> 9) & 1)] ?? 0) << 16) | ((table[((flows[row + 3] ?? 0) << 1) | ((b >>> 25) & 1)] ?? 0) << 24);

/** One of the four has no flow, or more in it than columns say. */
const isRare = (word: number, a: number, b: number): boolean => ((a | b) & UNSURE_PAIR) !== 0 || ((word | (word >>> 1)) & ANSWERED) !== ANSWERED;

function repaired({ flow, flags, kind }: PacketChunk, { without }: FlowAnswers, row: number, word: number): number {
  let mended = word;
  for (let i = 0; i < 4; i++) {
    const unsure = ((flags[row + i] ?? 0) & UNSURE) !== 0;
    if (!unsure && flow[row + i] !== 0) continue;
    const verdict = unsure ? VERDICT.maybe : without[kind[row + i] ?? 0] ?? VERDICT.maybe;
    mended = (mended & ~(0xff << (i * 8))) | (verdict << (i * 8));
  }
  return mended;
}

/** Both at once, joined by `and` or `or`: one pass over the columns instead of three. */
export function fillJoined(type: 'and' | 'or', chunk: PacketChunk, plain: Uint8Array, bits: Verdicts, answers: FlowAnswers, from: number, to: number, out: Verdicts): void {
  const { table } = answers;
  const kinds = wordsOf(chunk.kind);
  const flows = wordsOf(chunk.flow);
  const pairs = wordsOf(chunk.flags);
  const words = wordsOf(out);
  // Of two verdicts `and` takes what may fail from either, `or` what may fit.
  const either = type === 'and' ? FAILS : ANSWERED;
  const both = type === 'and' ? ANSWERED : FAILS;
  for (let at = from >> 2; at < to >> 2; at++) {
    const a = pairs[at * 2] ?? 0;
    const b = pairs[at * 2 + 1] ?? 0;
    const byBits = bitsAt(bits, kinds[at] ?? 0, a, b);
    // Told of all four: what their flows are changes nothing.
    if (byBits === either) {
      words[at] = byBits;
      continue;
    }
    const looked = flowsAt(table, flows, at * 4, a, b);
    const byFlow = plain[at >> (BLOCK_BITS - 2)] !== 1 && isRare(looked, a, b) ? repaired(chunk, answers, at * 4, looked) : looked;
    words[at] = ((byFlow | byBits) & either) | (byFlow & byBits & both);
  }
}

/** Rows of `sure` that say 'yes' keep what `out` says, the others say what `sure` does. */
export function onlySure({ kind, flags }: PacketChunk, sure: Verdicts, from: number, to: number, out: Verdicts): void {
  const kinds = wordsOf(kind);
  const pairs = wordsOf(flags);
  const words = wordsOf(out);
  for (let at = from >> 2; at < to >> 2; at++) {
    const there = bitsAt(sure, kinds[at] ?? 0, pairs[at * 2] ?? 0, pairs[at * 2 + 1] ?? 0);
    const others = (there >>> 1) & ANSWERED;
    const mask = (others << 8) - others;
    words[at] = ((words[at] ?? 0) & ~mask) | (there & mask);
  }
}
