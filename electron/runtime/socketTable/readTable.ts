// Reads one table of /proc/net, piece by piece, without holding the event loop: the kernel gives a page at a time, and walks all its
// buckets to fill it, which takes ms where few sockets are spread over many. Slow pieces are read beside the loop, quick ones in it.

import { open, type FileHandle } from 'node:fs/promises';
import { readSync } from 'node:fs';
import { SAMPLING } from './limits';
import { eachRow } from './procNet';

/** The kernel's seq_file gives a page at most; a row is never longer than some 200 bytes. */
const PIECE = 16 * 1024;
/** ms of a read() that is not worth a thread of its own. */
const QUICK = 0.3;

export interface Reading {
  /** ms that it took. */
  readonly cost: number;
  readonly rows: number;
  /** More than one read(): rows may have moved meanwhile. */
  readonly parts: number;
}

/** Calls `row` with each row's place (eachRow). Rejects when there is no such table; ends early once `stopped` says so. */
export async function readTable(path: string, row: (table: Buffer, at: number) => void, stopped: () => boolean): Promise<Reading> {
  const file = await open(path, 'r');
  try {
    return await readAll(file, row, stopped);
  } finally {
    await file.close();
  }
}

async function readAll(file: FileHandle, row: (table: Buffer, at: number) => void, stopped: () => boolean): Promise<Reading> {
  const table = Buffer.allocUnsafe(PIECE);
  let kept = 0;
  let cost = 0;
  let parts = 0;
  let rows = 0;
  /** ms of the last read(). */
  let last = Number.POSITIVE_INFINITY;
  let held = 0;
  for (;;) {
    const began = performance.now();
    const quick = last < QUICK;
    const count = quick ? readSync(file.fd, table, kept, PIECE - kept, null) : (await file.read(table, kept, PIECE - kept, null)).bytesRead;
    last = performance.now() - began;
    if (count === 0) return { cost: cost + last, rows, parts };
    parts++;
    const end = kept + count;
    const rest = eachRow(table, end, (at) => {
      rows++;
      row(table, at);
    });
    table.copyWithin(0, rest, end);
    kept = end - rest;
    const spent = performance.now() - began;
    cost += spent;
    held = quick ? held + spent : 0;
    if (held > SAMPLING.slice) {
      held = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (stopped() || kept === PIECE) return { cost, rows, parts };
  }
}
