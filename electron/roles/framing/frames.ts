// Messages for a stream of bytes, which has no boundaries of its own: the sender marks where each ends. One function for each way of marking;
// what takes them out of the stream again is in messageReader.ts.

import { never } from '../../../shared/base/assert';
import { encode } from '../text';

/**
 * `lf`, `crlf`: a mark at the end; `length`: four bytes of length (big-endian, RFC 1700 "network byte order") before it; `http-length`,
 * `http-chunked`: a header that ends with an empty line and tells where the body ends (RFC 9112 6.3, 7.1); `end`: the end of the stream.
 */
export const FRAMINGS = ['lf', 'crlf', 'length', 'http-length', 'http-chunked', 'end'] as const;
export type Framing = (typeof FRAMINGS)[number];

/** Bytes of the length in front of a message. */
export const LENGTH_BYTES = 4;

/** The message as it goes over the wire. A text with a LF in it is no message of `lf`: its sender must not have one. */
export function frame(framing: Framing, text: string): Uint8Array {
  const body = encode(text);
  switch (framing) {
    case 'lf': return join(body, encode('\n'));
    case 'crlf': return join(body, encode('\r\n'));
    case 'length': return join(lengthOf(body), body);
    case 'http-length': return join(encode(`POST /message HTTP/1.1\r\nHost: framing.test\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n`), body);
    case 'http-chunked': return join(encode('POST /message HTTP/1.1\r\nHost: framing.test\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n'), ...chunks(body), encode('0\r\n\r\n'));
    case 'end': return body;
    default: return never(framing);
  }
}

/** What the server answers to a message: in HTTP a response, else a line. */
export function answerFrame(framing: Framing, text: string): Uint8Array {
  const line = encode(`${text}\n`);
  if (framing !== 'http-length' && framing !== 'http-chunked') return line;
  return join(encode(`HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${line.length}\r\n\r\n`), line);
}

/** Two chunks, so that there is a seam to be seen. */
function chunks(body: Uint8Array): Uint8Array[] {
  const half = Math.ceil(body.length / 2);
  return [body.subarray(0, half), body.subarray(half)].filter((part) => part.length > 0).flatMap((part) => [encode(`${part.length.toString(16)}\r\n`), part, encode('\r\n')]);
}

function lengthOf(body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(LENGTH_BYTES);
  new DataView(bytes.buffer).setUint32(0, body.length);
  return bytes;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
