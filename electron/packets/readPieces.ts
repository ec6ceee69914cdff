// Reads a file from its beginning to its end in large pieces, the next one while the last is looked at.

import type { FileHandle } from 'node:fs/promises';

/** Large enough that a piece's costs do not count, small enough to stay in what two of them take. */
const PIECE = 4 * 1024 * 1024;

/** `take` gets each piece (valid until it returns) and says whether it wants more; `told` gets the bytes so far, and is waited for. Rejects with the signal's reason. */
export async function readPieces(handle: FileHandle, take: (piece: Uint8Array) => boolean, told: (read: number) => void | Promise<void>, signal?: AbortSignal): Promise<void> {
  const buffers = [new Uint8Array(PIECE), new Uint8Array(PIECE)] as const;
  let position = 0;
  let next = handle.read(buffers[0], 0, PIECE, 0);
  for (let turn = 1; ; turn++) {
    const { bytesRead, buffer } = await next;
    signal?.throwIfAborted();
    if (bytesRead === 0) return;
    position += bytesRead;
    const ahead = handle.read(buffers[turn % 2 === 0 ? 0 : 1], 0, PIECE, position);
    next = ahead;
    // Its failure is met when it is waited for, which an error of `take` prevents.
    ahead.catch(() => undefined);
    try {
      if (!take(buffer.subarray(0, bytesRead))) {
        await told(position);
        await ahead.catch(() => undefined);
        return;
      }
      await told(position);
    } catch (thrown) {
      await ahead.catch(() => undefined);
      throw thrown;
    }
  }
}
