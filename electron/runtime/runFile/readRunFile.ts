// Reads a run file from disk, plain or as gzip, batch by batch, so that neither the file nor a hostile length in it ever stands in memory as a whole.
// What goes wrong with the device is damage as much as what is wrong in the file: everything before it is there.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import type { Damage } from '../../../shared/packets/captureFacts';
import type { Batch } from '../../../shared/trace/columns';
import type { RunHead, RunNotes } from '../../../shared/trace/runFile/meta';
import { RunFileReader } from '../../../shared/trace/runFile/read';
import { whyOf } from '../../outFile';
import { EngineError, errorCode } from '../engineError';

const CHUNK = 256 * 1024;

export interface ReadRun {
  readonly head: RunHead;
  readonly notes: RunNotes;
  readonly facts: number;
  readonly damage: Damage | null;
}

/**
 * Hands on each batch in order; `onHead` is called before the first, and waited for. Rejects with EngineError: an errno when the file cannot be
 * opened, RUN_BROKEN when it is no run from its beginning.
 */
export async function readRunFile(path: string, onBatch: (batch: Batch) => void, onHead: (head: RunHead) => Promise<void> | void = () => undefined): Promise<ReadRun> {
  let waiting: Batch[] = [];
  let head: RunHead | null = null;
  const reader = new RunFileReader((batch) => void waiting.push(batch));
  const pass = async (): Promise<void> => {
    if (head === null && reader.head !== null) {
      head = reader.head;
      await onHead(head);
    }
    const batches = waiting;
    waiting = [];
    for (const batch of batches) onBatch(batch);
  };
  let read = 0;
  let failed: Damage | null = null;
  try {
    for await (const chunk of await streamOf(path)) {
      const bytes = chunk as Uint8Array;
      read += bytes.length;
      reader.push(bytes);
      await pass();
      if (reader.done) break;
    }
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown;
    failed = { offset: read, why: `the file cannot be read on: ${whyOf(thrown, true)}`.slice(0, 300) };
  }
  if (failed === null) reader.end();
  await pass();
  const damage = failed ?? reader.damage;
  if (reader.head === null) throw new EngineError('RUN_BROKEN', `cannot open ${path}: ${damage?.why ?? 'this is no run of Looplab'}`, path);
  return { head: reader.head, notes: reader.notes, facts: reader.facts, damage };
}

async function streamOf(path: string): Promise<Readable> {
  const head = new Uint8Array(2);
  try {
    const file = await open(path, 'r');
    await file.read(head, 0, 2, 0).finally(() => file.close());
  } catch (thrown) {
    throw new EngineError(errorCode(thrown), `cannot open ${path}: ${whyOf(thrown, true)}`, path);
  }
  const file = createReadStream(path, { highWaterMark: CHUNK });
  if (head[0] !== 0x1f || head[1] !== 0x8b) return file;
  const expanded = createGunzip({ chunkSize: CHUNK });
  file.on('error', (error) => expanded.destroy(error));
  return file.pipe(expanded);
}
