// Bodies without their content coding (RFC 9110 8.4.1), for a HAR: with Node's own zlib, within a bound.

import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** Bytes that a body may grow to. */
const LIMIT = 16 * 1024 * 1024;

const UNDO: ReadonlyMap<string, (bytes: Uint8Array) => Uint8Array> = new Map([
  ['gzip', (bytes) => gunzipSync(bytes, { maxOutputLength: LIMIT })],
  ['x-gzip', (bytes) => gunzipSync(bytes, { maxOutputLength: LIMIT })],
  ['deflate', (bytes) => inflateSync(bytes, { maxOutputLength: LIMIT })],
  ['br', (bytes) => brotliDecompressSync(bytes, { maxOutputLength: LIMIT })],
]);

/** `coding`: 'gzip, br', in the order in which they were applied. Null when one of them cannot be undone. */
export function decodedBody(bytes: Uint8Array, coding: string): Uint8Array | null {
  try {
    return coding.split(',').map((one) => one.trim()).reverse().reduce<Uint8Array | null>((left, one) => (left === null ? null : (UNDO.get(one)?.(left) ?? null)), bytes);
  } catch {
    // Not of that coding, or larger than the bound.
    return null;
  }
}
