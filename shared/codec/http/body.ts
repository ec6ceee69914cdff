// Where the body of an HTTP/1 message ends (RFC 9112 6.3), told from its head and, for a response, the method that it answers. The
// rules in the order of the RFC; what contradicts itself is malformed, because two readers would split the stream in two ways.

import { malformed, type Malformed } from '../codec';
import { headerTokens, headerValues, type HttpHead } from './head';

/** How the end is found. 'tunnel': no more HTTP comes behind the head (CONNECT, 101). */
export type Framing =
  | { readonly kind: 'none' | 'chunked' | 'until-close' | 'tunnel' }
  | { readonly kind: 'content-length'; readonly length: number };

/** `method`: of the request that a response answers; null: not known, then taken for one that has a body. */
export function framingOf(head: HttpHead, method: string | null): Framing | Malformed {
  if (head.kind === 'response') {
    if (head.status === 101) return { kind: 'tunnel' };
    if (method === 'CONNECT' && head.status >= 200 && head.status < 300) return { kind: 'tunnel' };
    if (method === 'HEAD' || head.status < 200 || head.status === 204 || head.status === 304) return { kind: 'none' };
  }
  if (headerValues(head.headers, 'transfer-encoding').length > 0) {
    const codings = headerTokens(head.headers, 'transfer-encoding');
    const last = codings.at(-1) === 'chunked';
    // RFC 9112 6.3, 4: a request's end cannot be told then; a response's is the end of the connection.
    if (!last) return head.kind === 'request' ? malformed(lineOf(head, 'transfer-encoding'), 'the last coding is not chunked') : { kind: 'until-close' };
    return codings.indexOf('chunked') < codings.length - 1 ? malformed(lineOf(head, 'transfer-encoding'), 'chunked is there twice') : { kind: 'chunked' };
  }
  const lengths = headerValues(head.headers, 'content-length');
  if (lengths.length > 0) return contentLength(head, lengths);
  return { kind: head.kind === 'request' ? 'none' : 'until-close' };
}

/** RFC 9112 6.3, 5: digits only; the same again and again is taken for once. */
function contentLength(head: HttpHead, values: readonly string[]): Framing | Malformed {
  const all = values.flatMap((value) => value.split(',')).map((value) => value.trim());
  const first = all[0] ?? '';
  if (!/^\d+$/.test(first) || !Number.isSafeInteger(Number(first))) return malformed(lineOf(head, 'content-length'), 'not a length');
  if (all.some((value) => value !== first)) return malformed(lineOf(head, 'content-length'), 'lengths that contradict each other');
  return { kind: 'content-length', length: Number(first) };
}

const lineOf = (head: HttpHead, name: string): number => head.headers.find((header) => header.name.toLowerCase() === name)?.valueAt.start ?? head.start;

/** True when the connection may carry another message after this one (RFC 9112 9.3). */
export function keepsAlive(head: HttpHead): boolean {
  const options = headerTokens(head.headers, 'connection');
  if (options.includes('close')) return false;
  return head.version !== 'HTTP/1.0' || options.includes('keep-alive');
}
