// Text as somebody types it -> bytes: UTF-8, with escapes for what cannot be typed. For the labs' "send these very bytes".

import { encode } from '../text';

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([rnt0\\]))/g;
const PLAIN: Readonly<Record<string, number>> = { r: 13, n: 10, t: 9, 0: 0, '\\': 92 };

/**
 * The bytes: \r \n \t \0 \\ and \xHH are one byte each. A line's end is CRLF, but only layout where the line itself ends with \n: so
 * lines may be typed plainly or to the byte. Nothing is added after the last line.
 */
export function typedBytes(text: string): Uint8Array {
  const lines = text.split(/\r?\n/);
  return Buffer.concat(lines.flatMap((line, index) => [unescape(line), index < lines.length - 1 && !/(^|[^\\])(\\\\)*\\n$/.test(line) ? encode('\r\n') : new Uint8Array(0)]));
}

function unescape(line: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const found of line.matchAll(ESCAPE)) {
    const [whole, hex, letter = ''] = found;
    parts.push(encode(line.slice(end, found.index)), Uint8Array.of(hex === undefined ? (PLAIN[letter] ?? 0) : parseInt(hex, 16)));
    end = found.index + whole.length;
  }
  return Buffer.concat([...parts, encode(line.slice(end))]);
}
