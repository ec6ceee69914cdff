// UTF-8 without the platform (RFC 3629): shared code has no TextDecoder. For labels and previews; broken input shows as U+FFFD.

import { byteAt } from './bytes';

const REPLACEMENT = '\ufffd';

/** Length of the sequence that a first byte announces, and the smallest code point that may use it; 0: not a first byte. */
function shape(first: number): { readonly length: number; readonly least: number } {
  if (first < 0x80) return { length: 1, least: 0 };
  if (first >= 0xc2 && first <= 0xdf) return { length: 2, least: 0x80 };
  if (first >= 0xe0 && first <= 0xef) return { length: 3, least: 0x800 };
  if (first >= 0xf0 && first <= 0xf4) return { length: 4, least: 0x10000 };
  return { length: 0, least: 0 };
}

/** Bytes as text. Every byte that is not part of a valid sequence gives one U+FFFD. */
export function utf8Text(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const first = byteAt(bytes, at);
    const { length, least } = shape(first);
    let point = length === 1 ? first : first & (0xff >> (length + 1));
    let got = 1;
    while (got < length && at + got < bytes.length && (byteAt(bytes, at + got) & 0xc0) === 0x80) {
      point = (point << 6) | (byteAt(bytes, at + got) & 0x3f);
      got++;
    }
    const valid = length > 0 && got === length && point >= least && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    text += valid ? String.fromCodePoint(point) : REPLACEMENT;
    at += valid ? length : 1;
  }
  return text;
}

/** Text as UTF-8; lone surrogates become U+FFFD. */
export function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
  // A code unit takes three bytes at most: a pair of them takes four.
  const bytes = new Uint8Array(text.length * 3);
  let size = 0;
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) ?? 0;
    const scalar = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (scalar < 0x80) bytes[size++] = scalar;
    else {
      if (scalar < 0x800) bytes[size++] = 0xc0 | (scalar >> 6);
      else {
        if (scalar < 0x10000) bytes[size++] = 0xe0 | (scalar >> 12);
        else {
          at++;
          bytes[size++] = 0xf0 | (scalar >> 18);
          bytes[size++] = 0x80 | ((scalar >> 12) & 0x3f);
        }
        bytes[size++] = 0x80 | ((scalar >> 6) & 0x3f);
      }
      bytes[size++] = 0x80 | (scalar & 0x3f);
    }
  }
  return bytes.slice(0, size);
}
