// Which kinds and flags four neighbouring rows have, as the number of a pattern: a capture has few of them, so that a filter of kinds and flags is asked
// once a pattern, and a look tells of four rows. Found out once a chunk for all filters. Used by chunkLoops.ts.

import { CHUNK, UNSURE, type PacketChunk } from '../packetTable';
import { bitPlace, TCP_BITS, TCP_TABLE } from './bitTable';
import { perChunk } from './perChunk';
import { VERDICT, type Verdicts } from './verdict';
import { wordsOf } from './words';

export interface RowPatterns {
  /** By four rows: the number of their pattern. */
  readonly numbers: Uint16Array;
  /** Patterns, and what each is: kinds, then flags, in three words. */
  count: number;
  readonly contents: Int32Array;
  /** By pattern: all bits of the rows that are TCP and hide nothing; and what "is it TCP" is answered with for the others. */
  readonly tcp: Uint8Array;
  readonly others: Uint8Array;
  /** The fours that are not all TCP, rising; so many. */
  readonly mixed: Uint16Array;
  mixedCount: number;
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
/** Four verdicts in a byte, each that it may fit. */
const FITS = 0x55;
const WHOLE = 0xff;

/** Patterns by what they are, each with 1 added; 0: nothing. Twice as many as there can be patterns. */
const slots = new Uint16Array(FOURS * 2);

/** The patterns of a chunk of which `rows` rows are there; of a last four that is not whole yet, as it is now. */
export const rowPatterns: (chunk: PacketChunk, rows: number) => RowPatterns = perChunk(
  // What nobody writes to costs no memory.
  (): Learned => ({ numbers: new Uint16Array(FOURS), count: 0, contents: new Int32Array(FOURS * WORDS), tcp: new Uint8Array(FOURS), others: new Uint8Array(FOURS), mixed: new Uint16Array(FOURS), mixedCount: 0, known: 0, whole: 0, wholeMixed: 0 }),
  tell,
);

function tell(chunk: PacketChunk, patterns: Learned, until: number): void {
  const whole = until >> 2;
  if (patterns.known < whole) learn(chunk, patterns, whole);
  patterns.count = patterns.whole;
  patterns.mixedCount = patterns.wholeMixed;
  if (whole * 4 === until) return;
  const [kinds, pairs] = [wordsOf(chunk.kind), wordsOf(chunk.flags)];
  add(patterns, patterns.count, kinds[whole] ?? 0, (pairs[whole * 2] ?? 0) & ASKED, (pairs[whole * 2 + 1] ?? 0) & ASKED);
  if (patterns.tcp[patterns.count] !== WHOLE) patterns.mixed[patterns.mixedCount++] = whole;
  patterns.numbers[whole] = patterns.count++;
}

function learn(chunk: PacketChunk, patterns: Learned, until: number): void {
  const kinds = wordsOf(chunk.kind);
  const pairs = wordsOf(chunk.flags);
  const { numbers, contents, tcp, mixed } = patterns;
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
    if (tcp[number] !== WHOLE) mixed[patterns.wholeMixed++] = four;
    numbers[four] = number;
  }
}

function add({ contents, tcp, others }: RowPatterns, pattern: number, kinds: number, a: number, b: number): void {
  contents.set([kinds, a, b], pattern * WORDS);
  const there = answersAt(TCP_TABLE, kinds, a, b);
  const rest = ((there >>> 1) & FITS) * VERDICT.maybe;
  tcp[pattern] = WHOLE - rest;
  others[pattern] = there & rest;
}

/** What a table by bitPlace answers: by pattern, four rows in a byte. */
export function patternAnswers({ contents, count }: RowPatterns, table: Verdicts): Verdicts {
  const answers = new Uint8Array(count);
  for (let pattern = 0; pattern < count; pattern++) answers[pattern] = answersAt(table, contents[pattern * WORDS] ?? 0, contents[pattern * WORDS + 1] ?? 0, contents[pattern * WORDS + 2] ?? 0);
  return answers;
}

const answersAt = (table: Verdicts, kinds: number, a: number, b: number): number =>
  (table[bitPlace(kinds & 0xff, a & 0xffff)] ?? 0) | ((table[bitPlace((kinds >>> 8) & 0xff, a >>> 16)] ?? 0) << 2) |
  ((table[bitPlace((kinds >>> 16) & 0xff, b & 0xffff)] ?? 0) << 4) | ((table[bitPlace(kinds >>> 24, b >>> 16)] ?? 0) << 6);
