// Writes values as bencode (BEP 3): keys sorted as raw bytes, as info hashes need it. What was read is written back as it was read, keys
// in their order, so that its bytes stay the same.

import { concatBytes } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { never } from '../../base/assert';
import { keyBytes, type Bencoded } from './value';

/** Text becomes UTF-8. Keys of a map have one character a byte (keyText). */
export type BencodeInput = number | bigint | string | Uint8Array | readonly BencodeInput[] | ReadonlyMap<string, BencodeInput>;

/** The value as bytes. Throws RangeError for a number that is not whole and safe, and for a key that is no bytes. */
export function encodeBencode(value: BencodeInput): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  write(value, parts);
  return concatBytes(...parts);
}

/** What was read, as it was read. */
export function encodeBencoded(value: Bencoded): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  rewrite(value, parts);
  return concatBytes(...parts);
}

const LIST = keyBytes('l');
const DICTIONARY = keyBytes('d');
const END = keyBytes('e');
const string = (bytes: Uint8Array, parts: Uint8Array[]): void => void parts.push(keyBytes(`${bytes.length}:`), bytes);

function integer(value: number | bigint, parts: Uint8Array[]): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number that is exact`);
  parts.push(keyBytes(`i${value}e`));
}

function write(value: BencodeInput, parts: Uint8Array[]): void {
  if (typeof value === 'string') return string(utf8Bytes(value), parts);
  if (typeof value !== 'object') return integer(value, parts);
  if (value instanceof Uint8Array) return string(value, parts);
  parts.push(value instanceof Map ? DICTIONARY : LIST);
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, BencodeInput>)].sort(([one], [other]) => (one < other ? -1 : 1));
    for (const [key, item] of entries) {
      string(keyBytes(key), parts);
      write(item, parts);
    }
  } else for (const item of value as readonly BencodeInput[]) write(item, parts);
  parts.push(END);
}

function rewrite(value: Bencoded, parts: Uint8Array[]): void {
  switch (value.type) {
    case 'integer': return integer(value.value, parts);
    case 'bytes': return string(value.bytes, parts);
    case 'list':
      parts.push(LIST);
      for (const item of value.items) rewrite(item, parts);
      return void parts.push(END);
    case 'dictionary':
      parts.push(DICTIONARY);
      for (const { key, value: item } of value.entries) {
        string(key.bytes, parts);
        rewrite(item, parts);
      }
      return void parts.push(END);
    default: return never(value);
  }
}

/** What was read as something to write: keys sorted, duplicates gone. */
export function inputOf(value: Bencoded): BencodeInput {
  switch (value.type) {
    case 'integer': return value.value;
    case 'bytes': return value.bytes;
    case 'list': return value.items.map(inputOf);
    case 'dictionary': return new Map([...value.map].map(([key, item]) => [key, inputOf(item)]));
    default: return never(value);
  }
}

