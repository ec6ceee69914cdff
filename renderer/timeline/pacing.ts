// The three time axes: from positions of the playhead to milliseconds on display and back. A position is a real number in
// [0, moments]: its whole part says how many moments have happened, its fraction is the way to the next one. Knows no clock.

import { F64List, upperBound } from '../../shared/base/lists';
import type { Story } from '../../shared/trace/story';

/** `true`: as it was, in slow motion. `squeezed`: long waits shortened. `each`: one beat for each moment. */
export type Pacing = 'true' | 'squeezed' | 'each';
export const PACINGS = ['true', 'squeezed', 'each'] as const satisfies readonly Pacing[];

/** Axis `each`: ms of a moment, at speed 1. */
export const BEAT = 700;
/** Axis `true` at speed 1: how many times slower than it was. */
const SLOWNESS = 1000;
/** Ms before the first moment, on the axes that have none of their own. */
const LEAD_IN = 300;
/** Axis `squeezed`: the shortest gap, what each doubling of the wait adds (from 10 µs up), and the longest gap, in ms. */
const SQUEEZED = { shortest: 120, doubling: 110, from: 10, longest: 2000 } as const;

/** What an axis reads of a story. */
export type MomentTimes = Pick<Story, 'version' | 'momentTime' | 'changedFrom'> & { readonly moments: { readonly count: number } };

export class PacedAxis {
  private readonly times = new F64List();
  /** Ms at which moment n has happened. */
  private readonly shown = new F64List();
  private version = 0;

  constructor(readonly pacing: Pacing, private readonly story: MomentTimes, private readonly slowness = SLOWNESS) {
    this.extend();
  }

  /** Takes in what is new in the story, at the cost of what is new. True when the axis changed. */
  extend(): boolean {
    const { story } = this;
    if (story.version === this.version) return false;
    // The moment before the first changed one may lie closer to it than before.
    const from = Math.max(0, story.changedFrom(this.version) - 1);
    this.version = story.version;
    for (let n = from; n < story.moments.count; n++) {
      const t = story.momentTime(n);
      const before = n === 0 ? t : this.times.at(n - 1);
      const shown = n === 0 ? this.leadIn : this.shown.at(n - 1) + this.gap(Math.max(0, t - before));
      if (n < this.times.length) {
        this.times.set(n, t);
        this.shown.set(n, shown);
      } else {
        this.times.push(t);
        this.shown.push(shown);
      }
    }
    return true;
  }

  /** Moments on the axis. */
  get count(): number {
    return this.times.length;
  }

  /** Ms of the whole axis at speed 1. */
  get duration(): number {
    return this.count === 0 ? 0 : this.shown.at(this.count - 1);
  }

  /** Ms on display of a position; positions outside count as the nearest end. */
  at(position: number): number {
    const p = Math.min(Math.max(position, 0), this.count);
    const whole = Math.floor(p);
    const here = this.whole(whole);
    return p === whole ? here : here + (this.whole(whole + 1) - here) * (p - whole);
  }

  /** The position shown at `ms`. Of moments that come at the same time, the last. */
  positionAt(ms: number): number {
    if (this.count === 0 || ms <= 0) return 0;
    const happened = upperBound(this.shown, ms);
    if (happened >= this.count) return this.count;
    const here = this.whole(happened);
    return happened + (ms - here) / (this.whole(happened + 1) - here);
  }

  /** Ms on display of a time in the trace, in µs: between its neighbours in proportion. */
  ofTime(t: number): number {
    const happened = upperBound(this.times, t);
    if (happened === 0) return this.count === 0 ? 0 : this.shown.at(0);
    const here = this.shown.at(happened - 1);
    if (happened >= this.count) return here;
    const [from, to] = [this.times.at(happened - 1), this.times.at(happened)];
    return here + ((t - from) / (to - from)) * (this.shown.at(happened) - here);
  }

  /** Ms when `happened` moments have happened. */
  private whole(happened: number): number {
    return happened === 0 ? 0 : this.shown.at(Math.min(happened, this.count) - 1);
  }

  private get leadIn(): number {
    return this.pacing === 'each' ? BEAT : LEAD_IN;
  }

  /** Ms on display for `us` between two moments. */
  private gap(us: number): number {
    switch (this.pacing) {
      case 'each': return BEAT;
      case 'true': return (us / 1000) * this.slowness;
      case 'squeezed': return Math.min(SQUEEZED.shortest + SQUEEZED.doubling * Math.log2(1 + us / SQUEEZED.from), SQUEEZED.longest);
    }
  }
}
