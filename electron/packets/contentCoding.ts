// Undoes the content codings of HTTP (RFC 9110 8.4.1) with Node's own zlib, as far as a bound: what would grow further is cut there and says so.
// Damaged and unfinished data give what comes before the damage.

import { brotliDecompressSync, createBrotliDecompress, createGunzip, createInflate, createInflateRaw, constants } from 'node:zlib';
import type { Transform } from 'node:stream';
import { concatBytes, NO_BYTES } from '../../shared/base/bytes';
import type { Codings } from '../../shared/codec/http/codings';
import type { CodedBody } from '../../shared/packets/session';
import { errorCode } from '../runtime/engineError';

interface Undone {
  readonly bytes: Uint8Array;
  readonly outcome: CodedBody['outcome'];
}

/** Codings that are undone one after the other at most. */
const MOST_CODINGS = 4;

/** 'deflate' is zlib's format (RFC 9110 8.4.1.2), but some send it bare. */
const inflater = (bytes: Uint8Array): Transform => (((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0 ? createInflate(LOOSE) : createInflateRaw(LOOSE));
/** What ends early gives what there is. */
const LOOSE = { finishFlush: constants.Z_SYNC_FLUSH } as const;
const UNDO: ReadonlyMap<string, (bytes: Uint8Array) => Transform> = new Map([
  ['gzip', () => createGunzip(LOOSE)], ['x-gzip', () => createGunzip(LOOSE)], ['deflate', inflater], ['br', () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })],
]);

/** Brotli grows as far as that at once; what would grow further is not undone. */
const MOST_AT_ONCE = 16 * 1024 * 1024;

/** What the dissection has no code of its own for. */
export const CODINGS: Codings = new Map([['br', (bytes, most) => {
  try {
    const out = brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: Math.max(most, MOST_AT_ONCE) });
    return out.length > most ? { bytes: out.subarray(0, most), outcome: 'large' } : { bytes: out, outcome: 'decoded' };
  } catch (error) {
    return { bytes: NO_BYTES, outcome: errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? 'large' : 'damaged' };
  }
}]]);

/** `coding`: 'gzip, br', in the order in which they were applied. At most `most` bytes come out of each. Never rejects. */
export async function undoCoding(bytes: Uint8Array, coding: string, most: number): Promise<Undone> {
  const names = coding.split(',').map((one) => one.trim()).filter((one) => one !== '' && one !== 'identity').reverse();
  if (names.length > MOST_CODINGS || names.some((name) => !UNDO.has(name))) return { bytes, outcome: 'unknown' };
  let left = bytes;
  for (const name of names) {
    const { bytes: out, outcome } = await undone(left, UNDO.get(name)?.(left), most);
    if (outcome === 'damaged' && out.length === 0) return { bytes, outcome };
    left = out;
    if (outcome !== 'decoded') return { bytes: left, outcome };
  }
  return { bytes: left, outcome: 'decoded' };
}

function undone(bytes: Uint8Array, stream: Transform | undefined, most: number): Promise<Undone> {
  return new Promise((resolve) => {
    if (stream === undefined) return resolve({ bytes, outcome: 'unknown' });
    const parts: Uint8Array[] = [];
    let size = 0;
    const end = (outcome: Undone['outcome']): void => {
      stream.destroy();
      resolve({ bytes: concatBytes(...parts), outcome });
    };
    stream.on('data', (part: Uint8Array) => {
      const kept = part.subarray(0, most - size);
      parts.push(kept);
      size += kept.length;
      if (kept.length < part.length) end('large');
    });
    stream.on('end', () => end('decoded'));
    stream.on('error', () => end('damaged'));
    stream.end(bytes);
  });
}
