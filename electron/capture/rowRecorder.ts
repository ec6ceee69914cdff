// What the recorder (recorder.ts) stands on: rows of any kind into batches, strings into their dictionary; the order of times among several
// processes (merge.ts) while there are others than this one. Next on the way of the data: batcher, then batches for `onBatch`.

import type { Batch } from '../../shared/trace/columns';
import { endpointText } from '../../shared/trace/endpoint';
import { EVIDENCE_CODE, KIND_CODE, type Endpoint } from '../../shared/trace/event';
import { LIMITS } from '../../shared/trace/limits';
import { TraceWriter } from '../../shared/trace/writer';
import { Batcher } from './batcher';
import type { Clock } from './clock';
import { HOLD, Merge, MergeSource } from './merge';
import type { SocketBook } from './socketBook';

export interface RecorderOptions {
  readonly clock: Clock;
  /** Called with each batch, in order. Within a call of the recorder when a chunk is full, else once a frame. */
  readonly onBatch: (batch: Batch) => void;
  /** Called once, when the trace holds all the facts that it may (limits.ts) and recording stops. */
  readonly onFull?: () => void;
  /** ms that facts are gathered; 0: until the end of the event loop's turn. Default: a frame. */
  readonly frame?: number;
  /** Bytes kept of each payload, at most; default as limits.ts has it. */
  readonly preview?: number;
}

/** Known before any of them happens, so that their dictionary indices fit the 16 bits of the `err` column. */
const ERRNO = [
  'EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'EPERM', 'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH',
  'EMSGSIZE', 'ENOTCONN', 'EISCONN', 'EBADF', 'ECANCELED', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EINVAL', 'EAFNOSUPPORT', 'EDESTADDRREQ', 'EAGAIN', 'EOF',
  'ENOENT', 'ENOTSUP', 'EXIT_1', 'SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE',
] as const;

const NONE = 0;
const CAPTURED = KIND_CODE['packet.captured'];

/** A fact of another process, in its own words. */
export interface ForeignRow {
  readonly t: number;
  readonly kind: number;
  readonly role: number;
  readonly sock: number;
  readonly a: number;
  readonly b: number;
  readonly err: string;
  readonly local: number;
  readonly remote: number;
  readonly offset: number;
  readonly size: number;
  readonly bytes: Uint8Array | null;
  readonly text: string | number;
}

export class RowRecorder {
  readonly clock: Clock;
  /** Microseconds since the origin of the trace. */
  readonly now: () => number;
  /** Told of every fact, while somebody needs to know which sockets there are. */
  book: SocketBook | null = null;
  private readonly writer: TraceWriter;
  private readonly batcher: Batcher;
  private isFull = false;
  private merge: Merge | null = null;
  private readonly own = new MergeSource();
  /** Others that tell of their calls now. */
  private others = 0;
  private lateBefore = 0;

  constructor(private readonly options: RecorderOptions) {
    this.clock = options.clock;
    this.now = options.clock.now;
    // Memory of the C heap, which is used again once a batch is let go; cleared memory would cost more than what is written to it.
    this.writer = new TraceWriter(options.onBatch, { ...LIMITS, payloadPreview: options.preview ?? LIMITS.payloadPreview }, (bytes) => Buffer.allocUnsafeSlow(bytes) as Uint8Array<ArrayBuffer>);
    this.batcher = new Batcher(() => {
      if (this.writer.pending) options.onBatch(this.writer.take());
    }, options.frame);
    for (const name of ERRNO) this.writer.intern(name);
  }

  /** Facts recorded so far. */
  get count(): number {
    return this.writer.count;
  }

  /** True once nothing more is recorded (limits.ts, `events`). */
  get full(): boolean {
    return this.isFull;
  }

  /** Facts of other processes that came too late for their place. */
  get late(): number {
    return this.lateBefore + (this.merge?.late ?? 0);
  }

  /** Hands on what is waiting, at once; what waits for earlier facts of other processes goes on waiting (settle). */
  flush(): void {
    this.batcher.flush();
  }

  /** Hands on everything and stops the timers; the recorder may still be used. */
  dispose(): void {
    this.merge?.dispose();
    this.flush();
  }

