// A few bytes or characters of something that came over the wire, fit to stand in a label: one line, bounded, harmless.

import { toHex } from '../base/bytes';
import { utf8Text } from '../base/bytesText';
import { visibleText } from '../codec/text';

/** On one line: what is not seen becomes a sign (`↵`, `\\r`, `·`), cut to `max` characters with `…`. */
export function previewText(text: string, max: number): string {
  const chars = [...text.slice(0, max * 4 + 4)];
  const shown = visibleText(chars.slice(0, max).join(''));
  return chars.length > max || text.length > max * 4 + 4 ? `${shown}…` : shown;
}

/** Bytes in quotes when they read as UTF-8 text, else in hexadecimal: `“GET READY↵”`, `de ad be ef…`. `size`: how many there are in all. */
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
