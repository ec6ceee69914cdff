// Keeps the facts of one trace as columns, appended batch by batch; reads single facts and payloads on demand.
// The same store serves twenty lab events and millions of packets. Derives nothing (fold.ts does).

import { eventSeq, micros, roleIx, sockId, type EventSeq } from '../base/brand';
import { ROW_BYTES, batchColumns, columnsOn, copyRows, roundUp4, type Batch, type Columns } from './columns';
import { parseEndpoint } from './endpoint';
import { EVIDENCE_CODE, KIND_CODE, type EventKind, type Fact } from './event';

/** Rows of one chunk: a power of two, so that row numbers split by shift and mask. */
const SHIFT = 12;
const ROWS = 1 << SHIFT;
const MASK = ROWS - 1;

const KIND_NAME = new Map<number, EventKind>(Object.entries(KIND_CODE).map(([name, code]) => [code, name as EventKind]));
const EMPTY = new Uint8Array(0);

interface Chunk {
  readonly columns: Columns;
  /** Index of the batch's payload bytes in `payloads`, per row. */
  readonly block: Uint32Array;
}

/** Where a batch of the trace began, as it was appended. */
export interface BatchMark {
  readonly first: number;
  readonly dictFirst: number;
  /** Bytes of payload that came with it. */
  readonly bytes: number;
  readonly thinned: boolean;
}

export class TraceStore {
  private readonly chunks: Chunk[] = [];
  private readonly marks: BatchMark[] = [];
  private readonly payloads: Uint8Array[] = [];
  private readonly dictionary: string[] = [''];
  private rows = 0;
  private bytes = 0;
  /** Bytes of payload that are held, and how many batches have given theirs away. */
  private held = 0;
  private released = 0;
  private isThinned = false;

  /** Number of facts. */
  get count(): number {
    return this.rows;
  }

  /** Bytes of memory held in columns and payloads. */
  get memory(): number {
    return this.bytes;
  }

  /** True when the recorder no longer kept whole payloads (limits.ts). */
  get thinned(): boolean {
    return this.isThinned;
  }

  /** Appends a batch. Throws when it does not continue this trace (a lost or repeated batch is never hidden). */
  append(batch: Batch): void {
    if (batch.first !== this.rows) throw new Error(`batch starts at fact ${batch.first}, the trace has ${this.rows}`);
    if (batch.dictFirst !== this.dictionary.length) throw new Error(`batch's dictionary starts at ${batch.dictFirst}, not ${this.dictionary.length}`);
    if (batch.columns.byteLength !== columnsBytes(batch.count)) throw new Error(`batch of ${batch.count} facts has ${batch.columns.byteLength} B of columns`);
    this.marks.push({ first: batch.first, dictFirst: batch.dictFirst, bytes: batch.payload.length, thinned: batch.thinned });
    for (const text of batch.dict) this.dictionary.push(text);
    this.payloads.push(batch.payload);
    this.bytes += batch.payload.length;
    this.held += batch.payload.length;
    this.isThinned ||= batch.thinned;
    const from = batchColumns(batch);
    const block = this.payloads.length - 1;
    let done = 0;
    while (done < batch.count) {
      const row = this.rows & MASK;
      const chunk = row === 0 ? this.grow() : (this.chunks[this.chunks.length - 1] as Chunk);
      const take = Math.min(ROWS - row, batch.count - done);
      copyRows(from, done, chunk.columns, row, take);
      chunk.block.fill(block, row, row + take);
      this.rows += take;
      done += take;
    }
  }

  /** Lets payloads go, those of the oldest batches first, until at most so many bytes are held (or those of one batch): they read as empty then. */
  holdAtMost(bytes: number): void {
    for (; this.held > bytes && this.released < this.payloads.length - 1; this.released++) {
      const { length } = this.payloads[this.released] ?? EMPTY;
      this.payloads[this.released] = EMPTY;
      this.held -= length;
      this.bytes -= length;
    }
  }

