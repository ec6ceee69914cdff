// Walks a list of options: one byte of kind, one of length, then data. IPv4 (RFC 791 3.1), TCP (RFC 9293 3.1) and IPv6's options
// (RFC 8200 4.2) differ only in which kinds are a single byte and in whether the length counts its own two bytes.

import { CODEC_LIMITS } from './limits';

export interface OptionRange {
  readonly kind: number;
  readonly start: number;
  readonly length: number;
  /** Where its data lies. */
  readonly dataStart: number;
  /** The rest of the list, unreadable: why. English, for developers. */
  readonly problem: string | null;
  /** Bytes after the end of the list. */
  readonly padding: boolean;
}

export interface OptionRules {
  /** Kinds that are one byte long. */
  readonly single: readonly number[];
  /** The kind that ends the list; null: none does. */
  readonly end: number | null;
  /** True when the length counts the kind and itself. */
  readonly counts: boolean;
}

/** The options of `bytes` from `start` to the end, without gaps: every byte belongs to exactly one range. */
export function walkOptions(bytes: Uint8Array, start: number, rules: OptionRules): OptionRange[] {
  const ranges: OptionRange[] = [];
  const end = bytes.length;
  let at = start;
  const push = (kind: number, length: number, dataStart: number, problem: string | null = null, padding = false): void => {
    ranges.push({ kind, start: at, length, dataStart, problem, padding });
    at += length;
  };
  while (at < end) {
    const kind = bytes[at] ?? 0;
    if (ranges.length === CODEC_LIMITS.options) {
      push(kind, end - at, end, 'more options than are shown');
      continue;
    }
    if (rules.single.includes(kind)) {
      push(kind, 1, at + 1);
      if (kind === rules.end && at < end) push(kind, end - at, at, null, true);
      continue;
    }
    const announced = bytes[at + 1];
    if (announced === undefined) {
      push(kind, end - at, at + 1, 'the length is missing');
      continue;
    }
    const length = rules.counts ? announced : announced + 2;
    if (length < 2) push(kind, end - at, at + 2, `length ${length} is shorter than its own two bytes`);
    else if (at + length > end) push(kind, end - at, at + 2, `length ${length} goes past the end`);
    else push(kind, length, at + 2);
  }
  return ranges;
}
