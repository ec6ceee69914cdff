// Reads a file from its beginning to its end in pieces. While one is looked at, the system copies the next ones in threads of Node's: who reads a
// large capture waits for none of them. Questions and a cancel are heard between them, since no more are there than were asked for.

import { read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** Smaller ones cost calls, larger ones leave the cache that the cores share before they are looked at. */
const PIECE = 1024 * 1024;
/** Pieces at a time: one that is looked at, one that is there, one that is copied. */
const PIECES = 3;

interface Piece {
  readonly bytes: Uint8Array;
  /** How many are in it; fewer than it holds: the file ended there. */
  readonly filled: Promise<number>;
}

/** `take` gets each piece (valid until it returns) and says whether it wants more; `told` gets the bytes so far, and is waited for. Rejects with the signal's reason. */
export async function readPieces({ fd }: FileHandle, take: (piece: Uint8Array) => boolean, told: (read: number) => void | Promise<void>, signal?: AbortSignal): Promise<void> {
  let asked = 0;
  const ask = (bytes: Uint8Array): Piece => {
    const filled = readAt(fd, bytes, asked);
    asked += PIECE;
    // It may fail before anybody comes to it, or when nobody does any more.
    filled.catch(() => undefined);
    return { bytes, filled };
  };
  const queue = Array.from({ length: PIECES }, () => ask(new Uint8Array(PIECE)));
  const allFilled = (): Promise<unknown> => Promise.allSettled(queue.map(({ filled }) => filled));
  try {
    for (let position = 0, piece = queue.shift(); piece !== undefined; piece = queue.shift()) {
      const { bytes } = piece;
      const filled = await piece.filled;
      signal?.throwIfAborted();
      if (filled === 0) return;
      position += filled;
      const more = take(filled === PIECE ? bytes : bytes.subarray(0, filled));
      const waited = told(position);
      if (waited !== undefined) await waited;
      if (!more) return;
      if (filled < PIECE) {
        // The end, or what was the end then: the next ones were asked for at other places.
        await allFilled();
        asked = position;
        queue.push(...[bytes, ...queue.splice(0).map((next) => next.bytes)].map(ask));
      } else queue.push(ask(bytes));
    }
  } finally {
    // The file may be closed then, and its number be another's.
    await allFilled();
  }
}

const readAt = (fd: number, bytes: Uint8Array, position: number): Promise<number> =>
  new Promise((resolve, reject) => {
    read(fd, bytes, 0, bytes.length, position, (error, filled) => (error === null ? resolve(filled) : reject(error)));
  });
