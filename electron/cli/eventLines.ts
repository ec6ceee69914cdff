// The events of a run as lines of JSON, for commands that print or save them.

import { eventJson } from '../../shared/trace/eventJson';
import type { TraceStore } from '../../shared/trace/store';
import type { Story } from '../../shared/trace/story';

/** Lines that are written at once: fewer, larger writes. */
const LINES = 512;

export interface Told {
  readonly trace: TraceStore;
  readonly story: Story;
}

/** One object for each fact; `payload`: with its bytes in base64. */
export function* eventLines({ trace, story }: Told, payload: boolean): Generator<string> {
  for (let seq = 0; seq < trace.count; seq++) yield JSON.stringify(eventJson(trace, story, seq, { payload }));
}

/** Several lines as one text, each with its end. */
export function* inBlocks(lines: Iterable<string>): Generator<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(`${line}\n`);
    if (block.length < LINES) continue;
    yield block.join('');
    block = [];
  }
  if (block.length > 0) yield block.join('');
}
