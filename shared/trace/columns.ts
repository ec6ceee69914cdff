// One chunk of facts as a structure of arrays, and its packed form that crosses threads and processes.
// Used by the recorder (which writes rows) and by the trace store (which keeps them). Payload bytes live beside it.

/** Views on one buffer, `capacity` rows each. Wide columns first, so that every view is aligned. */
export interface Columns {
  readonly capacity: number;
  /** Microseconds since the origin of the trace. */
  readonly t: Float64Array;
  /** Stream offset of the first byte. */
  readonly offset: Float64Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly sock: Uint32Array;
  readonly size: Uint32Array;
  readonly kept: Uint32Array;
  /** Offset of the payload in the chunk's or batch's payload bytes. */
  readonly pay: Uint32Array;
  /** Dictionary indices; 0 is the empty string. */
  readonly local: Uint32Array;
  readonly remote: Uint32Array;
  readonly text: Uint32Array;
  readonly err: Uint32Array;
  readonly role: Uint16Array;
  readonly kind: Uint8Array;
  readonly evidence: Uint8Array;
}

/** Bytes of one row over all columns. */
export const ROW_BYTES = 2 * 8 + 10 * 4 + 2 + 2;

/** Views for `capacity` rows (a multiple of 4) on `buffer`, or on a new one. */
export function columnsOn(capacity: number, buffer: ArrayBuffer = new ArrayBuffer(capacity * ROW_BYTES), start = 0): Columns {
  let at = start;
  const take = (bytes: number): number => {
    const here = at;
    at += bytes * capacity;
    return here;
  };
  return {
    capacity,
    t: new Float64Array(buffer, take(8), capacity),
    offset: new Float64Array(buffer, take(8), capacity),
    a: new Int32Array(buffer, take(4), capacity),
    b: new Int32Array(buffer, take(4), capacity),
    sock: new Uint32Array(buffer, take(4), capacity),
    size: new Uint32Array(buffer, take(4), capacity),
    kept: new Uint32Array(buffer, take(4), capacity),
    pay: new Uint32Array(buffer, take(4), capacity),
    local: new Uint32Array(buffer, take(4), capacity),
    remote: new Uint32Array(buffer, take(4), capacity),
    text: new Uint32Array(buffer, take(4), capacity),
    err: new Uint32Array(buffer, take(4), capacity),
    role: new Uint16Array(buffer, take(2), capacity),
    kind: new Uint8Array(buffer, take(1), capacity),
    evidence: new Uint8Array(buffer, take(1), capacity),
  };
}

/** Copies `count` rows of every column. */
export function copyRows(from: Columns, fromRow: number, to: Columns, toRow: number, count: number): void {
  const end = fromRow + count;
  to.t.set(from.t.subarray(fromRow, end), toRow);
  to.offset.set(from.offset.subarray(fromRow, end), toRow);
  to.a.set(from.a.subarray(fromRow, end), toRow);
  to.b.set(from.b.subarray(fromRow, end), toRow);
  to.sock.set(from.sock.subarray(fromRow, end), toRow);
  to.size.set(from.size.subarray(fromRow, end), toRow);
  to.kept.set(from.kept.subarray(fromRow, end), toRow);
  to.pay.set(from.pay.subarray(fromRow, end), toRow);
  to.local.set(from.local.subarray(fromRow, end), toRow);
  to.remote.set(from.remote.subarray(fromRow, end), toRow);
  to.text.set(from.text.subarray(fromRow, end), toRow);
  to.err.set(from.err.subarray(fromRow, end), toRow);
  to.role.set(from.role.subarray(fromRow, end), toRow);
  to.kind.set(from.kind.subarray(fromRow, end), toRow);
  to.evidence.set(from.evidence.subarray(fromRow, end), toRow);
}

/**
 * What travels: `count` facts from sequence number `first`. Typed arrays on buffers of their own (never a view on a larger
 * store: structured clone would copy the whole backing store), so it can be transferred or cloned cheaply.
 */
export interface Batch {
  readonly first: number;
  readonly count: number;
  /** Packed columns for `count` rounded up to a multiple of 4 rows. */
  readonly columns: Uint8Array<ArrayBuffer>;
  /** Payload bytes of these rows; the `pay` column is relative to it. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** New dictionary entries; the first one has index `dictFirst`. */
  readonly dict: readonly string[];
  readonly dictFirst: number;
  /** True once the recorder keeps only `thinnedPreview` bytes of each payload. */
  readonly thinned: boolean;
}

export const roundUp4 = (count: number): number => (count + 3) & ~3;

/** Views on the columns of a batch. */
export function batchColumns(batch: Batch): Columns {
  return columnsOn(roundUp4(batch.count), batch.columns.buffer, batch.columns.byteOffset);
}
