// A run as a file: a pcapng whose packets other programs show, and whose custom blocks (format.ts) have every fact, so that Looplab opens it to the
// same picture. Blocks in, in the order in which they are written; where they go is others'.

import { headBlock, packetBlocks } from '../export/pcapng';
import type { Batch } from '../columns';
import type { TraceStore } from '../store';
import type { Story } from '../story';
import { batchesOf } from './batches';
import { jsonBlock } from './block';
import { factsBlock } from './facts';
import { keyTexts, keyTextsOf } from './keys';
import { jsonBytes, runEnd, runHead, runNotes, type RunHead, type RunNotes } from './meta';

export interface RunToSave {
  readonly story: Story;
  readonly trace: TraceStore;
  readonly notes: RunNotes;
  /** Facts of the run, where the trace has not all of them. */
  readonly facts?: number;
}

type Block = Uint8Array<ArrayBuffer>;

/** The blocks of the file, in order; all of them together are the file. */
export function* runFileBlocks(run: RunToSave, head: RunHead): Generator<Block> {
  yield* beginBlocks(head);
  if (head.order === 'recorded') {
    yield* factBlocks(run.trace, head);
    yield* endBlocks(run, head);
    return;
  }
  const packets = yield* packetBlocks(run.story, run.trace, head.keys, head.packets);
  yield* factBlocks(run.trace, head);
  yield* lastBlocks(run, packets);
}

/** What a file begins with, before anything has happened. */
export function beginBlocks(head: RunHead): Block[] {
  return [headBlock(head.lab, head.application), jsonBlock('head', jsonBytes(runHead, head))];
}

/** Facts as they come, while a run is recorded. Which texts name keys later nobody knows yet: then the shape of a key's line decides (keys.ts). */
export const recordedBlock = (batch: Batch, keys: boolean): Block => factsBlock(batch, keys ? null : keyTextsOf(batch));

/** What follows the facts of a run that was recorded, once it is over. */
export function* endBlocks(run: RunToSave, head: RunHead): Generator<Block> {
  const packets = yield* packetBlocks(run.story, run.trace, head.keys, head.packets);
  yield* lastBlocks(run, packets);
}

function* factBlocks(trace: TraceStore, head: RunHead): Generator<Block> {
  const saved = head.order === 'saved';
  const blank = head.keys ? null : keyTexts(trace);
  for (const batch of batchesOf(trace, saved)) yield saved ? factsBlock(batch, blank) : recordedBlock(batch, head.keys);
}

function* lastBlocks({ trace, notes, facts = trace.count }: RunToSave, packets: number): Generator<Block> {
  yield jsonBlock('notes', jsonBytes(runNotes, notes));
  yield jsonBlock('end', jsonBytes(runEnd, { facts, packets }));
}
