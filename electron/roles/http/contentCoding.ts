// Content codings: which one a client takes (Accept-Encoding, RFC 9110 12.5.3), and gzip, deflate and br by node:zlib. "deflate" is
// zlib's format (RFC 9110 8.4.1.2). Decoding is bounded: a small body may unfold to a very large one.

import { brotliCompressSync, brotliDecompressSync, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { never } from '../../../shared/base/assert';
import { elementsOf, valueOf, type HeaderLines } from './headers';

export type Coding = 'gzip' | 'deflate' | 'br';

/** Bytes that a decoded body may have. */
export const MAX_DECODED = 4 * 1024 * 1024;

/** The best of `offered` (in the server's order) that the client accepts, by its weights; 'identity' when it takes none of them. */
export function codingFor(headers: HeaderLines, offered: readonly Coding[]): Coding | 'identity' {
  if (valueOf(headers, 'accept-encoding') === null) return 'identity';
  const weights = weightsOf(headers);
  const weight = (coding: string): number => weights.get(coding) ?? weights.get('*') ?? 0;
  let best: Coding | 'identity' = 'identity';
  let most = weights.get('identity') ?? 0;
  for (const coding of offered) {
    if (weight(coding) <= most) continue;
    best = coding;
    most = weight(coding);
  }
  return best;
}

/** Each coding's q, from 0 (not at all) to 1 (RFC 9110 12.4.2). */
function weightsOf(headers: HeaderLines): Map<string, number> {
  const weights = new Map<string, number>();
  for (const element of elementsOf(headers, 'accept-encoding')) {
    const [name = '', ...parameters] = element.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = q === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q.slice(2)) ? Number(q.slice(2)) : 0;
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight);
  }
  return weights;
}

export function encodeBody(body: Uint8Array, coding: Coding): Uint8Array {
  switch (coding) {
    case 'gzip':
      return gzipSync(body);
    case 'deflate':
      return deflateSync(body);
    case 'br':
      return brotliCompressSync(body);
    default:
      return never(coding);
  }
}

/** Takes the codings of a Content-Encoding off, last first. Null for a coding that we lack, damaged bytes, or too large a result. */
export function decodeBody(body: Uint8Array, headers: HeaderLines): Uint8Array | null {
  let bytes = body;
  for (const coding of elementsOf(headers, 'content-encoding').reverse()) {
    const decode = DECODERS.get(coding.toLowerCase());
    if (decode === undefined) return null;
    try {
      bytes = decode(bytes, { maxOutputLength: MAX_DECODED });
    } catch {
      return null;
    }
  }
  return bytes;
}

const DECODERS = new Map<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
  ['identity', (bytes) => bytes],
]);
