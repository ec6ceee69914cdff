// What is a key in a run: lines of an NSS key log (SSLKEYLOGFILE), which open TLS to whoever has the file. A file that is saved without keys must
// have none of them, wherever in the texts of the trace they stand.

import { batchColumns, type Batch } from '../columns';
import { KIND_CODE } from '../event';
import type { TraceStore } from '../store';

/** A label, the client's random, and at least 32 bytes of secret (draft-ietf-tls-keylogfile 2). */
const LINE = /[A-Z][A-Z0-9_]{2,60} [0-9a-f]{64} [0-9a-f]{64}/iu;

/** Whether a text has the shape of a key log's line somewhere in it. */
export const saysKey = (text: string): boolean => text.length >= 130 && LINE.test(text);

/** Texts of the dictionary that key facts name. */
export function keyTexts(trace: TraceStore): ReadonlySet<number> {
  const found = new Set<number>();
  for (let seq = 0; seq < trace.count; seq++) {
    const { columns, row } = trace.locate(seq);
    if (columns.kind[row] === KIND_CODE['key.logged']) found.add(columns.text[row] as number);
  }
  return found;
}

/** The same of one batch. */
export function keyTextsOf(batch: Batch): ReadonlySet<number> {
  const { kind, text } = batchColumns(batch);
  const found = new Set<number>();
  for (let row = 0; row < batch.count; row++) if (kind[row] === KIND_CODE['key.logged']) found.add(text[row] as number);
  return found;
}

/** The lines of the trace's key log; '' when it has none. */
export function keyLog(trace: TraceStore): string {
  const lines: string[] = [];
  for (let seq = 0; seq < trace.count; seq++) {
    const { columns, row } = trace.locate(seq);
    if (columns.kind[row] !== KIND_CODE['key.logged']) continue;
    const text = trace.string(columns.text[row] as number);
    if (text !== '') lines.push(`${text}\n`);
  }
  return lines.join('');
}
