// Reads one bencoded value (BEP 3) from bytes. Never throws; numbers and lengths that are written as BEP 3 forbids end the reading, keys
// that are out of order or there twice are named and read on. Bounded in depth, count and digits (limits.ts).

import { incomplete, malformed, type Incomplete, type Malformed } from '../codec';
import { BENCODE_LIMITS } from './limits';
import { keyText, type Bencoded, type BencodedBytes, type BencodedDictionary, type BencodedEntry, type BencodedInteger } from './value';

/** What is wrong at a byte without ending the reading. English, for developers. */
export interface BencodeProblem {
  readonly at: number;
  readonly why: string;
}

export interface BencodeWhole {
  readonly status: 'complete';
  readonly value: Bencoded;
  /** Where the value ends; what follows is not looked at. */
  readonly end: number;
  readonly problems: readonly BencodeProblem[];
}

export type BencodeRead = BencodeWhole | Incomplete | Malformed;

/** The value that begins at `start`. All places are counted from the first of `bytes`, `need` too. */
export function decodeBencode(bytes: Uint8Array, start = 0): BencodeRead {
  const reader = new Reader(bytes);
  const value = reader.value(start, 0);
  return 'status' in value ? value : { status: 'complete', value, end: value.end, problems: reader.problems };
}

/** The value, when it is whole and nothing follows it; else null. */
export function wholeBencode(bytes: Uint8Array): Bencoded | null {
  const read = decodeBencode(bytes);
  return read.status === 'complete' && read.end === bytes.length ? read.value : null;
}

const SIGN = { i: 0x69, l: 0x6c, d: 0x64, e: 0x65, colon: 0x3a, minus: 0x2d, zero: 0x30, nine: 0x39 } as const;
type Stopped = Incomplete | Malformed;

class Reader {
  readonly problems: BencodeProblem[] = [];
  private count = 0;

  constructor(private readonly bytes: Uint8Array) {}

  value(at: number, depth: number): Bencoded | Stopped {
    const first = this.bytes[at];
    if (first === undefined) return incomplete(at + 1);
    if (++this.count > BENCODE_LIMITS.values) return malformed(at, `more than ${BENCODE_LIMITS.values} values`);
    if (first === SIGN.i) return this.integer(at);
    if (first !== SIGN.l && first !== SIGN.d) return this.string(at, 'no value begins so');
    if (depth >= BENCODE_LIMITS.depth) return malformed(at, `nested deeper than ${BENCODE_LIMITS.depth}`);
    return first === SIGN.l ? this.list(at, depth) : this.dictionary(at, depth);
  }

  private list(start: number, depth: number): Bencoded | Stopped {
    const items: Bencoded[] = [];
    let at = start + 1;
    for (;;) {
      if (this.bytes[at] === SIGN.e) return { type: 'list', items, start, end: at + 1 };
      const item = this.value(at, depth + 1);
      if ('status' in item) return item;
      items.push(item);
      at = item.end;
    }
  }

  private dictionary(start: number, depth: number): BencodedDictionary | Stopped {
    const entries: BencodedEntry[] = [];
    const map = new Map<string, Bencoded>();
    let before: string | null = null;
    let at = start + 1;
    for (;;) {
      if (this.bytes[at] === SIGN.e) return { type: 'dictionary', entries, map, start, end: at + 1 };
      if (this.bytes[at] === undefined) return incomplete(at + 1);
      const key = this.string(at, 'a key is a byte string');
      if ('status' in key) return key;
      const value = this.value(key.end, depth + 1);
      if ('status' in value) return value;
      const name = keyText(key.bytes);
      // BEP 3: keys appear in sorted order, sorted as raw strings. One character a byte compares as the bytes do.
      if (map.has(name)) this.problem(at, 'the key is there twice');
      else {
        if (before !== null && name < before) this.problem(at, 'the key is out of order');
        map.set(name, value);
      }
      before = name;
      entries.push({ key, value });
      at = value.end;
    }
  }

  /** i-42e */
  private integer(start: number): BencodedInteger | Stopped {
    const negative = this.bytes[start + 1] === SIGN.minus;
    const digits = this.digits(start + (negative ? 2 : 1), SIGN.e);
    if ('status' in digits) return digits;
    if (negative && digits.text === '0') return malformed(start + 1, 'a negative zero');
    const exact = BigInt(negative ? `-${digits.text}` : digits.text);
    const value = exact >= BigInt(Number.MIN_SAFE_INTEGER) && exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact;
    return { type: 'integer', value, start, end: digits.end };
  }

  /** 5:hello */
  private string(start: number, otherwise: string): BencodedBytes | Stopped {
    const first = this.bytes[start] ?? 0;
    if (first < SIGN.zero || first > SIGN.nine) return malformed(start, otherwise);
    const digits = this.digits(start, SIGN.colon);
    if ('status' in digits) return digits;
    const length = Number(digits.text);
    if (!Number.isSafeInteger(length) || length > 0x7fff_ffff) return malformed(start, `a string of ${digits.text} bytes`);
    const end = digits.end + length;
    if (end > this.bytes.length) return incomplete(end);
    return { type: 'bytes', bytes: this.bytes.subarray(digits.end, end), start, end };
  }

  /** Digits up to `sign`, without leading zeros. */
  private digits(start: number, sign: number): { readonly text: string; readonly end: number } | Stopped {
    let text = '';
    for (let at = start; ; at++) {
      const byte = this.bytes[at];
      if (byte === undefined) return incomplete(at + 1);
      if (byte === sign && at > start) return { text, end: at + 1 };
      if (byte < SIGN.zero || byte > SIGN.nine) return malformed(at, at === start ? 'a number without digits' : 'not a digit');
      if (text === '0') return malformed(start, 'a number with a leading zero');
      if (text.length === BENCODE_LIMITS.digits) return malformed(at, `a number of more than ${BENCODE_LIMITS.digits} digits`);
      text += String.fromCharCode(byte);
    }
  }

  private problem(at: number, why: string): void {
    if (this.problems.length < BENCODE_LIMITS.problems) this.problems.push({ at, why });
  }
}
