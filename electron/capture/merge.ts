// Puts facts of several processes in the order of their times: a process tells of a call some time after it was made, when others have
// told of later ones. So facts wait for a while, and then go on in order. Sits in the recorder, and only while there are other processes.

/** A row of the trace, as TraceWriter.write takes it. */
export type WriteRow = (
  t: number, kind: number, role: number, sock: number, a: number, b: number, err: number,
  local: number, remote: number, offset: number, size: number, bytes: Uint8Array | null, text: number,
) => void;

/** Whoever tells of its calls in their order: this process, and each thread and process of programs. */
export interface MergeSource {
  /** Microseconds of the last fact it told of: its next ones are not before it. */
  last: number;
}

/** How long a fact waits for earlier ones, in microseconds. A process that tells of its calls later than that is late. */
export const HOLD = 150_000;
/** ms between two looks at what may go on. */
const EVERY = 20;
/** What may wait at the same time; the oldest go on at once when more come. */
const ROWS = 100_000;
const BYTES = 64 * 1024 * 1024;

interface Held {
  readonly t: number;
  readonly order: number;
  readonly bytes: number;
  readonly write: () => void;
}

export class Merge {
  /** A binary heap, the earliest first; of one time, what was told first. */
  private readonly heap: Held[] = [];
  private order = 0;
  private bytes = 0;
  /** Time of the last fact that went on. */
  private horizon = -Infinity;
  private tooLate = 0;
  private timer: NodeJS.Timeout | null = null;

  /** `write` gets the rows in order, times never falling. `now` in microseconds of the trace. `keep`: bytes of a payload that need be kept. */
  constructor(private readonly write: WriteRow, private readonly now: () => number, private readonly keep: number) {}

  source(): MergeSource {
    return { last: -Infinity };
  }

  /** Facts that came so late that they could not be put where they belong. */
  get late(): number {
    return this.tooLate;
  }

  get waiting(): number {
    return this.heap.length;
  }

  hold(
    source: MergeSource, t: number, kind: number, role: number, sock: number, a: number, b: number, err: number,
    local: number, remote: number, offset: number, size: number, bytes: Uint8Array | null, text: number,
  ): void {
    if (t < this.horizon) this.tooLate++;
    const at = Math.max(t, source.last, this.horizon);
    source.last = at;
    // The caller's buffer is used again; a copy of its own waits.
    const kept = bytes === null ? null : bytes.slice(0, this.keep);
    this.push({ t: at, order: this.order++, bytes: kept?.length ?? 0, write: () => this.write(at, kind, role, sock, a, b, err, local, remote, offset, size, kept, text) });
    while (this.heap.length > ROWS || this.bytes > BYTES) this.pass();
    this.timer ??= setTimeout(this.look, EVERY).unref();
  }

  /** Hands on what happened until then; left out: everything. */
  drain(until = Infinity): void {
    for (let first = this.heap[0]; first !== undefined && first.t <= until; first = this.heap[0]) this.pass();
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.drain();
  }

  private readonly look = (): void => {
    this.timer = null;
    this.drain(this.now() - HOLD);
    if (this.heap.length > 0) this.timer = setTimeout(this.look, EVERY).unref();
  };

  private pass(): void {
    const first = this.pop();
    if (first === undefined) return;
    this.bytes -= first.bytes;
    this.horizon = first.t;
    first.write();
  }

  private push(held: Held): void {
    const { heap } = this;
    this.bytes += held.bytes;
    let at = heap.push(held) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = heap[up];
      if (above === undefined || isBefore(above, held)) break;
      heap[at] = above;
      at = up;
    }
    heap[at] = held;
  }

  private pop(): Held | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || isBefore(last, child)) break;
      heap[at] = child;
      at = 2 * at + (child === left ? 1 : 2);
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (one: Held, other: Held): boolean => one.t < other.t || (one.t === other.t && one.order < other.order);
