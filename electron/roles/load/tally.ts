// What a crowd of clients counts together: how requests ended, how long answers took, how many connections were open at once. Bounded: of
// many answers it keeps a sample in which each is as likely as any other.

import { createRandom } from '../../../shared/base/random';
import type { ServiceOutcome } from '../../../shared/trace/notes';

/** Times of answers that are kept. */
const KEPT = 100_000;

export class Tally {
  /** Connections that were open at once, at most. */
  mostOpen = 0;
  answered = 0;
  private open = 0;
  private readonly outcomes = new Map<ServiceOutcome, number>();
  private readonly misses = new Map<string, number>();
  private readonly times: number[] = [];
  private readonly random = createRandom(1);

  opened(): void {
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
  }

  closed(): void {
    this.open--;
  }

  /** Somebody was not connected when all others were; why, in words. */
  missed(why: string): void {
    this.misses.set(why, (this.misses.get(why) ?? 0) + 1);
  }

  ended(how: ServiceOutcome, ms: number): void {
    this.outcomes.set(how, (this.outcomes.get(how) ?? 0) + 1);
    if (how !== 'ok') return;
    this.answered++;
    if (this.times.length < KEPT) return void this.times.push(ms);
    const at = Math.floor(this.random.next() * this.answered);
    if (at < KEPT) this.times[at] = ms;
  }

  /** '40 requests: 38 ok, 2 timeout; half within 51.2 ms, 95 % within 60.0 ms, the slowest 61.4 ms; 20 connections at once'. */
  text(): string {
    const all = [...this.outcomes.values()].reduce((sum, count) => sum + count, 0);
    const sorted = [...this.times].sort((a, b) => a - b);
    const at = (share: number): string => `${(sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? 0).toFixed(1)} ms`;
    const ended = [...this.outcomes].map(([how, count]) => `${count} ${how}`).join(', ');
    const times = sorted.length === 0 ? '' : `; half within ${at(0.5)}, 95 % within ${at(0.95)}, the slowest ${at(1)}`;
    const missed = [...this.misses].map(([why, count]) => `; ${count} could not be connected with them: ${why}`).join('');
    return `${all} requests: ${ended}${times}; ${this.mostOpen} connections at once${missed}`;
  }
}
