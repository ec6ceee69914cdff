// Puts facts of several processes in the order of their times: a process tells of a call some time after it was made, when others have
// told of later ones. So facts wait until everybody has told of that time, or could have, and then go on in order. Sits in the recorder, and only while
// there are other processes.

/** A row of the trace, as TraceWriter.write takes it. */
export type WriteRow = (
  t: number, kind: number, role: number, sock: number, a: number, b: number, err: number,
  local: number, remote: number, offset: number, size: number, bytes: Uint8Array | null, text: number,
) => void;

interface Held {
  readonly t: number;
  readonly kind: number;
  readonly role: number;
  readonly sock: number;
  readonly a: number;
  readonly b: number;
  readonly err: number;
  readonly local: number;
  readonly remote: number;
  readonly offset: number;
  readonly size: number;
  readonly bytes: Uint8Array | null;
  readonly text: number;
  /** Of one time, what was told first goes on first. */
  readonly order: number;
}

/** How long a fact waits for earlier ones, in microseconds. A process that tells of its calls later than that is late. */
export const HOLD = 150_000;
/** The least that a fact waits for one who has been quick so far (µs), and how many times as long as it last took. */
const LEAST = 40_000;
const TIMES = 4;
/** What is left, after each fact, of the longest time that it took before. */
const FORGETS = 0.97;
/** Calls of this process may be told of so much after they were made (µs). */
const OWN = 10_000;

/** Whoever tells of its calls in their order: this process, and each thread and process of programs. What it told waits in that order. */
export class MergeSource {
  /** µs that it may take to tell, at most, as far as is known. */
  private delay = HOLD;
  /** How long it took of late; it counts for who tells of everything in the order of its time. */
  private took = HOLD / TIMES;
  private readonly queue: Held[] = [];
  private head = 0;
  /** Microseconds of the last fact it told of: its next ones are not before it. */
  last = -Infinity;

  /** `inOrder`: all that it tells of comes in the order of its time, so that one fact says that those before it are told. */
  constructor(readonly inOrder = false) {}

  get first(): Held | undefined {
    return this.queue[this.head];
  }

  /** The longest that a fact waits for it (µs). */
  get patience(): number {
    return this.delay;
  }

  /** It tells so much later than others (µs). */
  wait(delay: number): void {
    this.delay = HOLD + delay;
  }

  /** It told of a fact so long (µs) after it happened. */
  tookFor(delay: number): void {
    this.took = Math.max(delay, this.took * FORGETS);
  }

  /** Until then (µs) it has told of everything, when all that it had told by `now` is known. */
  toldUntil(now: number): number {
    return this.inOrder ? Math.max(this.last, now - Math.min(Math.max(this.took * TIMES, LEAST), this.delay)) : now - this.delay;
  }

  add(held: Held): void {
    this.last = held.t;
    this.queue.push(held);
  }

  take(): Held | undefined {
    const held = this.queue[this.head++];
    // Now and then, so that taking costs nothing and the queue does not grow by what was taken.
    if (this.head === this.queue.length || this.head > 4096) {
      this.queue.splice(0, this.head);
      this.head = 0;
    }
    return held;
  }
}

/** ms between two looks at what may go on. */
const EVERY = 5;
/** What may wait at the same time; the oldest go on at once when more come. */
const ROWS = 100_000;
const BYTES = 64 * 1024 * 1024;

export class Merge {
  /** Of those that have told what waits: a binary heap, the one with the earliest first. */
  private readonly heap: MergeSource[] = [];
  private order = 0;
  private rows = 0;
  private bytes = 0;
  /** Time of the last fact that went on. */
  private horizon = -Infinity;
  private tooLate = 0;
  private timer: NodeJS.Timeout | null = null;
  /** Those who tell, but for this process. */
  private readonly tellers = new Set<MergeSource>();

  /** `write` gets the rows in order, times never falling. `now` in microseconds of the trace. `keep`: bytes of a payload that need be kept. */
  constructor(private readonly write: WriteRow, private readonly now: () => number, private readonly keep: number) {}

  /** Facts that came so late that they could not be put where they belong. */
  get late(): number {
    return this.tooLate;
  }

  /** How long a fact may wait now, µs. */
  get held(): number {
    let held = HOLD;
    for (const teller of this.tellers) held = Math.max(held, teller.patience);
    return held;
  }

  /** From now on facts wait for it, too. */
  join(source: MergeSource): void {
    this.tellers.add(source);
  }

  /** It has told everything. */
  leave(source: MergeSource): void {
    this.tellers.delete(source);
  }

  get waiting(): number {
    return this.rows;
  }

  hold(
    source: MergeSource, t: number, kind: number, role: number, sock: number, a: number, b: number, err: number,
    local: number, remote: number, offset: number, size: number, bytes: Uint8Array | null, text: number,
  ): void {
    if (t < this.horizon) this.tooLate++;
    const isNew = source.first === undefined;
    // The caller's buffer is used again; a copy of its own waits.
    // Not bytes.slice(): a Buffer's gives a view.
    const kept = bytes === null ? null : Uint8Array.prototype.slice.call(bytes, 0, this.keep);
    if (source.inOrder) source.tookFor(this.now() - t);
    source.add({ t: Math.max(t, source.last, this.horizon), kind, role, sock, a, b, err, local, remote, offset, size, bytes: kept, text, order: this.order++ });
    this.rows++;
    this.bytes += kept?.length ?? 0;
    if (isNew) this.rise(source);
    while (this.rows > ROWS || this.bytes > BYTES) this.pass();
    this.timer ??= setTimeout(this.look, EVERY).unref();
  }

  /** Hands on what happened until then; left out: everything. */
  drain(until = Infinity): void {
    for (let first = this.heap[0]?.first; first !== undefined && first.t <= until; first = this.heap[0]?.first) this.pass();
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.drain();
  }

  private readonly look = (): void => {
    const now = this.now();
    // What lies at this process' doors was told by now, though this process was busy: it comes first.
    setImmediate(() => {
      if (this.timer === null) return;
      this.timer = null;
      let until = now - OWN;
      for (const teller of this.tellers) until = Math.min(until, teller.toldUntil(now));
      this.drain(until);
      if (this.rows > 0) this.timer = setTimeout(this.look, EVERY).unref();
    });
  };

  private pass(): void {
    const source = this.heap[0];
    const first = source?.take();
    if (source === undefined || first === undefined) return;
    this.rows--;
    this.bytes -= first.bytes?.length ?? 0;
    this.horizon = first.t;
    if (source.first !== undefined) this.sink(source);
    else {
      const last = this.heap.pop();
      if (last !== undefined && last !== source) this.sink(last);
    }
    this.write(first.t, first.kind, first.role, first.sock, first.a, first.b, first.err, first.local, first.remote, first.offset, first.size, first.bytes, first.text);
  }

  /** Puts a source that has come to wait where it belongs. */
  private rise(source: MergeSource): void {
    const { heap } = this;
    let at = heap.push(source) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = heap[up];
      if (above === undefined || isBefore(above, source)) break;
      heap[at] = above;
      at = up;
    }
    heap[at] = source;
  }

  /** The same, from the top. */
  private sink(source: MergeSource): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || isBefore(source, child)) break;
      heap[at] = child;
      at = 2 * at + (child === left ? 1 : 2);
    }
    heap[at] = source;
  }
}

function isBefore(one: MergeSource, other: MergeSource): boolean {
  const [mine, its] = [one.first, other.first];
  if (mine === undefined || its === undefined) return mine !== undefined;
  return mine.t < its.t || (mine.t === its.t && mine.order < its.order);
}
