// Undoes the content coding of a whole body (RFC 9110 8.4) with the browser's own DecompressionStream, within bounds. Brotli and zstd are
// named, not undone: the platform has no decoder for them.

import { BODY_LIMITS } from './limits';

const FORMATS: ReadonlyMap<string, CompressionFormat> = new Map([['gzip', 'gzip'], ['x-gzip', 'gzip'], ['deflate', 'deflate']]);

export type Undone =
  | { readonly state: 'undone'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** It is larger than we unfold; the first bytes of it. */
  | { readonly state: 'cut'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** A coding that we cannot undo, or bytes that are not of it. */
  | { readonly state: 'unknown' | 'broken'; readonly coding: string };

/** 'gzip, deflate' in the order in which they were applied; without 'identity', which is none. */
export const codingsOf = (value: string): string[] => value.split(',').map((coding) => coding.trim().toLowerCase()).filter((coding) => coding !== '' && coding !== 'identity');

export async function undo(given: Uint8Array<ArrayBuffer>, codings: readonly string[], limit: number = BODY_LIMITS.decoded): Promise<Undone> {
  let bytes = given;
  for (const coding of [...codings].reverse()) {
    const format = FORMATS.get(coding);
    if (format === undefined) return { state: 'unknown', coding };
    const unfolded = await unfold(bytes, format, limit);
    if (unfolded === null) return { state: 'broken', coding };
    if (unfolded.cut) return { state: 'cut', bytes: unfolded.bytes };
    bytes = unfolded.bytes;
  }
  return { state: 'undone', bytes };
}

async function unfold(bytes: Uint8Array<ArrayBuffer>, format: CompressionFormat, limit: number): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly cut: boolean } | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const source = new ReadableStream<BufferSource>({
      start: (controller) => {
        controller.enqueue(bytes);
        controller.close();
      },
    });
    const reader = source.pipeThrough(new DecompressionStream(format)).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
      if (size <= limit) continue;
      await reader.cancel();
      return { bytes: joined(parts, limit), cut: true };
    }
  } catch {
    return null;
  }
  return { bytes: joined(parts, size), cut: false };
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part.subarray(0, size - at), at);
    at += Math.min(part.length, size - at);
  }
  return all;
}
