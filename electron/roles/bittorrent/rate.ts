// How fast bytes come: a rolling average, as the choking of BEP 3 needs it ("currently uses a 20-second rolling average"). Time is told
// by the caller, in ms of any clock that only goes on.

const PARTS = 10;

export class RateMeter {
  private readonly sums = new Float64Array(PARTS);
  private readonly width: number;
  private part: number;
  /** All bytes so far. */
  total = 0;

  /** `window`: ms that the average reaches back. */
  constructor(window: number, private readonly began: number) {
    this.width = window / PARTS;
    this.part = Math.floor(began / this.width);
  }

  add(bytes: number, now: number): void {
    this.advance(now);
    this.total += bytes;
    this.sums[this.part % PARTS] = (this.sums[this.part % PARTS] ?? 0) + bytes;
  }

  /** Bytes a second; over less than the window while it is young. */
  rate(now: number): number {
    this.advance(now);
    let sum = 0;
    for (const each of this.sums) sum += each;
    const start = Math.max(this.began, (this.part - PARTS + 1) * this.width);
    return (sum / Math.max(now - start, this.width)) * 1000;
  }

  private advance(now: number): void {
    const part = Math.floor(now / this.width);
    if (part - this.part >= PARTS) this.sums.fill(0);
    else for (let at = this.part + 1; at <= part; at++) this.sums[at % PARTS] = 0;
    this.part = Math.max(part, this.part);
  }
}
