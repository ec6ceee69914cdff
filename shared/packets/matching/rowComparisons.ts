// One number of each row against a constant: loops for columnFilter.ts, four rows at a step and without a branch that a row decides, for neighbours
// differ. Times are compared exactly, seconds and nanoseconds apart.

import { never } from '../../base/assert';
import { CHUNK, type PacketChunk } from '../packetTable';
import { borrow, differs } from './borrow';
import type { CaptureColumns } from './columnFilter';
import type { RowField } from './rowFields';
import { isBefore, timeSpan } from './timeSpan';
import type { Verdicts } from './verdict';
import { wordsOf } from './words';

/** The answer for numbers below, at and above the constant; every comparison has two of them alike. */
export interface Limits {
  readonly below: number;
  readonly same: number;
  readonly above: number;
}

type RowFill = (chunk: PacketChunk, first: number, from: number, to: number, out: Verdicts) => void;

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
    case 'window': {
      const wide = new Uint32Array(CHUNK);
      return ({ window }, _first, from, to, out) => {
        wide.set(window);
        numbers(wide, limit, limits, from, to, out);
      };
    }
    default: return never(field);
  }
}

/** Numbers that rise by one from row to row. */
function inOrder(first: number, limit: number, { below, same, above }: Limits, from: number, to: number, out: Verdicts): void {
  const row = (value: number): number => Math.max(from, Math.min(value - first, to));
  out.fill(below, from, row(Math.ceil(limit)));
  out.fill(same, row(Math.ceil(limit)), row(Math.floor(limit) + 1));
  out.fill(above, row(Math.floor(limit) + 1), to);
}

const FOUR = 0x0101_0101;
const MOST = 0xffff_ffff;

function numbers(column: Uint32Array, limit: number, { below, same, above }: Limits, from: number, to: number, out: Verdicts): void {
  if (limit < 0) out.fill(above, from, to);
  else if (limit > MOST) out.fill(below, from, to);
  else if (below === above) equal(wordsOf(column), limit | 0, same, below - same, from, to, wordsOf(out));
  else if (same === above) less(wordsOf(column), limit, above, below - above, from, to, wordsOf(out));
  else if (limit === MOST) out.fill(same, from, to);
  else less(wordsOf(column), limit + 1, above, same - above, from, to, wordsOf(out));
}

/** `other` is what makes the answer for a number from the limit on that for one below it. */
function less(column: Int32Array, limit: number, answer: number, other: number, from: number, to: number, out: Int32Array): void {
  const least = limit | 0;
  const base = answer * FOUR;
  // Lengths are below 2^31, where subtracting tells.
  const small = least > 0;
  for (let i = from; i < to; i += 4) {
    const a = column[i] ?? 0;
    const b = column[i + 1] ?? 0;
    const c = column[i + 2] ?? 0;
    const d = column[i + 3] ?? 0;
    const bits = small && (a | b | c | d) >= 0
      ? ((a - least) >>> 31) | (((b - least) >>> 31) << 8) | (((c - least) >>> 31) << 16) | (((d - least) >>> 31) << 24)
      : borrow(a, least) | (borrow(b, least) << 8) | (borrow(c, least) << 16) | (borrow(d, least) << 24);
    out[i >> 2] = (base + Math.imul(bits, other)) | 0;
  }
}

function equal(column: Int32Array, wanted: number, answer: number, other: number, from: number, to: number, out: Int32Array): void {
  const base = answer * FOUR;
  for (let i = from; i < to; i += 4) {
    const bits = differs(column[i] ?? 0, wanted) | (differs(column[i + 1] ?? 0, wanted) << 8) | (differs(column[i + 2] ?? 0, wanted) << 16) | (differs(column[i + 3] ?? 0, wanted) << 24);
    out[i >> 2] = (base + Math.imul(bits, other)) | 0;
  }
}

/** Most chunks, and of the others most packets, lie in another second than the constant, and so do those beside them. */
function moments(chunk: PacketChunk, rows: number, value: bigint, { below, same, above }: Limits, from: number, to: number, out: Verdicts): void {
  const second = Number(value >= 0n ? value / 1_000_000_000n : (value - 999_999_999n) / 1_000_000_000n);
  const nano = Number(value - BigInt(second) * 1_000_000_000n);
  const span = timeSpan(chunk, rows);
  if (isBefore(span.lastSecond, span.lastNano, second, nano)) return void out.fill(below, from, to);
  if (isBefore(second, nano, span.firstSecond, span.firstNano)) return void out.fill(above, from, to);
  const { seconds, nanos } = chunk;
  const words = wordsOf(out);
  for (let i = from; i < to; i += 4) {
    const [a, b, c, d] = [seconds[i] ?? 0, seconds[i + 1] ?? 0, seconds[i + 2] ?? 0, seconds[i + 3] ?? 0];
    if (a < second && b < second && c < second && d < second) words[i >> 2] = below * FOUR;
    else if (a > second && b > second && c > second && d > second) words[i >> 2] = above * FOUR;
    else for (let row = i; row < i + 4; row++) {
      const whole = seconds[row] ?? 0;
      const part = nanos[row] ?? 0;
      out[row] = isBefore(whole, part, second, nano) ? below : isBefore(second, nano, whole, part) ? above : same;
    }
  }
}
