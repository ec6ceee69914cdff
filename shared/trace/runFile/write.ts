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
import { LivePackets } from './livePackets';
import { jsonBytes, runEnd, runHead, runNotes, type RunEnd, type RunHead, type RunNotes } from './meta';

export interface RunToSave {
  readonly story: Story;
  readonly trace: TraceStore;
  readonly notes: RunNotes;
}

type Block = Uint8Array<ArrayBuffer>;

/** The blocks of the file, in order; all of them together are the file. */
export function* runFileBlocks(run: RunToSave, head: RunHead): Generator<Block> {
  yield* beginBlocks(head);
  const packets = head.order === 'recorded' ? yield* recordedBlocks(run.trace, head) : yield* savedBlocks(run, head);
  yield* endBlocks(run.notes, { facts: run.trace.count, packets });
}

/** What a file begins with, before anything has happened. */
export function beginBlocks(head: RunHead): Block[] {
  return [headBlock(head.lab, head.application), jsonBlock('head', jsonBytes(runHead, head))];
}

/** Facts as they come, while a run is recorded. Which texts name keys later nobody knows yet: then the shape of a key's line decides (keys.ts). */
export const recordedBlock = (batch: Batch, keys: boolean): Block => factsBlock(batch, keys ? null : keyTextsOf(batch));

/** What ends a file that is whole. */
export const endBlocks = (notes: RunNotes, end: RunEnd): Block[] => [jsonBlock('notes', jsonBytes(runNotes, notes)), jsonBlock('end', jsonBytes(runEnd, end))];

function* savedBlocks({ story, trace }: RunToSave, head: RunHead): Generator<Block, number> {
  const packets = yield* packetBlocks(story, trace, head.keys, head.packets);
  const blank = head.keys ? null : keyTexts(trace);
  for (const batch of batchesOf(trace, true, false)) yield factsBlock(batch, blank, trace);
  return packets;
}

/** As a recording has them: the packets of each batch behind its facts. */
function* recordedBlocks(trace: TraceStore, head: RunHead): Generator<Block, number> {
  const live = new LivePackets(head);
  for (const batch of batchesOf(trace, false)) {
    yield recordedBlock(batch, head.keys);
    yield* live.after(batch);
  }
  return live.packets;
}
