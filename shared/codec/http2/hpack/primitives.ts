// Integers and strings of HPACK (RFC 7541 5): what header fields are written with. Reading gives the value with its bytes, or why it
// cannot be read.

import { byteAt, concatBytes } from '../../../base/bytes';
import { huffmanDecode, huffmanEncode, huffmanLength } from './huffman';

export interface Fault {
  readonly at: number;
  readonly why: string;
}
export const isFault = (value: object): value is Fault => 'why' in value;

/** RFC 7541 5.1 asks for a bound: more continuation bytes than a number of 32 bits needs are refused. */
const MOST_CONTINUATIONS = 5;

/** An integer with a prefix of `bits` bits in the byte at `at`. */
export function readInteger(block: Uint8Array, at: number, bits: number): { readonly value: number; readonly next: number } | Fault {
  if (at >= block.length) return { at, why: 'the block ends before an integer' };
  const full = 2 ** bits - 1;
  let value = byteAt(block, at) & full;
  if (value < full) return { value, next: at + 1 };
  for (let i = 0; i < MOST_CONTINUATIONS; i++) {
    const byte = block[at + 1 + i];
    if (byte === undefined) return { at: at + 1 + i, why: 'the block ends within an integer' };
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return value > 0xffff_ffff ? { at, why: 'an integer of more than 32 bits' } : { value, next: at + 2 + i };
  }
  return { at, why: 'an integer of more than 32 bits' };
}

/** `pattern`: the bits before the prefix. */
export function writeInteger(value: number, bits: number, pattern: number): Uint8Array<ArrayBuffer> {
  const full = 2 ** bits - 1;
  if (value < full) return Uint8Array.of(pattern | value);
  const bytes = [pattern | full];
  let rest = value - full;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push(0x80 | (rest % 0x80));
  return Uint8Array.from([...bytes, rest]);
}

/** Where a string lies in its block: `start` and `length` with its length bytes, `octets` is where its data begins. */
export interface StringAt {
  readonly start: number;
  readonly length: number;
  readonly octets: number;
  readonly huffman: boolean;
}

/** A string literal (RFC 7541 5.2). Its octets are a copy. */
export function readString(block: Uint8Array, at: number): { readonly bytes: Uint8Array<ArrayBuffer>; readonly where: StringAt; readonly next: number } | Fault {
  const length = readInteger(block, at, 7);
  if (isFault(length)) return length;
  const next = length.next + length.value;
  if (next > block.length) return { at, why: `a string of ${length.value} bytes goes past the block` };
  const huffman = (byteAt(block, at) & 0x80) !== 0;
  const where = { start: at, length: next - at, octets: length.next, huffman };
  const data = block.subarray(length.next, next);
  if (!huffman) return { bytes: data.slice(), where, next };
  const decoded = huffmanDecode(data);
  return 'why' in decoded ? { at: length.next, why: decoded.why } : { bytes: decoded.octets, where, next };
}

/** 'shorter': as Huffman code where that is shorter. */
export type HuffmanUse = 'always' | 'never' | 'shorter';

export function writeString(octets: Uint8Array, use: HuffmanUse): Uint8Array<ArrayBuffer> {
  const huffman = use === 'always' || (use === 'shorter' && huffmanLength(octets) < octets.length);
  const data = huffman ? huffmanEncode(octets) : octets;
  return concatBytes(writeInteger(data.length, 7, huffman ? 0x80 : 0), data);
}
