// HTTP/1 messages as bytes (RFC 9112 2.1): what is given, in the order in which it is given. Adds no header; refuses what would put a line
// of its own into the head, because that is how responses are split (RFC 9112 11.1).

import { concatBytes } from '../../base/bytes';
import { isTarget, isToken, isValue, latin1Bytes } from './chars';
import { EXTENSIONS } from './chunks';
import type { HttpHeader, HttpMessageValue } from './message';

/** A request's or a response's head: Omit would make one of both. */
type HeadOf<M> = M extends HttpMessageValue ? Omit<M, 'body' | 'chunks' | 'trailers'> : never;

/** The head with its empty line. Throws TypeError for a method, target, reason, name or value that cannot stand there. */
export function encodeHead(message: HeadOf<HttpMessageValue>): Uint8Array<ArrayBuffer> {
  const first = message.kind === 'request'
    ? `${every(message.method, isToken, 'method')} ${every(message.target, (byte) => isTarget(byte) || byte > 0x7f, 'target')} ${version(message.version)}`
    : `${version(message.version)} ${status(message.status)} ${every(message.reason, isValue, 'reason', true)}`;
  return latin1Bytes(`${first}\r\n${lines(message.headers)}\r\n`);
}

/** Head, body in its chunks, trailers. Throws TypeError; RangeError when the chunks are not the body's. */
export function encodeHttp(value: HttpMessageValue): Uint8Array<ArrayBuffer> {
  if (value.chunks === null) return concatBytes(encodeHead(value), value.body);
  const parts: Uint8Array[] = [encodeHead(value)];
  let at = 0;
  for (const { size, extension } of value.chunks) {
    if (size < 1 || at + size > value.body.length) throw new RangeError(`a chunk of ${size} bytes at ${at} of ${value.body.length}`);
    parts.push(encodeChunk(value.body.subarray(at, at + size), extension));
    at += size;
  }
  if (at < value.body.length) throw new RangeError(`${value.body.length - at} bytes in no chunk`);
  return concatBytes(...parts, encodeLastChunk(value.trailers));
}

/** One chunk with its framing (RFC 9112 7.1). Nothing for no bytes: an empty chunk would be the last. */
export function encodeChunk(bytes: Uint8Array, extension = ''): Uint8Array<ArrayBuffer> {
  if (bytes.length === 0) return new Uint8Array(0);
  if (extension !== '' && !EXTENSIONS.test(extension)) throw new TypeError('not an extension of a chunk');
  return concatBytes(latin1Bytes(`${bytes.length.toString(16)}${extension}\r\n`), bytes, latin1Bytes('\r\n'));
}

/** The last chunk, the trailers and the empty line. */
export const encodeLastChunk = (trailers: readonly HttpHeader[] = []): Uint8Array<ArrayBuffer> => latin1Bytes(`0\r\n${lines(trailers)}\r\n`);

const lines = (headers: readonly HttpHeader[]): string => headers.map(({ name, value }) => `${every(name, isToken, 'name of a header')}: ${every(value, isValue, 'header', true)}\r\n`).join('');

function every(text: string, allowed: (byte: number) => boolean, what: string, empty = false): string {
  if (text === '' && !empty) throw new TypeError(`no ${what}`);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff || !allowed(code)) throw new TypeError(`sign ${at} cannot stand in a ${what}`);
  }
  return text;
}

function version(text: string): string {
  if (!/^HTTP\/1\.\d$/.test(text)) throw new TypeError(`not a version of HTTP/1: ${text.slice(0, 20)}`);
  return text;
}

function status(code: number): string {
  if (!Number.isInteger(code) || code < 0 || code > 999) throw new TypeError(`a status has three digits: ${code}`);
  return code.toString().padStart(3, '0');
}
