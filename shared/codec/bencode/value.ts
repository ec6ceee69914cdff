// Bencoded values (BEP 3): whole numbers, byte strings, lists and dictionaries, each with the bytes that it lies in. What decode.ts
// reads, and what metainfo, trackers and extensions of peers are made of. Keys are bytes: as text they have one character a byte.

import { utf8Text } from '../../base/bytesText';

interface Placed {
  /** In the bytes that were read: its first byte and the end of it, framing included. */
  readonly start: number;
  readonly end: number;
}

export interface BencodedInteger extends Placed {
  readonly type: 'integer';
  /** A bigint where a number would not be exact. */
  readonly value: number | bigint;
}

export interface BencodedBytes extends Placed {
  readonly type: 'bytes';
  /** A part of what was read, not a copy. */
  readonly bytes: Uint8Array;
}

export interface BencodedList extends Placed {
  readonly type: 'list';
  readonly items: readonly Bencoded[];
}

export interface BencodedEntry {
  readonly key: BencodedBytes;
  readonly value: Bencoded;
}

export interface BencodedDictionary extends Placed {
  readonly type: 'dictionary';
  /** As they lie there, duplicates too. */
  readonly entries: readonly BencodedEntry[];
  /** By key (keyText). Of duplicates the first one counts. */
  readonly map: ReadonlyMap<string, Bencoded>;
}

export type Bencoded = BencodedInteger | BencodedBytes | BencodedList | BencodedDictionary;

/** What a key is called in a map: one character for each of its bytes. Keys of specifications are ASCII. */
export function keyText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The bytes of a key. Throws RangeError for a character beyond U+00FF. */
export function keyBytes(key: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(key.length);
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    if (code > 0xff) throw new RangeError(`a key has one character a byte, U+${code.toString(16)} is none`);
    bytes[at] = code;
  }
  return bytes;
}

/** What a dictionary says under a key; null when it is no dictionary, or says nothing. */
export const entryOf = (value: Bencoded | null, key: string): Bencoded | null => (value?.type === 'dictionary' ? (value.map.get(key) ?? null) : null);

/** The bytes under a key; null when there are none. */
export function bytesAt(value: Bencoded | null, key: string): Uint8Array | null {
  const found = entryOf(value, key);
  return found?.type === 'bytes' ? found.bytes : null;
}

/** The bytes under a key read as UTF-8; null when there are none. */
export function textAt(value: Bencoded | null, key: string): string | null {
  const bytes = bytesAt(value, key);
  return bytes === null ? null : utf8Text(bytes);
}

/** The whole number under a key, when it is exact as a number and at least `least`; else null. */
export function numberAt(value: Bencoded | null, key: string, least = 0): number | null {
  const found = entryOf(value, key);
  return found?.type === 'integer' && typeof found.value === 'number' && found.value >= least ? found.value : null;
}
