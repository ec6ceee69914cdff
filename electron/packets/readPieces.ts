// Reads a file from its beginning to its end in pieces that fit in a core's cache: what was just copied is looked at before it leaves it. Reading is
// synchronous (it runs in a thread of the file's own) and stops for a breath now and then, so that questions and a cancel are heard.

import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** A quarter of a megabyte of second-level cache, the columns have the rest; smaller ones cost calls, larger ones cost memory twice. */
const PIECE = 256 * 1024;
/** ms between two breaths. */
const BREATH = 8;

/** `take` gets each piece (valid until it returns) and says whether it wants more; `told` gets the bytes so far, and is waited for. Rejects with the signal's reason. */
export async function readPieces({ fd }: FileHandle, take: (piece: Uint8Array) => boolean, told: (read: number) => void | Promise<void>, signal?: AbortSignal): Promise<void> {
  const buffer = new Uint8Array(PIECE);
  let breathed = performance.now();
  for (let position = 0; ;) {
    signal?.throwIfAborted();
    const got = readSync(fd, buffer, 0, PIECE, position);
    if (got === 0) return;
    position += got;
    const more = take(got === PIECE ? buffer : buffer.subarray(0, got));
    const waited = told(position);
    if (waited !== undefined) await waited;
    if (!more) return;
    if (performance.now() - breathed < BREATH) continue;
    await new Promise((resolve) => setImmediate(resolve));
    breathed = performance.now();
  }
}
