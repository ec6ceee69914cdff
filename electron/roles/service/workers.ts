// A server's capacity: so many workers, each of which does one thing at a time. Who comes when all are busy waits in line; when the line
// is full, nobody is let in.

export class Workers {
  private busy = 0;
  private readonly line: (() => void)[] = [];

  constructor(private readonly count: number, private readonly longest: number) {}

  /** Those who wait for a worker. */
  get waiting(): number {
    return this.line.length;
  }

  /** Does the work once a worker is free, in order of arrival. Null when too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.busy >= this.count) {
      if (this.line.length >= this.longest) return null;
      // Whoever is done hands its worker over: nobody slips in between.
      await new Promise<void>((free) => this.line.push(free));
    } else this.busy++;
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next === undefined) this.busy--;
      else next();
    }
  }
}
