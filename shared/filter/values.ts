// Values side by side: which is greater, and what comes out of a sum or a mask. Values of one nature only; check.ts saw to that.

import { never } from '../base/assert';
import type { Arithmetic, Comparison, FilterValue } from './filter';

/** Below 0: left is less. NaN: they cannot be compared. `prefix`: leading bits of addresses that count. */
export function order(left: FilterValue, right: FilterValue, prefix: number | null = null): number {
  if (left instanceof Uint8Array || right instanceof Uint8Array) return left instanceof Uint8Array && right instanceof Uint8Array ? orderBytes(left, right, prefix) : NaN;
  if (typeof left === 'string' || typeof right === 'string') return typeof left === typeof right ? (left < right ? -1 : left > right ? 1 : 0) : NaN;
  return left < right ? -1 : left > right ? 1 : left >= right ? 0 : NaN;
}

function orderBytes(left: Uint8Array, right: Uint8Array, prefix: number | null): number {
  const length = Math.min(left.length, right.length);
  const bits = prefix ?? length * 8;
  for (let at = 0; at < length && at * 8 < bits; at++) {
    const mask = bits - at * 8 >= 8 ? 0xff : 0xff << (8 - (bits - at * 8)) & 0xff;
    const difference = ((left[at] ?? 0) & mask) - ((right[at] ?? 0) & mask);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export function holds(comparison: Comparison, ordered: number): boolean {
  switch (comparison) {
    case '==': return ordered === 0;
    case '!=': return ordered !== 0;
    case '>': return ordered > 0;
    case '<': return ordered < 0;
    case '>=': return ordered >= 0;
    case '<=': return ordered <= 0;
    default: return never(comparison);
  }
}

/** Null: it has no result (a division by zero). Whole numbers stay whole; a mask is as long as the shorter of both. */
export function calculated(operator: Arithmetic, left: FilterValue, right: FilterValue, whole: boolean): FilterValue | null {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return operator === '&' ? left.slice(0, right.length).map((byte, at) => byte & (right[at] ?? 0)) : null;
  if (typeof left === 'string' || typeof right === 'string' || left instanceof Uint8Array || right instanceof Uint8Array) return null;
  if (!whole) return typeof left === 'number' && typeof right === 'number' ? double(operator, left, right) : null;
  const [a, b] = [BigInt(left), BigInt(right)];
  switch (operator) {
    case '+': return narrowed(a + b, left, right);
    case '-': return narrowed(a - b, left, right);
    case '*': return narrowed(a * b, left, right);
    case '/': return b === 0n ? null : narrowed(a / b, left, right);
    case '%': return b === 0n ? null : narrowed(a % b, left, right);
    case '&': return narrowed(a & b, left, right);
    default: return never(operator);
  }
}

/** A number where both were and it is exact. */
const narrowed = (result: bigint, left: number | bigint, right: number | bigint): number | bigint => (typeof left === 'number' && typeof right === 'number' && Number.isSafeInteger(Number(result)) ? Number(result) : result);

function double(operator: Arithmetic, left: number, right: number): number | null {
  switch (operator) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '/': return right === 0 ? null : left / right;
    case '%': return right === 0 ? null : left % right;
    case '&': return null;
    default: return never(operator);
  }
}

export const isZero = (value: FilterValue): boolean => (value instanceof Uint8Array ? value.every((byte) => byte === 0) : typeof value === 'string' ? value === '' : Number(value) === 0);

/** Whether the bytes are somewhere in others; nothing is nowhere, as in Wireshark. */
export function containsBytes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const [first] = wanted;
  if (first === undefined) return false;
  for (let at = bytes.indexOf(first); at >= 0 && at + wanted.length <= bytes.length; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return true;
  }
  return false;
}
