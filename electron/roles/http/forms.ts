// What HTML forms send by POST: application/x-www-form-urlencoded, and multipart/form-data (RFC 7578), as names and values. Files of a
// multipart form are read as text and kept nowhere. Bounded; null for what is neither.

import { decode } from '../text';
import { splitOutsideQuotes, unquote, valueOf, type HeaderLines } from './headers';

const MAX_FIELDS = 100;

/** The media type without its parameters, in small letters; '' when there is none. */
export const mediaType = (headers: HeaderLines): string => (valueOf(headers, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** 'name=%EA%B9%80&x=1+2' (URL Standard 5). Never fails: what is no pair is a name without a value. */
export const parseUrlencoded = (body: Uint8Array): Map<string, string> => new Map([...new URLSearchParams(decode(body))].slice(0, MAX_FIELDS));

/** The boundary of a multipart body's type (RFC 2046 5.1.1); null when there is none that may be. */
export function boundaryOf(headers: HeaderLines): string | null {
  const parameters = splitOutsideQuotes(valueOf(headers, 'content-type') ?? '', ';').slice(1);
  const given = parameters.find((one) => /^boundary=/i.test(one));
  const boundary = given === undefined ? '' : unquote(given.slice('boundary='.length));
  return /^[\w'()+,\-./:=? ]{1,70}$/.test(boundary) ? boundary : null;
}

/** The fields of a multipart form by name, or null when the body is not of this form. */
export function parseMultipart(body: Uint8Array, boundary: string): Map<string, string> | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const fields = new Map<string, string>();
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter may stand at the very start, without its CRLF.
  let at = bytes.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2)) ? delimiter.length - 2 : after(bytes, delimiter, 0);
  while (at >= 0 && fields.size < MAX_FIELDS) {
    if (bytes.toString('latin1', at, at + 2) === '--') return fields;
    const head = bytes.indexOf('\r\n\r\n', at);
    const next = head < 0 ? -1 : bytes.indexOf(delimiter, head + 2);
    if (head < 0 || next < 0) return null;
    const name = /^content-disposition:\s*form-data\b.*?[;\s]name="((?:[^"\\]|\\.)*)"/im.exec(bytes.toString('utf8', at, head))?.[1];
    if (name === undefined) return null;
    fields.set(name.replaceAll('%22', '"'), bytes.toString('utf8', head + 4, Math.max(next, head + 4)));
    at = next + delimiter.length;
  }
  return null;
}

function after(bytes: Buffer, part: Buffer, from: number): number {
  const found = bytes.indexOf(part, from);
  return found < 0 ? -1 : found + part.length;
}
