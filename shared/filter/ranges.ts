// Slices and layers: [i:length], [i-end] inclusive, [i], [:length], [i:]; negative places count from the end. Read from a filter's text, and applied.

import { FilterFault } from './fault';
import type { SliceRange } from './filter';
import type { Token } from './lexer';

const NUMBER = '-?(?:0[xX][0-9a-fA-F]+|\\d+)';
const SHAPES = {
  length: new RegExp(`^(${NUMBER})?:(${NUMBER})?$`),
  end: new RegExp(`^(${NUMBER})-(${NUMBER})$`),
  single: new RegExp(`^${NUMBER}$`),
};

/** Throws FilterFault for what is no range, or has nothing in it. */
export function rangeOf(token: Token): SliceRange {
  const text = token.text.replace(/\s+/g, '');
  const fault = (why: string): FilterFault => new FilterFault('badValue', token.at, token.length, `${why}: [${text}]`, { value: text });
  if (SHAPES.single.test(text)) return one(numberOf(text));
  const length = SHAPES.length.exec(text);
  if (length !== null && text !== ':') {
    const start = numberOf(length[1] ?? '0');
    if (length[2] === undefined) return { start, end: null };
    const count = numberOf(length[2]);
    if (count <= 0) throw fault('a slice needs a length above 0');
    return { start, end: endOf(start, count) };
  }
  const end = SHAPES.end.exec(text);
  if (end === null) throw fault('not a range');
  const [start, last] = [numberOf(end[1] ?? ''), numberOf(end[2] ?? '')];
  if (last <= start) throw fault('the end of the slice is not behind its start');
  return { start, end: endOf(last, 1) };
}

const one = (start: number): SliceRange => ({ start, end: endOf(start, 1) });
/** A slice that reaches the end from behind ends there. */
const endOf = (start: number, count: number): number | null => (start < 0 && start + count >= 0 ? (start + count === 0 ? null : start + count) : start + count);

function numberOf(text: string): number {
  const magnitude = Number(text.replace('-', ''));
  return text.startsWith('-') ? -magnitude : magnitude;
}

/** The bytes of the ranges, one after the other; ranges that are not all there are left out. Null: none is. */
export function sliced(bytes: Uint8Array, ranges: readonly SliceRange[]): Uint8Array | null {
  const parts = ranges.flatMap((range) => {
    const start = range.start < 0 ? bytes.length + range.start : range.start;
    const end = range.end === null ? bytes.length : range.start < 0 ? bytes.length + range.end : range.end;
    return start >= 0 && start < end && end <= bytes.length ? [bytes.subarray(start, end)] : [];
  });
  const [first] = parts;
  if (first === undefined) return null;
  if (parts.length === 1) return first;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Whether a layer, from 1 to `total`, is one of the ranges. */
export const inLayers = (layer: number, total: number, ranges: readonly SliceRange[]): boolean => ranges.some(({ start, end }) => {
  const from = start < 0 ? total + 1 + start : start;
  const to = end === null ? total + 1 : start < 0 ? total + 1 + end : end;
  return layer >= from && layer < to;
});
