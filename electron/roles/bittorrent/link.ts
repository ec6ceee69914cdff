// A capped link: a token bucket that a peer's connections share, each in its turn. Up: a connection takes tokens before it gives bytes to
// the kernel. Down: it pays for what it read before it reads on, so that the kernel's buffers fill and TCP holds the sender back.

/** A turn takes so many bytes at the most: a cap's share of so many ms, within these bounds. Short turns are fair, long ones cost less. */
const TURN = { ms: 50, least: 512, most: 32 * 1024 };
/** What an idle link saves up, ms of its cap: enough that a timer which comes late loses nothing. */
const SAVED = 100;

interface Waiting {
  readonly bytes: number;
  readonly go: () => void;
}

export class Link {
  private tokens = 0;
  private since: number;
  private readonly line: Waiting[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private ended = false;
  /** Bytes that have passed. */
  passed = 0;

  /** `cap`: bytes a second; null: as fast as the machine goes. `now` in ms. */
  constructor(private limit: number | null, private readonly now: () => number = () => performance.now()) {
    this.since = now();
  }

  get cap(): number | null {
    return this.limit;
  }

  /** Holds from now on. */
  set cap(limit: number | null) {
    this.refill();
    this.limit = limit;
    this.tokens = 0;
    this.serve();
  }

  /** Bytes of one turn: what a connection sends or reads at once. */
  get turn(): number {
    return this.limit === null ? TURN.most : Math.round(Math.min(TURN.most, Math.max(TURN.least, (this.limit * TURN.ms) / 1000)));
  }

  /**
   * Resolves when `bytes` (at most a turn) may pass. First come, first served: a connection that has at most one call open gets its
   * turn after each of the others, so the link is shared by bytes. Resolves at once after end().
   */
  pass(bytes: number): Promise<void> {
    if (this.ended || (this.limit === null && this.line.length === 0)) {
      this.passed += bytes;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.line.push({ bytes, go: resolve });
      if (this.line.length === 1) this.serve();
    });
  }

  /** Lets everyone go and stops its clock. */
  end(): void {
    this.ended = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const each of this.line.splice(0)) each.go();
  }

  private refill(): void {
    const now = this.now();
    // At least a turn must fit, or it could never be had.
    if (this.limit !== null) this.tokens = Math.min(Math.max((this.limit * SAVED) / 1000, this.turn), this.tokens + ((now - this.since) / 1000) * this.limit);
    this.since = now;
  }

  private serve(): void {
    this.refill();
    for (let first = this.line[0]; first !== undefined; first = this.line[0]) {
      // A turn that was longer under an earlier cap goes when the bucket is full.
      const price = Math.min(first.bytes, this.turn);
      if (this.limit !== null && this.tokens < price) return this.wait(((price - this.tokens) / this.limit) * 1000);
      if (this.limit !== null) this.tokens -= first.bytes;
      this.line.shift();
      this.passed += first.bytes;
      first.go();
    }
  }

  private wait(ms: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.serve();
    }, Math.max(1, Math.ceil(ms)));
  }
}
