// Bytes from the wire as text for people: bounded, with nothing in it that could move the text around it. Shown by trees, labels
// and logs; never a way back to the bytes.

import { utf8Text } from '../base/bytesText';

/** Controls; what formats, turns the direction of writing (UAX 9) or separates without being seen; what no font shows. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu;
/** As C writes them, but for the line end, which is everywhere. */
const NAMED: Readonly<Record<string, string>> = { '\n': '↵', '\r': '\\r', '\t': '\\t', '\0': '\\0' };

/** Text as one line: line ends and controls become visible signs. */
export const visibleText = (text: string): string => (PLAIN.test(text) ? text : text.replace(HIDDEN, (sign) => NAMED[sign] ?? '·'));
/** What nearly all text is, and needs no look at the signs one by one. */
const PLAIN = /^[ -~]*$/;

/** The first `limit` characters of bytes read as UTF-8, visible; '…' when there are more. Invalid bytes show as U+FFFD. */
export function previewText(bytes: Uint8Array, limit = 64): string {
  const text = Array.from(utf8Text(bytes.subarray(0, limit * 4)));
  const cut = text.length > limit || bytes.length > limit * 4;
  return visibleText(text.slice(0, limit).join('')) + (cut ? '…' : '');
}

/** One byte as the right-hand column of a hex dump shows it. */
export const byteSign = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·');
