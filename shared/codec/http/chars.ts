// Classes of bytes in HTTP (RFC 9110 5.6.2, 5.5; RFC 9112 2.2) and text of a byte a character, so that no byte is lost on the way.

import { byteAt } from '../../base/bytes';

export const CR = 0x0d;
export const LF = 0x0a;
export const SPACE = 0x20;
export const TAB = 0x09;
export const COLON = 0x3a;

const TOKEN = new Uint8Array(256);
for (const sign of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") TOKEN[sign.charCodeAt(0)] = 1;

/** tchar: methods and names of headers are made of it. */
export const isToken = (byte: number): boolean => TOKEN[byte] === 1;
export const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;
/** May stand in a header's value: visible signs, obs-text, blanks. */
export const isValue = (byte: number): boolean => byte >= SPACE ? byte !== 0x7f : byte === TAB;
/** May stand in a request's target by its grammar (RFC 3986 2): visible ASCII. */
export const isTarget = (byte: number): boolean => byte > SPACE && byte < 0x7f;
export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** One character a byte (ISO 8859-1), as HTTP's history has it. */
export function latin1(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(byteAt(bytes, at));
  return text;
}

/** The bytes of such a text. Throws TypeError for a character that has none. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff) throw new TypeError(`no byte for ${text.slice(at, at + 1)}`);
    bytes[at] = code;
  }
  return bytes;
}
