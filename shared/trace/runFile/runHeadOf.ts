// Tells whether a capture that was read as packets is a run of ours as well, for those who show what is in a file.

import type { CaptureFacts } from '../../packets/captureFacts';
import { concatBytes } from '../../base/bytes';
import { readRunBlock } from './block';
import { isOurs, RUN_BLOCK } from './format';
import { readJson, runHead, type RunHead } from './meta';

/** What the file says of the run; null: it is none. Its facts need a RunFileReader. */
export function runHeadOf({ custom }: Pick<CaptureFacts, 'custom'>): RunHead | null {
  const first = custom.find(({ pen }) => pen === RUN_BLOCK.pen);
  if (first === undefined) return null;
  const pen = new Uint8Array(4);
  new DataView(pen.buffer).setUint32(0, first.pen, true);
  const bytes = concatBytes(pen, first.data);
  if (!isOurs(bytes, true)) return null;
  const block = readRunBlock(bytes);
  return 'why' in block || block.kind !== 'head' ? null : readJson(runHead, block.body);
}
