// Tells the protocol of a connection by the first bytes of a direction; where they leave it open, by what its server's port stands for.
// Never a guess: what is neither is left alone.

import { byteAt } from '../base/bytes';
import { looksLikeHandshake, PROTOCOL } from './bittorrent/handshake';
import { isToken, latin1, LF, SPACE } from './http/chars';

/** What a port may stand for. */
export type PortProtocol = 'dns' | 'http' | 'tls' | 'bt-tracker';

export type StreamProtocol = 'http' | 'http2' | 'tls' | 'dns' | 'bittorrent';

/** Those that are known by their bytes: their ports alone are not believed. */
export const KNOWN_BY_BYTES: ReadonlySet<string> = new Set<StreamProtocol>(['http', 'tls', 'http2', 'bittorrent']);

const SLASH = 0x2f;

/** 'more': the bytes so far may still become one of them. */
export type Recognized = StreamProtocol | 'none' | 'more';

/** The connection preface of HTTP/2 (RFC 9113 3.4). */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const STATUS_LINE = 'HTTP/1.';
/** method SP request-target SP HTTP-version (RFC 9112 3). */
const REQUEST_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [^ \r\n]+ HTTP\/1\.[0-9]\r?\n/;
/** What a request line can begin with while its end has not come. */
const REQUEST_START = /^[A-Z]{1,32}( [!-~\x80-\xff]*( (H(T(T(P(\/(1(\.([0-9]\r?)?)?)?)?)?)?)?)?)?)?$/;

/** `atEnd`: no more bytes will come, or enough have. */
export function recognize(bytes: Uint8Array, dir: 'up' | 'down', port: PortProtocol | null, atEnd: boolean): Recognized {
  if (port === 'dns') return bytes.length > 0 ? 'dns' : 'more';
  if (bytes.length === 0) return atEnd ? 'none' : 'more';
  const record = tlsRecord(bytes, dir);
  if (record === 'yes') return 'tls';
  if (looksLikeHandshake(bytes)) return bytes.length >= PROTOCOL.length ? 'bittorrent' : atEnd ? 'none' : 'more';
  // A word of a method, of the preface or of a status line begins all that follows: most bytes of other protocols do not.
  if (record === 'no' && !startsLine(bytes)) return port === 'tls' ? 'tls' : port === 'http' && dir === 'up' ? 'http' : 'none';
  // What tells is in the first line, or in the preface.
  const text = latin1(bytes, 0, Math.max(bytes.indexOf(LF) + 1 || bytes.length, Math.min(PREFACE.length, bytes.length)));
  if (text.startsWith(PREFACE) && dir === 'up') return 'http2';
  const open = record === 'open' || begins(PREFACE, text) || (dir === 'down' && begins(STATUS_LINE, text));
  if (open && !atEnd && !text.startsWith(STATUS_LINE)) return 'more';
  if (dir === 'down' && text.startsWith(STATUS_LINE)) return 'http';
  if (dir === 'up' && REQUEST_LINE.test(text)) return 'http';
  if (port === 'http' && dir === 'up') return 'http';
  if (port === 'tls') return 'tls';
  return !atEnd && dir === 'up' && REQUEST_START.test(text) ? 'more' : 'none';
}

/** A word, and behind it, if that is there, a blank or the version's slash. */
function startsLine(bytes: Uint8Array): boolean {
  let end = 0;
  while (end < bytes.length && isToken(byteAt(bytes, end))) end++;
  return end > 0 && (end === bytes.length || byteAt(bytes, end) === SPACE || byteAt(bytes, end) === SLASH);
}

/** True while `text` may still become `whole`. */
const begins = (whole: string, text: string): boolean => whole.startsWith(text.slice(0, whole.length));

/** A record of a handshake or an alert with a version of SSL 3.0 to TLS 1.3 (RFC 8446 5.1), and a hello of that direction in it. */
function tlsRecord(bytes: Uint8Array, dir: 'up' | 'down'): 'yes' | 'no' | 'open' {
  const type = byteAt(bytes, 0);
  if (type !== 0x16 && !(type === 0x15 && dir === 'down')) return 'no';
  if (bytes.length < 6) return bytes.length < 2 || byteAt(bytes, 1) === 3 ? 'open' : 'no';
  const known = byteAt(bytes, 1) === 3 && byteAt(bytes, 2) <= 4;
  if (type === 0x15) return known && byteAt(bytes, 3) === 0 && byteAt(bytes, 4) === 2 ? 'yes' : 'no';
  return known && byteAt(bytes, 5) === (dir === 'up' ? 1 : 2) ? 'yes' : 'no';
}
