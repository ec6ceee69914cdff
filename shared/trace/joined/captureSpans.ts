// When packets were recorded in a run, as the facts tell: for saying of what was not captured that it was missed.

/** A packet may come to its recorder so much later than it was carried (µs): until then nothing is said to be missed. */
const LATE = 500_000;

export class CaptureSpans {
  /** Beginnings and ends in turn. */
  private readonly edges: number[] = [];
  private latest = Number.NEGATIVE_INFINITY;

  /** fact capture.changed */
  changed(t: number, on: boolean): void {
    this.latest = Math.max(this.latest, t);
    if (on === (this.edges.length % 2 === 0)) this.edges.push(t);
  }

  /** Time has come so far. */
  at(t: number): void {
    this.latest = Math.max(this.latest, t);
  }

  /** Packets that left at `t` were recorded: what is not here yet may still come. */
  records(t: number): boolean {
    return this.edges.findLastIndex((one) => one <= t) % 2 === 0;
  }

  /** Packets that left at `t` were recorded, and all of them should be here. */
  covers(t: number): boolean {
    const edge = this.edges.findLastIndex((one) => one <= t);
    if (edge < 0 || edge % 2 === 1) return false;
    return edge + 1 < this.edges.length || this.latest - t > LATE;
  }
}
