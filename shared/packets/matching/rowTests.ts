// One number of each row against a constant: the loops of columnFilter.ts. Times are compared exactly, seconds and nanoseconds apart.

import { never } from '../../base/assert';
import type { PacketChunk } from '../packetTable';
import { FLAG_BITS, FLAG_MASK } from './bitTable';
import type { CaptureColumns } from './columnFilter';
import type { RowField } from './rowFields';
import { VERDICT, type Verdicts } from './verdict';

/** The answer for numbers below, at and above the constant. */
export interface Limits {
  readonly below: number;
  readonly same: number;
  readonly above: number;
}

/** `tcp`: the answer to "is it TCP, and nothing hidden", by kind and flags. */
type RowFill = (chunk: PacketChunk, first: number, from: number, to: number, out: Verdicts, tcp: Verdicts) => void;

export function fillRow(field: RowField, value: number | bigint, limits: Limits, { table }: CaptureColumns): RowFill {
  const limit = Number(value);
  switch (field) {
    case 'number': return (_chunk, first, from, to, out) => {
      for (let i = from; i < to; i++) out[i] = side(first + i + 1, limit, limits);
    };
    case 'wire': return ({ wire }, _first, from, to, out) => lengths(wire, limit, limits, from, to, out);
    case 'captured': return ({ captured }, _first, from, to, out) => lengths(captured, limit, limits, from, to, out);
    case 'epoch': return (chunk, _first, from, to, out) => moments(chunk, BigInt(value), limits, from, to, out);
    case 'relative': return (chunk, _first, from, to, out) => {
      const start = table.chunks[0];
      const epoch = BigInt(start?.seconds[0] ?? 0) * 1_000_000_000n + BigInt(start?.nanos[0] ?? 0);
      moments(chunk, epoch + BigInt(value), limits, from, to, out);
    };
    case 'payload': return (chunk, _first, from, to, out, tcp) => lengthsOfTcp(chunk, tcp, limit, limits, from, to, out);
    case 'sequence': return (chunk, _first, from, to, out, tcp) => ofTcp(chunk, chunk.sequence, tcp, limit, limits, from, to, out);
    case 'acknowledgment': return (chunk, _first, from, to, out, tcp) => ofTcp(chunk, chunk.acknowledgment, tcp, limit, limits, from, to, out);
    case 'window': return ({ kind, flags, window }, _first, from, to, out, tcp) => {
      for (let i = from; i < to; i++) {
        const there = tcp[((kind[i] ?? 0) << FLAG_BITS) | ((flags[i] ?? 0) & FLAG_MASK)] ?? VERDICT.maybe;
        out[i] = there === VERDICT.yes ? side(window[i] ?? 0, limit, limits) : there;
      }
    };
    default: return never(field);
  }
}

const side = (value: number, limit: number, limits: Limits): number => (value < limit ? limits.below : value > limit ? limits.above : limits.same);

/** Lengths are below 2^31, so that signs tell without a branch; a constant beyond is above all of them. */
const MOST_LENGTH = 0x7fff_ffff;
const clamped = (limit: number): number => Math.max(-1, Math.min(limit, MOST_LENGTH)) | 0;
const packed = ({ below, same, above }: Limits): number => below | (same << 8) | (above << 16);
/** The byte of `answers` for a length below, at or above the constant. */
const answer = (length: number, limit: number, answers: number): number => (answers >> ((1 + ((length - limit) >> 31) - ((limit - length) >> 31)) << 3)) & 0xff;

/** The answer where it is TCP ('yes', the least of verdicts), else what is known instead: without a branch, for neighbours differ. */
const ofSure = (there: number, found: number): number => {
  const sure = (there - VERDICT.no) >> 31;
  return (found & sure) | (there & ~sure);
};

function lengths(column: Uint32Array, constant: number, limits: Limits, from: number, to: number, out: Verdicts): void {
  const limit = clamped(constant);
  const answers = packed(limits);
  const words = new Uint32Array(out.buffer, out.byteOffset, out.byteLength >> 2);
  for (let i = from; i < to; i += 4) {
    words[i >> 2] = answer((column[i] ?? 0) | 0, limit, answers) | (answer((column[i + 1] ?? 0) | 0, limit, answers) << 8) |
      (answer((column[i + 2] ?? 0) | 0, limit, answers) << 16) | (answer((column[i + 3] ?? 0) | 0, limit, answers) << 24);
  }
}

function lengthsOfTcp({ kind, flags, payload }: PacketChunk, tcp: Verdicts, constant: number, limits: Limits, from: number, to: number, out: Verdicts): void {
  const limit = clamped(constant);
  const answers = packed(limits);
  const words = new Uint32Array(out.buffer, out.byteOffset, out.byteLength >> 2);
  for (let i = from; i < to; i += 4) {
    words[i >> 2] = ofSure(tcp[((kind[i] ?? 0) << FLAG_BITS) | ((flags[i] ?? 0) & FLAG_MASK)] ?? 0, answer((payload[i] ?? 0) | 0, limit, answers)) |
      (ofSure(tcp[((kind[i + 1] ?? 0) << FLAG_BITS) | ((flags[i + 1] ?? 0) & FLAG_MASK)] ?? 0, answer((payload[i + 1] ?? 0) | 0, limit, answers)) << 8) |
      (ofSure(tcp[((kind[i + 2] ?? 0) << FLAG_BITS) | ((flags[i + 2] ?? 0) & FLAG_MASK)] ?? 0, answer((payload[i + 2] ?? 0) | 0, limit, answers)) << 16) |
      (ofSure(tcp[((kind[i + 3] ?? 0) << FLAG_BITS) | ((flags[i + 3] ?? 0) & FLAG_MASK)] ?? 0, answer((payload[i + 3] ?? 0) | 0, limit, answers)) << 24);
  }
}

function ofTcp({ kind, flags }: PacketChunk, column: Uint32Array, tcp: Verdicts, limit: number, { below, same, above }: Limits, from: number, to: number, out: Verdicts): void {
  for (let i = from; i < to; i++) {
    const there = tcp[((kind[i] ?? 0) << FLAG_BITS) | ((flags[i] ?? 0) & FLAG_MASK)] ?? VERDICT.maybe;
    const value = column[i] ?? 0;
    out[i] = there !== VERDICT.yes ? there : value < limit ? below : value > limit ? above : same;
  }
}

function moments({ seconds, nanos }: PacketChunk, value: bigint, { below, same, above }: Limits, from: number, to: number, out: Verdicts): void {
  const second = Number(value >= 0n ? value / 1_000_000_000n : (value - 999_999_999n) / 1_000_000_000n);
  const nano = Number(value - BigInt(second) * 1_000_000_000n);
  for (let i = from; i < to; i++) {
    const whole = seconds[i] ?? 0;
    const part = nanos[i] ?? 0;
    out[i] = whole < second || (whole === second && part < nano) ? below : whole > second || part > nano ? above : same;
  }
}
