// Quoted text and single characters in a filter, with their escapes, as bytes. Raw strings (r"...") keep every backslash.

import { utf8Bytes } from '../base/bytesText';
import { FilterFault } from './fault';

const ESCAPES: ReadonlyMap<string, number> = new Map([['a', 7], ['b', 8], ['f', 12], ['n', 10], ['r', 13], ['t', 9], ['v', 11], ['\\', 92], ["'", 39], ['"', 34]]);

/** Characters U+0000..U+00FF as bytes. */
export const latin1Bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The string that begins at `at`; null: none does. Throws FilterFault for one without an end or with an escape that is none. */
export function readString(text: string, at: number): { readonly bytes: Uint8Array; readonly length: number } | null {
  const raw = /^[rR]"/.test(text.slice(at, at + 2));
  if (!raw && text[at] !== '"') return null;
  const bytes: number[] = [];
  let here = at + (raw ? 2 : 1);
  while (here < text.length) {
    const sign = text[here];
    if (sign === '"') return { bytes: Uint8Array.from(bytes), length: here + 1 - at };
    if (sign === '\\' && !raw) {
      const escape = readEscape(text, here);
      bytes.push(...(escape.code > 0xff || escape.unicode ? utf8Bytes(String.fromCodePoint(escape.code)) : [escape.code]));
      here += escape.length;
      continue;
    }
    // A raw string keeps the backslash and what it stands before: also a quote.
    const whole = sign === '\\' && here + 1 < text.length ? text.slice(here, here + 2) : String.fromCodePoint(text.codePointAt(here) ?? 0);
    bytes.push(...utf8Bytes(whole));
    here += whole.length;
  }
  throw new FilterFault('unended', at, text.length - at, 'the closing quote of this text is missing', { sign: '"' });
}

/** The character constant that begins at `at`, one byte; null: none does. Throws FilterFault. */
export function readChar(text: string, at: number): { readonly code: number; readonly length: number } | null {
  if (text[at] !== "'") return null;
  const escape = text[at + 1] === '\\' ? readEscape(text, at + 1) : { code: text.charCodeAt(at + 1), length: 1, unicode: false };
  if (at + 1 >= text.length || text.indexOf("'", at + 1 + escape.length) < 0) throw new FilterFault('unended', at, text.length - at, 'the closing quote of this character is missing', { sign: "'" });
  const end = text.indexOf("'", at + 1 + escape.length) + 1;
  const shown = text.slice(at, end);
  if (escape.code > 0xff || text[at + 1 + escape.length] !== "'" || text[at + 1] === "'") throw new FilterFault('badValue', at, shown.length, `${shown} is not one character`, { value: shown });
  return { code: escape.code, length: escape.length + 2 };
}

function readEscape(text: string, at: number): { readonly code: number; readonly length: number; readonly unicode: boolean } {
  const rest = text.slice(at + 1, at + 10);
  const simple = ESCAPES.get(rest[0] ?? '');
  if (simple !== undefined) return { code: simple, length: 2, unicode: false };
  const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
  if (octal !== undefined && parseInt(octal, 8) < 256) return { code: parseInt(octal, 8), length: 1 + octal.length, unicode: false };
  const hex = /^x([0-9A-Fa-f]{1,2})/.exec(rest);
  if (hex?.[1] !== undefined) return { code: parseInt(hex[1], 16), length: 1 + hex[0].length, unicode: false };
  const unicode = /^(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(rest);
  const code = parseInt(unicode?.[1] ?? unicode?.[2] ?? '', 16);
  if (unicode !== null && code <= 0x10_ffff && !(code >= 0xd800 && code < 0xe000)) return { code, length: 1 + unicode[0].length, unicode: true };
  const shown = /^(?:[uU][0-9A-Fa-f]*|[0-7]+|.)?/u.exec(rest)?.[0] ?? '';
  throw new FilterFault('badValue', at, 1 + shown.length, `\\${shown} is not a character`, { value: `\\${shown}` });
}
