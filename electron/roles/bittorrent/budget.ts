// Patience with a peer: what achieves nothing costs, time gives back. Honest peers race now and then (a request that crosses a choke);
// a flood runs out.

export class Budget {
  private left: number;

  constructor(private readonly burst: number, private readonly perSecond: number, private since: number) {
    this.left = burst;
  }

  /** False when it is used up. `now` in ms. */
  spend(cost: number, now: number): boolean {
    this.left = Math.min(this.burst, this.left + ((now - this.since) / 1000) * this.perSecond) - cost;
    this.since = now;
    return this.left >= 0;
  }
}