  /** The columns that hold fact `seq`, and its row in them: for hot loops that must not make objects. */
  locate(seq: number): { columns: Columns; row: number } {
    return { columns: this.chunk(seq).columns, row: seq & MASK };
  }

  /** Columns of chunk `index` (rows `index * chunkRows` up). */
  columnsOf(index: number): Columns {
    return this.chunk(index << SHIFT).columns;
  }

  static readonly chunkRows = ROWS;

  /** Time of a fact, in microseconds. */
  t(seq: number): number {
    return this.chunk(seq).columns.t[seq & MASK] as number;
  }

  kind(seq: number): EventKind {
    const code = this.chunk(seq).columns.kind[seq & MASK] as number;
    const name = KIND_NAME.get(code);
    if (name === undefined) throw new Error(`fact ${seq} has unknown kind ${code}`);
    return name;
  }

  /** The whole fact as an object. */
  at(seq: number): Fact {
    const columns = this.chunk(seq).columns;
    const row = seq & MASK;
    return {
      seq: eventSeq(seq),
      t: micros(columns.t[row] as number),
      kind: this.kind(seq),
      evidence: columns.evidence[row] === EVIDENCE_CODE.captured ? 'captured' : 'observed',
      role: roleIx(columns.role[row] as number),
      sock: sockId(columns.sock[row] as number),
      a: columns.a[row] as number,
      b: columns.b[row] as number,
      err: this.string(columns.err[row] as number),
      local: parseEndpoint(this.string(columns.local[row] as number)),
      remote: parseEndpoint(this.string(columns.remote[row] as number)),
      offset: columns.offset[row] as number,
      size: columns.size[row] as number,
      kept: columns.kept[row] as number,
      text: this.string(columns.text[row] as number),
    };
  }

  /** The kept payload bytes of a fact: a view, do not write to it. */
  payload(seq: EventSeq | number): Uint8Array {
    const chunk = this.chunk(seq);
    const row = seq & MASK;
    const kept = chunk.columns.kept[row] as number;
    if (kept === 0) return EMPTY;
    const start = chunk.columns.pay[row] as number;
    return (this.payloads[chunk.block[row] as number] ?? EMPTY).subarray(start, start + kept);
  }

  /** The kept payload bytes of facts `first` up to `end`, one after the other, into `target`: what lies together is copied together. */
  copyPayloads(first: number, end: number, target: Uint8Array): void {
    let [block, from, to, at] = [-1, 0, 0, 0];
    const copy = (): void => {
      if (block >= 0) target.set((this.payloads[block] ?? EMPTY).subarray(from, to), at);
      at += to - from;
    };
    for (let seq = first; seq < end; seq++) {
      const chunk = this.chunk(seq);
      const row = seq & MASK;
      const kept = chunk.columns.kept[row] as number;
      if (kept === 0) continue;
      const start = chunk.columns.pay[row] as number;
      if (chunk.block[row] !== block || start !== to) {
        copy();
        block = chunk.block[row] as number;
        from = start;
      }
      to = start + kept;
    }
    copy();
  }

  /** Entries of the dictionary; the first is the empty string. */
  get texts(): number {
    return this.dictionary.length;
  }

  /** The batches that were appended, in order: a run file keeps them as they are. */
  get batches(): readonly BatchMark[] {
    return this.marks;
  }

  string(index: number): string {
    return this.dictionary[index] ?? '';
  }

  private chunk(seq: number): Chunk {
    const chunk = seq < this.rows ? this.chunks[seq >>> SHIFT] : undefined;
    if (chunk === undefined) throw new RangeError(`no fact ${seq}, the trace has ${this.rows}`);
    return chunk;
  }

  private grow(): Chunk {
    const chunk: Chunk = { columns: columnsOn(ROWS), block: new Uint32Array(ROWS) };
    this.chunks.push(chunk);
    this.bytes += columnsBytes(ROWS) + chunk.block.byteLength;
    return chunk;
  }
}

const columnsBytes = (count: number): number => roundUp4(count) * ROW_BYTES;
