// Writes facts into columns and hands them on in batches. The recorder (electron/capture) calls it on every socket call, so the
// row path allocates nothing. Knows no clock and no socket; keeps nothing once a batch is taken.

import { columnsOn, copyRows, roundUp4, type Batch, type Columns } from './columns';
import { EVIDENCE_CODE } from './event';
import { LIMITS, type TraceLimits } from './limits';

const ROWS = 4096;
/** Bytes of payload of one batch. Half of a common second-level cache: recording long messages is as fast as copying memory. */
const PAYLOAD = 512 * 1024;

export class TraceWriter {
  private readonly hot: Columns = columnsOn(ROWS);
  private payload: Uint8Array<ArrayBuffer>;
  private rows = 0;
  private used = 0;
  private first = 0;
  private keptTotal = 0;
  private dictionary = new Map<string, number>([['', 0]]);
  private fresh: string[] = [];
  private freshFirst = 1;

  /**
   * `onFull` is called when a batch must be taken now (columns or payload full). `payloadPreview` is at most 512 KiB. `allocate` gives
   * memory on a buffer of its own, and need not clear it: the writer hands none on that it has not written.
   */
  constructor(
    private readonly onFull: (batch: Batch) => void,
    private readonly limits: TraceLimits = LIMITS,
    private readonly allocate: (bytes: number) => Uint8Array<ArrayBuffer> = (bytes) => new Uint8Array(bytes),
  ) {
    this.payload = allocate(PAYLOAD);
  }

  /** Facts written since the start. */
  get count(): number {
    return this.first + this.rows;
  }

  /** True while rows wait in the hot chunk. */
  get pending(): boolean {
    return this.rows > 0;
  }

  get thinned(): boolean {
    return this.keptTotal >= this.limits.payloadTotal;
  }

  /** Dictionary index of a string. */
  intern(text: string): number {
    const known = this.dictionary.get(text);
    if (known !== undefined) return known;
    const index = this.once(text);
    this.dictionary.set(text, index);
    return index;
  }

  /** The same without adding it: 0 when no fact has named it. */
  indexOf(text: string): number {
    return this.dictionary.get(text) ?? 0;
  }

  /** The same as intern() for a string that will hardly come again: it is not remembered, so that a long run does not grow by what was said in it. */
  once(text: string): number {
    return this.freshFirst + this.fresh.push(text) - 1;
  }

  /**
   * One row. `local`, `remote`, `text` and `err` are dictionary indices; `bytes` is the payload (copied) or null, of which
   * `size` bytes were carried. Returns the sequence number; -1 once the trace is full.
   */
  write(
    t: number, kind: number, role: number, sock: number, a: number, b: number, err: number,
    local: number, remote: number, offset: number, size: number, bytes: Uint8Array | null, text: number,
    evidence: number = EVIDENCE_CODE.observed,
  ): number {
    if (this.first + this.rows >= this.limits.events) return -1;
    let kept = 0;
    if (bytes !== null) {
      kept = this.keptOf(bytes.length);
      if (this.used + kept > PAYLOAD) this.onFull(this.take());
    }
    if (this.rows === ROWS) this.onFull(this.take());
    const row = this.rows++;
    const hot = this.hot;
    if (kept > 0 && bytes !== null) {
      this.payload.set(kept === bytes.length ? bytes : bytes.subarray(0, kept), this.used);
      hot.pay[row] = this.used;
      this.used += kept;
      this.keptTotal += kept;
    } else hot.pay[row] = 0;
    hot.t[row] = t;
    hot.offset[row] = offset;
    hot.a[row] = a;
    hot.b[row] = b;
    hot.sock[row] = sock;
    hot.size[row] = size;
    hot.kept[row] = kept;
    hot.local[row] = local;
    hot.remote[row] = remote;
    hot.text[row] = text;
    hot.err[row] = err;
    hot.role[row] = role;
    hot.kind[row] = kind;
    hot.evidence[row] = evidence;
    return this.first + row;
  }

  /** How many bytes of a payload are kept. */
  private keptOf(size: number): number {
    const { payloadPreview, payloadTotal, thinnedPreview, thinnedWhole = 0 } = this.limits;
    if (this.keptTotal < payloadTotal) return size < payloadPreview ? size : payloadPreview;
    const most = size <= thinnedWhole && this.keptTotal < payloadTotal * 1.25 ? thinnedWhole : thinnedPreview;
    return size < most ? size : most;
  }

  /** Takes what is in the hot chunk as a batch with buffers of its own. */
  take(): Batch {
    const count = this.rows;
    const packed = columnsOn(roundUp4(count));
    copyRows(this.hot, 0, packed, 0, count);
    const batch: Batch = {
      first: this.first,
      count,
      columns: new Uint8Array(packed.t.buffer as ArrayBuffer),
      payload: this.takePayload(),
      dict: this.fresh,
      dictFirst: this.freshFirst,
      thinned: this.thinned,
    };
    this.first += count;
    this.freshFirst += this.fresh.length;
    this.fresh = [];
    this.rows = 0;
    this.used = 0;
    return batch;
  }

  /** Nearly full, the chunk itself is handed on and a new one begun: under load copying it again would cost more than recording. */
  private takePayload(): Uint8Array<ArrayBuffer> {
    const payload = this.payload;
    if (this.used < PAYLOAD - PAYLOAD / 8) {
      const part = this.allocate(this.used);
      part.set(payload.subarray(0, this.used));
      return part;
    }
    this.payload = this.allocate(PAYLOAD);
    return payload.fill(0, this.used);
  }
}
