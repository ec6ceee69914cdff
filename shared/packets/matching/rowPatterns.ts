// Which kinds and flags four neighbouring rows have, as the number of a pattern: a capture has few of them, so that a filter of kinds and flags is asked
// once a pattern, and a look tells of four rows. Found out once a chunk for all filters. Used by chunkLoops.ts.

import { CHUNK, PACKET_FLAG, UNSURE, type PacketChunk } from '../packetTable';
import { FLAG_BITS, FLAG_MASK, TCP_BITS, TCP_TABLE } from './bitTable';
import type { Verdicts } from './verdict';
import { wordsOf } from './words';

export interface RowPatterns {
  /** By four rows: the number of their pattern. */
  readonly numbers: Uint16Array;
  /** Patterns, and what each is: kinds, then flags, in three words. */
  count: number;
  readonly contents: Int32Array;
  /** By pattern: all bits of the rows that are TCP and hide nothing; and what "is it TCP" is answered with for the others. */
  readonly tcp: Int32Array;
  readonly others: Int32Array;
  /** The fours that are not all TCP, rising; so many. */
  readonly mixed: Uint16Array;
  mixedCount: number;
  /** By four rows, a bit each from the lowest: the flow's second end sent it. */
  readonly reversed: Uint8Array;
}

interface Learned extends RowPatterns {
  /** Fours that are looked at, their patterns, and those of them that are mixed. */
  known: number;
  whole: number;
  wholeMixed: number;
}

const FOURS = CHUNK >> 2;
const WORDS = 3;
/** All that answers depend on, of two rows' flags. */
const ASKED = (TCP_BITS | UNSURE) * 0x1_0001;
const REVERSE = PACKET_FLAG.reverse * 0x1_0001;
/** Four verdicts, once the bits of each are put together. */
const ANSWERED = 0x0101_0101;

const kept = new WeakMap<PacketChunk, Learned>();
/** Patterns by what they are, each with 1 added; 0: nothing. Twice as many as there can be patterns. */
const slots = new Uint16Array(FOURS * 2);

/** The patterns of a chunk of which `rows` rows are there; of a last four that is not whole yet, as it is now. */
export function rowPatterns(chunk: PacketChunk, rows: number): RowPatterns {
  let patterns = kept.get(chunk);
  // What nobody writes to costs no memory.
  if (patterns === undefined) kept.set(chunk, (patterns = { numbers: new Uint16Array(FOURS), count: 0, contents: new Int32Array(FOURS * WORDS), tcp: new Int32Array(FOURS), others: new Int32Array(FOURS), mixed: new Uint16Array(FOURS), mixedCount: 0, reversed: new Uint8Array(FOURS), known: 0, whole: 0, wholeMixed: 0 }));
  const there = Math.min(rows, CHUNK);
  const whole = there >> 2;
  if (patterns.known < whole) learn(chunk, patterns, whole);
  patterns.count = patterns.whole;
  patterns.mixedCount = patterns.wholeMixed;
  if (whole * 4 === there) return patterns;
  const [kinds, pairs] = [wordsOf(chunk.kind), wordsOf(chunk.flags)];
  add(patterns, patterns.count, kinds[whole] ?? 0, (pairs[whole * 2] ?? 0) & ASKED, (pairs[whole * 2 + 1] ?? 0) & ASKED);
  if (patterns.tcp[patterns.count] !== -1) patterns.mixed[patterns.mixedCount++] = whole;
  patterns.numbers[whole] = patterns.count++;
  patterns.reversed[whole] = reversedOf(pairs, whole);
  return patterns;
}

function learn(chunk: PacketChunk, patterns: Learned, until: number): void {
  const kinds = wordsOf(chunk.kind);
  const pairs = wordsOf(chunk.flags);
  const { numbers, contents, tcp, mixed, reversed } = patterns;
  const slotOf = (a: number, b: number, c: number): number => {
    let slot = Math.imul(Math.imul(Math.imul(a, 0x9e37_79b1) ^ b, 0x85eb_ca6b) ^ c, 0xc2b2_ae35) >>> 17;
    for (;; slot = (slot + 1) & (slots.length - 1)) {
      const at = ((slots[slot] ?? 0) - 1) * WORDS;
      if (at < 0 || (contents[at] === a && contents[at + 1] === b && contents[at + 2] === c)) return slot;
    }
  };
  slots.fill(0);
  for (let pattern = 0; pattern < patterns.whole; pattern++) slots[slotOf(contents[pattern * WORDS] ?? 0, contents[pattern * WORDS + 1] ?? 0, contents[pattern * WORDS + 2] ?? 0)] = pattern + 1;
  for (; patterns.known < until; patterns.known++) {
    const four = patterns.known;
    const [a, b, c] = [kinds[four] ?? 0, (pairs[four * 2] ?? 0) & ASKED, (pairs[four * 2 + 1] ?? 0) & ASKED];
    const slot = slotOf(a, b, c);
    if (slots[slot] === 0) {
      add(patterns, patterns.whole++, a, b, c);
      slots[slot] = patterns.whole;
    }
    const number = (slots[slot] ?? 0) - 1;
    if (tcp[number] !== -1) mixed[patterns.wholeMixed++] = four;
    numbers[four] = number;
    reversed[four] = reversedOf(pairs, four);
  }
}

function add({ contents, tcp, others }: RowPatterns, pattern: number, kinds: number, a: number, b: number): void {
  contents.set([kinds, a, b], pattern * WORDS);
  const there = answersAt(TCP_TABLE, kinds, a, b);
  const isOther = (there >>> 1) & ANSWERED;
  const rest = (isOther << 8) - isOther;
  tcp[pattern] = ~rest;
  others[pattern] = there & rest;
}

function reversedOf(pairs: Int32Array, four: number): number {
  const a = (pairs[four * 2] ?? 0) & REVERSE;
  const b = (pairs[four * 2 + 1] ?? 0) & REVERSE;
  return ((a >>> 9) & 1) | ((a >>> 24) & 2) | ((b >>> 7) & 4) | ((b >>> 22) & 8);
}

/** What a table by kind << FLAG_BITS | flags answers: by pattern, four rows in a word. */
export function patternAnswers({ contents, count }: RowPatterns, table: Verdicts): Int32Array {
  const answers = new Int32Array(count);
  for (let pattern = 0; pattern < count; pattern++) answers[pattern] = answersAt(table, contents[pattern * WORDS] ?? 0, contents[pattern * WORDS + 1] ?? 0, contents[pattern * WORDS + 2] ?? 0);
  return answers;
}

const answersAt = (table: Verdicts, kinds: number, a: number, b: number): number =>
  (table[((kinds & 0xff) << FLAG_BITS) | (a & FLAG_MASK)] ?? 0) | ((table[(((kinds >>> 8) & 0xff) << FLAG_BITS) | ((a >>> 16) & FLAG_MASK)] ?? 0) << 8) |
  ((table[(((kinds >>> 16) & 0xff) << FLAG_BITS) | (b & FLAG_MASK)] ?? 0) << 16) | ((table[((kinds >>> 24) << FLAG_BITS) | ((b >>> 16) & FLAG_MASK)] ?? 0) << 24);
