// One number of each row against a constant: loops for columnFilter.ts, sixteen rows at a step and without a branch that a row decides, for neighbours
// differ. Times are compared exactly, seconds and nanoseconds apart.

import { never } from '../../base/assert';
import type { PacketChunk } from '../packetTable';
import type { CaptureColumns } from './captureColumns';
import type { RowField } from './rowFields';
import { isBefore, timeSpan } from './timeSpan';
import { fillRows, packRows, rowBytes, wordOf, WORD_BITS, type VerdictWords } from './verdict';
import { fourTimes, wordsOf } from './words';

/** The answer for numbers below, at and above the constant; every comparison has two of them alike. */
export interface Limits {
  readonly below: number;
  readonly same: number;
  readonly above: number;
}

type RowFill = (chunk: PacketChunk, first: number, from: number, to: number, out: VerdictWords) => void;

/** The answers of a chunk's rows, whoever has the field: of what is not TCP its numbers are 0. */
export function fillRow(field: RowField, value: number | bigint, limits: Limits, { table }: CaptureColumns): RowFill {
  const limit = Number(value);
  switch (field) {
    case 'number': return (_chunk, first, from, to, out) => inOrder(first + 1, limit, limits, from, to, out);
    case 'wire': return ({ wire }, _first, from, to, out) => numbers(wire, limit, limits, from, to, out);
    case 'captured': return ({ captured }, _first, from, to, out) => numbers(captured, limit, limits, from, to, out);
    case 'epoch': return (chunk, first, from, to, out) => moments(chunk, table.count - first, BigInt(value), limits, from, to, out);
    case 'relative': return (chunk, first, from, to, out) => {
      const start = table.chunks[0];
      const epoch = BigInt(start?.seconds[0] ?? 0) * 1_000_000_000n + BigInt(start?.nanos[0] ?? 0);
      moments(chunk, table.count - first, epoch + BigInt(value), limits, from, to, out);
    };
    case 'payload': return ({ payload }, _first, from, to, out) => numbers(payload, limit, limits, from, to, out);
    case 'sequence': return ({ sequence }, _first, from, to, out) => numbers(sequence, limit, limits, from, to, out);
    case 'acknowledgment': return ({ acknowledgment }, _first, from, to, out) => numbers(acknowledgment, limit, limits, from, to, out);
    case 'window': return ({ window }, _first, from, to, out) => numbers(window, limit, limits, from, to, out);
    default: return never(field);
  }
}

/** Numbers that rise by one from row to row. */
function inOrder(first: number, limit: number, { below, same, above }: Limits, from: number, to: number, out: VerdictWords): void {
  const row = (value: number): number => Math.max(from, Math.min(value - first, to));
  fillRows(out, below, from, row(Math.ceil(limit)));
  fillRows(out, same, row(Math.ceil(limit)), row(Math.floor(limit) + 1));
  fillRows(out, above, row(Math.floor(limit) + 1), to);
}

const MOST = 0xffff_ffff;

function numbers(column: Uint16Array | Uint32Array, limit: number, { below, same, above }: Limits, from: number, to: number, out: VerdictWords): void {
  if (limit < 0) fillRows(out, above, from, to);
  else if (limit > MOST) fillRows(out, below, from, to);
  else if (below === above) equal(column, limit, below, same - below, from, to, out);
  else if (same === above) less(column, limit, above, below - above, from, to, out);
  else less(column, limit + 1, above, same - above, from, to, out);
}

/** `other` is what makes the answer for a number from the limit on that for one below it. */
function less(column: Uint16Array | Uint32Array, limit: number, answer: number, other: number, from: number, to: number, out: VerdictWords): void {
  const base = wordOf(answer);
  for (let at = from >> WORD_BITS; at < to >> WORD_BITS; at++) {
    const row = at << WORD_BITS;
    const bits = fourLess(column, row, limit) | (fourLess(column, row + 4, limit) << 8) | (fourLess(column, row + 8, limit) << 16) | (fourLess(column, row + 12, limit) << 24);
    out[at] = base + Math.imul(bits, other);
  }
}

/** `other` is what makes the answer for another number that for the one wanted. */
function equal(column: Uint16Array | Uint32Array, wanted: number, answer: number, other: number, from: number, to: number, out: VerdictWords): void {
  const base = wordOf(answer);
  for (let at = from >> WORD_BITS; at < to >> WORD_BITS; at++) {
    const row = at << WORD_BITS;
    const bits = fourEqual(column, row, wanted) | (fourEqual(column, row + 4, wanted) << 8) | (fourEqual(column, row + 8, wanted) << 16) | (fourEqual(column, row + 12, wanted) << 24);
    out[at] = base + Math.imul(bits, other);
  }
}

/** The lowest bit of each of four verdicts. Number() of a comparison is no branch. */
const fourLess = (column: Uint16Array | Uint32Array, row: number, limit: number): number =>
  Number((column[row] ?? 0) < limit) | (Number((column[row + 1] ?? 0) < limit) << 2) | (Number((column[row + 2] ?? 0) < limit) << 4) | (Number((column[row + 3] ?? 0) < limit) << 6);

const fourEqual = (column: Uint16Array | Uint32Array, row: number, wanted: number): number =>
  Number(column[row] === wanted) | (Number(column[row + 1] === wanted) << 2) | (Number(column[row + 2] === wanted) << 4) | (Number(column[row + 3] === wanted) << 6);

/** Most chunks, and of the others most packets, lie in another second than the constant, and so do those beside them. */
function moments(chunk: PacketChunk, rows: number, value: bigint, { below, same, above }: Limits, from: number, to: number, out: VerdictWords): void {
  const second = Number(value >= 0n ? value / 1_000_000_000n : (value - 999_999_999n) / 1_000_000_000n);
  const nano = Number(value - BigInt(second) * 1_000_000_000n);
  const span = timeSpan(chunk, rows);
  if (isBefore(span.lastSecond, span.lastNano, second, nano)) return fillRows(out, below, from, to);
  if (isBefore(second, nano, span.firstSecond, span.firstNano)) return fillRows(out, above, from, to);
  const { seconds, nanos } = chunk;
  const fours = wordsOf(rowBytes);
  for (let i = from; i < to; i += 4) {
    const [a, b, c, d] = [seconds[i] ?? 0, seconds[i + 1] ?? 0, seconds[i + 2] ?? 0, seconds[i + 3] ?? 0];
    if (a < second && b < second && c < second && d < second) fours[i >> 2] = fourTimes(below);
    else if (a > second && b > second && c > second && d > second) fours[i >> 2] = fourTimes(above);
    else for (let row = i; row < i + 4; row++) {
      const whole = seconds[row] ?? 0;
      const part = nanos[row] ?? 0;
      rowBytes[row] = isBefore(whole, part, second, nano) ? below : isBefore(second, nano, whole, part) ? above : same;
    }
  }
  packRows(rowBytes, from, to, out);
}
