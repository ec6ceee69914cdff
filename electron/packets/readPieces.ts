// Reads a file from its beginning to its end in pieces that fit in a core's cache: what was just copied is looked at before it leaves it. Reading is
// synchronous (it runs in a thread of the file's own) and stops for a breath now and then, so that questions and a cancel are heard.

import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** A quarter of a megabyte of second-level cache, the columns have the rest; smaller ones cost calls, larger ones cost memory twice. */
export const PIECE = 256 * 1024;
/** ms between two breaths. */
const BREATH = 8;

/** Who reads parts of the file beside us, so that we need not. */
export interface Beside {
  /** The place that reading from `position` must not pass without `cross`. */
  seam(position: number): number;
  /** We are at a seam: where reading goes on. `read` goes up to a place first, and says whether it came there. */
  cross(position: number, read: (end: number) => boolean, breathe: () => Promise<void>): Promise<number>;
}

/** `take` gets each piece (valid until it returns) and says whether it wants more; `told` gets the bytes so far, and is waited for. Rejects with the signal's reason. */
export async function readPieces({ fd }: FileHandle, take: (piece: Uint8Array) => boolean, told: (read: number) => void | Promise<void>, signal?: AbortSignal, beside?: Beside): Promise<void> {
  const buffer = new Uint8Array(PIECE);
  let position = 0;
  let breathed = performance.now();
  /** One piece that ends there at the latest. False: there is no more, or nobody wants it. */
  const step = (end: number): boolean => {
    const got = readSync(fd, buffer, 0, Math.min(PIECE, end - position), position);
    position += got;
    return got > 0 && take(got === PIECE ? buffer : buffer.subarray(0, got));
  };
  const read = (end: number): boolean => {
    while (position < end) if (!step(end)) return false;
    return true;
  };
  const breathe = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    breathed = performance.now();
    signal?.throwIfAborted();
  };
  for (;;) {
    signal?.throwIfAborted();
    const seam = beside?.seam(position) ?? Infinity;
    const before = position;
    const more = step(seam);
    if (position === before) return;
    if (more && beside !== undefined && position === seam) position = await beside.cross(position, read, breathe);
    const waited = told(position);
    if (waited !== undefined) await waited;
    if (!more) return;
    if (performance.now() - breathed >= BREATH) await breathe();
  }
}
