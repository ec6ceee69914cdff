// Bytes from the wire as text for people: bounded, with nothing in it that could move the text around it. Shown by trees, labels
// and logs; never a way back to the bytes.

import { utf8Text } from '../base/bytesText';

/** Control characters, and those that turn the direction of writing (UAX 9) or are not seen. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const NAMED: Readonly<Record<string, string>> = { '\n': '↵', '\r': '␍', '\t': '⇥', '\0': '␀' };

/** Text as one line: line ends and controls become visible signs. */
export const visibleText = (text: string): string => text.replace(HIDDEN, (sign) => NAMED[sign] ?? '·');

/** The first `limit` characters of bytes read as UTF-8, visible; '…' when there are more. Invalid bytes show as U+FFFD. */
export function previewText(bytes: Uint8Array, limit = 64): string {
  const text = Array.from(utf8Text(bytes.subarray(0, limit * 4)));
  const cut = text.length > limit || bytes.length > limit * 4;
  return visibleText(text.slice(0, limit).join('')) + (cut ? '…' : '');
}

/** One byte as the right-hand column of a hex dump shows it. */
export const byteSign = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·');
