// A few bytes or characters of something that came over the wire, fit to stand in a label: one line, bounded, harmless.

import { toHex } from '../base/bytes';
import { utf8Text } from '../base/bytesText';

/** Invisible, formatting and bidi characters, and what no font shows: they must not steer the text around them. */
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu;

/** On one line: control characters as their pictures (␊, ␍, ␀), other invisible ones as `·`, cut to `max` characters with `…`. */
export function previewText(text: string, max: number): string {
  const chars = [...text.slice(0, max * 4 + 4)];
  const shown = chars.slice(0, max).map(visible).join('');
  return chars.length > max || text.length > max * 4 + 4 ? `${shown}…` : shown;
}

/** Bytes in quotes when they read as UTF-8 text, else in hexadecimal: `“GET READY␊”`, `de ad be ef…`. `size`: how many there are in all. */
export function previewBytes(bytes: Uint8Array, max: number, size = bytes.length): string {
  if (size === 0) return '';
  const head = bytes.subarray(0, max * 4);
  const text = wholeText(head, head.length < size);
  if (text === null) return previewHex(bytes, Math.max(1, Math.floor(max / 2)), size);
  const shown = previewText(text, max);
  const more = size > head.length && !shown.endsWith('…') ? '…' : '';
  return `“${shown}${more}”`;
}

function previewHex(bytes: Uint8Array, max: number, size: number): string {
  return `${toHex(bytes.subarray(0, max), ' ')}${size > max ? '…' : ''}`;
}

/** The text of UTF-8 bytes, without a last character that is cut off; null when they are not text. */
function wholeText(bytes: Uint8Array, isCut: boolean): string | null {
  const text = utf8Text(bytes);
  const trimmed = isCut ? text.replace(/\ufffd+$/, '') : text;
  if (trimmed === '' || trimmed.includes('\ufffd')) return null;
  const odd = [...trimmed].filter((char) => /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(char)).length;
  return odd * 4 > trimmed.length ? null : trimmed;
}

function visible(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  if (code >= 0x80 && code < 0xa0) return '·';
  return char.replace(UNSEEN, '·');
}
