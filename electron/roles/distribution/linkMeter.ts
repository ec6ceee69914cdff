// Looks at capped links while a file is distributed: how many bytes have passed, and what a link that is idle just then waits for. From
// the looks causes.ts reckons what kept the run above the formula. Only counts; the links know nothing of it.

import type { Link } from '../bittorrent/link';
import type { IdleCause, Track } from './causes';

/** ms between two looks: how exactly an idle time is told from the next. */
const LOOK = 10;

export interface MeteredLink {
  readonly link: Link;
  /** Why it gives nothing now, if it does not. */
  readonly idle: () => IdleCause;
}

interface Tracked extends MeteredLink {
  readonly cap: number;
  readonly before: number;
  readonly times: number[];
  readonly passed: number[];
  readonly causes: IdleCause[];
}

export class LinkMeter {
  private links: readonly Tracked[] = [];
  private began = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Begins to measure; what the buckets saved up before is gone, so that no link is faster than its cap. */
  start(links: readonly MeteredLink[]): void {
    this.began = this.now();
    for (const { link } of links) empty(link);
    this.links = links.map(({ link, idle }) => ({ link, idle, cap: link.cap ?? 0, before: link.passed, times: [], passed: [], causes: [] }));
    this.look();
    this.timer = setInterval(() => this.look(), LOOK);
  }

  /** ms since start(). */
  get time(): number {
    return this.now() - this.began;
  }

  /** The last look. */
  stop(): void {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.look();
  }

  /** Of that link; null when it was not measured. */
  track(link: Link): Track | null {
    const found = this.links.find((each) => each.link === link);
    return found === undefined ? null : { cap: found.cap, times: found.times, passed: found.passed, idle: found.causes };
  }

  private look(): void {
    const time = this.time;
    for (const { link, before, idle, times, passed, causes } of this.links) {
      times.push(time);
      passed.push(link.passed - before);
      causes.push(idle());
    }
  }
}

/** A cap that is set begins with an empty bucket. */
function empty(link: Link): void {
  const { cap } = link;
  link.cap = cap;
}
