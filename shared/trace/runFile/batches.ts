// The facts of a trace as batches again, for the blocks of a run file: each as it was appended, or several small ones together. Done twice it gives
// the same, so that a file that was opened is saved as it was.

import { columnsOn, copyRows, roundUp4, type Batch } from '../columns';
import { TraceStore, type BatchMark } from '../store';

/** Several batches go together up to so many facts and bytes of payload: a run of many frames is a few blocks. */
const TOGETHER = { rows: 4096, bytes: 1024 * 1024 } as const;

/** `together`: small ones as one. `payloads`: with them; else the trace is asked for them (TraceStore.copyPayloads). */
export function* batchesOf(trace: TraceStore, together: boolean, payloads = true): Generator<Batch> {
  const { batches } = trace;
  for (let from = 0; from < batches.length;) {
    const begin = batches[from] as BatchMark;
    let to = from + 1;
    for (let bytes = begin.bytes; together && to < batches.length; to++) {
      const next = batches[to] as BatchMark;
      bytes += next.bytes;
      if (next.thinned !== begin.thinned || bytes > TOGETHER.bytes || firstOf(trace, to + 1) - begin.first > TOGETHER.rows) break;
    }
    yield batchOf(trace, from, to, payloads);
    from = to;
  }
}

const firstOf = (trace: TraceStore, index: number): number => trace.batches[index]?.first ?? trace.count;

/** Batches `from` up to `to` as one, with the payloads one after the other. */
function batchOf(trace: TraceStore, from: number, to: number, payloads: boolean): Batch {
  const first = firstOf(trace, from);
  const end = firstOf(trace, to);
  const count = end - first;
  const columns = columnsOn(roundUp4(count));
  for (let seq = first; seq < end;) {
    const { columns: chunk, row } = trace.locate(seq);
    const take = Math.min(TraceStore.chunkRows - row, end - seq);
    copyRows(chunk, row, columns, seq - first, take);
    seq += take;
  }
  let size = 0;
  for (let row = 0; row < count; row++) {
    const kept = columns.kept[row] as number;
    columns.pay[row] = kept === 0 ? 0 : size;
    size += kept;
  }
  const payload = new Uint8Array(payloads ? size : 0);
  if (payloads) trace.copyPayloads(first, end, payload);
  const dictFirst = trace.batches[from]?.dictFirst ?? trace.texts;
  const dictEnd = trace.batches[to]?.dictFirst ?? trace.texts;
  const dict = Array.from({ length: dictEnd - dictFirst }, (_, index) => trace.string(dictFirst + index));
  return { first, count, columns: new Uint8Array(columns.t.buffer as ArrayBuffer), payload, dict, dictFirst, thinned: trace.batches[to - 1]?.thinned ?? false };
}
