import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readPieces } from './readPieces';

const folder = mkdtempSync(join(tmpdir(), 'looplab-pieces-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Several pieces, and the last one short. */
const BYTES = randomBytes(5 * 1024 * 1024 + 77);

async function using<T>(bytes: Uint8Array, work: (handle: Awaited<ReturnType<typeof open>>, path: string) => Promise<T>): Promise<T> {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  const handle = await open(path);
  try {
    return await work(handle, path);
  } finally {
    await handle.close();
  }
}

it.each([0, 1, 1024 * 1024, 3 * 1024 * 1024, BYTES.length])('gives all of %i bytes in their order', async (length) => {
  const whole = BYTES.subarray(0, length);
  const got: Buffer[] = [];
  const places: number[] = [];
  await using(whole, (handle) => readPieces(handle, (piece) => got.push(Buffer.from(piece)) > 0, (read) => void places.push(read)));
  expect(Buffer.concat(got).equals(whole)).toBe(true);
  expect(places.at(-1) ?? 0).toBe(length);
});

it('goes on where the file ended, when it has grown meanwhile', async () => {
  const more = randomBytes(2 * 1024 * 1024 + 5);
  const got: Buffer[] = [];
  await using(BYTES, (handle, path) => readPieces(handle, (piece) => got.push(Buffer.from(piece)) > 0, (read) => {
    if (read === BYTES.length) appendFileSync(path, more);
  }));
  expect(Buffer.concat(got).equals(Buffer.concat([BYTES, more]))).toBe(true);
});

/** Reads until `work` has enough; whether something is written into the pieces afterwards. */
async function writtenAfter(work: (take: (piece: Uint8Array) => void) => Promise<void>): Promise<boolean> {
  const memory = new Set<ArrayBufferLike>();
  await work((piece) => memory.add(piece.buffer));
  expect(memory.size).toBe(3);
  const pieces = [...memory].map((one) => new Uint8Array(one).fill(0));
  // Behind them in the queue of those who would.
  await Promise.all(Array.from({ length: 4 }, () => stat(folder)));
  return pieces.some((piece) => piece.some((byte) => byte !== 0));
}

it('stops for whoever wants no more, and for a signal with its reason; nothing of the file is read then', async () => {
  const reason = new Error('enough');
  await using(BYTES, async (handle) => {
    let taken = 0;
    expect(await writtenAfter((take) => readPieces(handle, (piece) => (take(piece), ++taken < 3), () => undefined))).toBe(false);
    expect(taken).toBe(3);
    const cancel = new AbortController();
    expect(await writtenAfter((take) => expect(readPieces(handle, (piece) => (take(piece), true), (read) => void (read < 3 * 1024 * 1024 || cancel.abort(reason)), cancel.signal)).rejects.toBe(reason))).toBe(false);
    await expect(readPieces(handle, () => { throw reason; }, () => undefined)).rejects.toBe(reason);
  });
});

it('says what the system says of a place that cannot be read', async () => {
  const handle = await open(folder);
  await expect(readPieces(handle, () => true, () => undefined)).rejects.toMatchObject({ code: 'EISDIR' });
  await handle.close();
});
