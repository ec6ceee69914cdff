// Reads DER (ITU-T X.690 10): tags, definite lengths, contents, as places in the given bytes; and the few types that certificates use.
// Never throws: what cannot be read is null. No BER: no indefinite lengths, no constructed strings, no tags of many bytes.

import { readUint } from '../../base/bytes';
import { utf8Text } from '../../base/bytesText';

export const TAG = {
  boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, null: 0x05, oid: 0x06, enumerated: 0x0a, utf8String: 0x0c, printableString: 0x13, teletexString: 0x14, ia5String: 0x16, visibleString: 0x1a, utcTime: 0x17,
  generalizedTime: 0x18, universalString: 0x1c, bmpString: 0x1e, sequence: 0x30, set: 0x31,
} as const;

/** Items of one sequence that are read at most. */
const MOST_ITEMS = 256;

export interface Tlv {
  readonly tag: number;
  /** First byte of the tag, first byte of the content, end. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** The item at `at`, which must end at or before `end`. */
export function readTlv(bytes: Uint8Array, at: number, end: number): Tlv | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (at + 2 > end || tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  if (first < 0x80) return at + 2 + first <= end ? { tag, start: at, content: at + 2, end: at + 2 + first } : null;
  const size = first & 0x7f;
  if (size === 0 || size > 4 || at + 2 + size > end) return null;
  const content = at + 2 + size;
  const length = readUint(bytes, at + 2, size);
  return content + length <= end ? { tag, start: at, content, end: content + length } : null;
}

/** The items within one, as far as they can be read. */
export function childrenOf(bytes: Uint8Array, { content, end }: Tlv): Tlv[] {
  const items: Tlv[] = [];
  for (let at = content; at < end && items.length < MOST_ITEMS;) {
    const item = readTlv(bytes, at, end);
    if (item === null) break;
    items.push(item);
    at = item.end;
  }
  return items;
}

/** '2.5.4.3'; numbers of more than 32 bits end the text with '…'. */
export function oidText(bytes: Uint8Array, { content, end }: Tlv): string {
  const numbers: number[] = [];
  let value = 0;
  for (let at = content; at < end && numbers.length < 32; at++) {
    const byte = bytes[at] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (value > 0xffff_ffff) return `${numbers.join('.')}.…`;
    if (byte >= 0x80) continue;
    if (numbers.length === 0) {
      const first = Math.min(2, Math.floor(value / 40));
      numbers.push(first, value - first * 40);
    } else numbers.push(value);
    value = 0;
  }
  return numbers.join('.');
}

/** A small non-negative integer; null for others. */
export function smallInteger(bytes: Uint8Array, { content, end }: Tlv): number | null {
  const length = end - content;
  return length === 0 || length > 5 || (bytes[content] ?? 0) >= 0x80 ? null : readUint(bytes, content, length);
}

/** Text of any string type (RFC 5280 4.1.2.4), at most 1024 bytes of it. */
export function stringText(bytes: Uint8Array, { tag, content, end }: Tlv): string {
  const text = bytes.subarray(content, Math.min(end, content + 1024));
  const units = (size: number): string => Array.from({ length: Math.floor(text.length / size) }, (_, i) => {
    const point = readUint(text, i * size, size);
    return point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? '\ufffd' : String.fromCodePoint(point);
  }).join('');
  if (tag === TAG.bmpString) return units(2);
  if (tag === TAG.universalString) return units(4);
  return tag === TAG.teletexString ? units(1) : utf8Text(text);
}

/** UTCTime or GeneralizedTime in the form that RFC 5280 4.1.2.5 asks for, as '2026-11-21T07:25:21Z'; null for others. */
export function timeText(bytes: Uint8Array, { tag, content, end }: Tlv): string | null {
  const text = utf8Text(bytes.subarray(content, Math.min(end, content + 32)));
  const parts = (tag === TAG.utcTime ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(text);
  if (parts === null || (tag !== TAG.utcTime && tag !== TAG.generalizedTime)) return null;
  const [, year = '', month, day, hour, minute, second] = parts;
  // RFC 5280 4.1.2.5.1: 50 to 99 are of the twentieth century.
  const century = tag === TAG.generalizedTime ? '' : Number(year) >= 50 ? '19' : '20';
  return `${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
