// Bytes and text as literals of spelled code: escaped, bounded, on one line, with nothing in it that could move the text around it.

import { toHex } from '../../base/bytes';
import { utf8Text } from '../../base/bytesText';

/** Characters of text, bytes of what is no text, in a literal. */
const CHARS = 28;
const BYTES = 8;
/** Controls, what formats or is not seen (as codec/text.ts), and what a literal cannot hold as it is. */
const ESCAPED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}"\\]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

export interface Literal {
  /** Between the quotes; ends with '…' when there is more. */
  readonly text: string;
  readonly kind: 'ascii' | 'unicode' | 'binary';
}

/** Text in quotes: `"hello\n"`. */
export const quoted = (text: string): string => `"${escaped(text)}"`;

/** `size`: how many bytes there are in all. */
export function literalOf(bytes: Uint8Array, size: number): Literal {
  const head = bytes.subarray(0, CHARS * 4);
  const text = head.length < size ? utf8Text(head).replace(/\ufffd+$/, '') : utf8Text(head);
  const binary = size > 0 && (text === '' || /[\ufffd\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text));
  if (binary) return { text: `${toHex(bytes.subarray(0, BYTES), ' ').replaceAll(/(\S+) ?/g, '\\x$1')}${size > BYTES ? '…' : ''}`, kind: 'binary' };
  const more = size > head.length && Array.from(text).length <= CHARS ? '…' : '';
  return { text: escaped(text) + more, kind: /^[\0-\x7f]*$/.test(text) ? 'ascii' : 'unicode' };
}

function escaped(text: string): string {
  const chars = Array.from(text);
  const shown = chars.slice(0, CHARS).join('').replace(ESCAPED, (sign) => NAMED[sign] ?? hex(sign));
  return chars.length > CHARS ? `${shown}…` : shown;
}

/** As JSON escapes it, which Python and TypeScript read too: \u202e. */
const hex = (sign: string): string => Array.from({ length: sign.length }, (_, i) => `\\u${sign.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