  /**
   * Another process will tell of its calls: from now on facts go on in the order of their times, until all such processes have left. `inOrder`: whatever
   * it tells of comes in the order of its time.
   */
  join(inOrder = false): MergeSource {
    this.others++;
    this.merge ??= new Merge((...row) => this.keep(...row), this.now, this.options.preview ?? LIMITS.payloadPreview);
    const source = new MergeSource(inOrder);
    this.merge.join(source);
    return source;
  }

  /** One of them has told everything. */
  leave(source: MergeSource): void {
    this.merge?.leave(source);
    if (--this.others > 0 || this.merge === null) return;
    this.merge.dispose();
    this.lateBefore += this.merge.late;
    this.merge = null;
  }

  /** One thread or process more, of one that has joined. */
  source(): MergeSource {
    return new MergeSource();
  }

  /** Resolves when every fact of this process so far has gone on, with those of other processes that come before it. */
  async settle(): Promise<void> {
    if (this.merge === null) return;
    const until = this.now();
    await new Promise((resolve) => setTimeout(resolve, (this.merge?.held ?? HOLD) / 1000));
    this.merge?.drain(until);
  }

  /** A fact that `source` told of. */
  foreign(source: MergeSource, { t, kind, role, sock, a, b, err, local, remote, offset, size, bytes, text }: ForeignRow): void {
    this.tell(source, t, kind, role, sock, a, b, err, local, remote, offset, size, bytes, text);
  }

  /** The dictionary index of an endpoint, for the methods that take one; 0 for none. `fresh` false: 0 too for one that was never named. */
  endpoint(endpoint: Endpoint | null, fresh = true): number {
    return this.index(endpoint === null ? '' : endpointText(endpoint.address, endpoint.port), fresh);
  }

  /** The same of any text. */
  index(text: string, fresh = true): number {
    return fresh ? this.writer.intern(text) : this.writer.indexOf(text);
  }

  /** That of a text that will hardly come again. */
  protected once(text: string): number {
    return this.writer.once(text);
  }

  protected put(kind: number, role: number, sock: number, a: number, b: number, err: string, text: string): void {
    this.row(this.now(), kind, role, sock, a, b, err, NONE, NONE, 0, 0, null, text);
  }

  /** `text`: the string, or its index when it is in the dictionary already. */
  protected row(
    t: number, kind: number, role: number, sock: number, a: number, b: number, err: string,
    local: number, remote: number, offset: number, size: number, bytes: Uint8Array | null, text: string | number,
  ): void {
    this.tell(this.own, t, kind, role, sock, a, b, err, local, remote, offset, size, bytes, text);
  }

  private tell(
    source: MergeSource, t: number, kind: number, role: number, sock: number, a: number, b: number, err: string,
    local: number, remote: number, offset: number, size: number, bytes: Uint8Array | null, text: string | number,
  ): void {
    const errIndex = err === '' ? NONE : this.writer.intern(err);
    const textIndex = typeof text === 'number' ? text : text === '' ? NONE : this.writer.intern(text);
    this.book?.fact(kind, role, sock, a, b, err !== '', local, remote, text);
    if (this.merge === null) this.keep(t, kind, role, sock, a, b, errIndex, local, remote, offset, size, bytes, textIndex);
    else this.merge.hold(source, t, kind, role, sock, a, b, errIndex, local, remote, offset, size, bytes, textIndex);
  }

  private keep(
    t: number, kind: number, role: number, sock: number, a: number, b: number, err: number,
    local: number, remote: number, offset: number, size: number, bytes: Uint8Array | null, text: number,
  ): void {
    const first = !this.writer.pending;
    const seq = this.writer.write(t, kind, role, sock, a, b, err, local, remote, offset, size, bytes, text, kind === CAPTURED ? EVIDENCE_CODE.captured : EVIDENCE_CODE.observed);
    if (seq < 0) this.stop();
    else if (first) this.batcher.wake();
  }

  private stop(): void {
    if (this.isFull) return;
    this.isFull = true;
    this.options.onFull?.();
  }
}
