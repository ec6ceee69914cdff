// What happens in a swarm, in order of time, as columns: what at(t) plays forward. Facts come in order, but what they mean of an earlier
// instant (a block whose head came late) is put in its place; then whoever has played past it is told from where to begin again.

const FIRST = 256;

/** `a`, `b`: JOIN, LEAVE, BEGAN: peer. GAINED: peer, piece. OPEN, CLOSE: link. SAY: link, bit (+ to set, - to clear). DEPART, ARRIVE: row of the transfer. CHOSE: choice. */
export const EVENT = { join: 0, leave: 1, began: 2, gained: 3, open: 4, close: 5, say: 6, depart: 7, arrive: 8, chose: 9 } as const;

export type SwarmEvent = (typeof EVENT)[keyof typeof EVENT];

export class EventLog {
  count = 0;
  times = new Float64Array(FIRST);
  kinds = new Uint8Array(FIRST);
  a = new Int32Array(FIRST);
  b = new Int32Array(FIRST);
  /** First place that changed since it was last set to `count`; players set it. */
  changedFrom = 0;

  add(t: number, kind: SwarmEvent, a: number, b = 0): void {
    if (this.count === this.times.length) this.grow();
    const place = this.count === 0 || (this.times[this.count - 1] as number) <= t ? this.count : this.after(t);
    if (place < this.count) {
      this.shift(place, place + 1);
      this.changedFrom = Math.min(this.changedFrom, place);
    }
    this.count++;
    this.times[place] = t;
    this.kinds[place] = kind;
    this.a[place] = a;
    this.b[place] = b;
  }

  /** Takes an event back; nothing when it is not there. */
  remove(t: number, kind: SwarmEvent, a: number): void {
    for (let place = this.after(t) - 1; place >= 0 && this.times[place] === t; place--) {
      if (this.kinds[place] !== kind || this.a[place] !== a) continue;
      this.shift(place + 1, place);
      this.count--;
      this.changedFrom = Math.min(this.changedFrom, place);
      return;
    }
  }

  /** How many happen at `t` or before. */
  after(t: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.times[middle] as number) <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private shift(from: number, to: number): void {
    for (const column of [this.times, this.kinds, this.a, this.b]) column.copyWithin(to, from, this.count);
  }

  private grow(): void {
    const size = this.times.length * 2;
    this.times = grown(this.times, new Float64Array(size));
    this.kinds = grown(this.kinds, new Uint8Array(size));
    this.a = grown(this.a, new Int32Array(size));
    this.b = grown(this.b, new Int32Array(size));
  }
}

/** The same values in a bigger array. */
export function grown<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
