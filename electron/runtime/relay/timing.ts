// Time as relays need it: never early. Node's timers count whole milliseconds of a coarse clock and may fire up to one early.

import { setTimeout as sleepFor } from 'node:timers/promises';

/** Milliseconds of the monotonic clock, with a fraction. */
export const now = (): number => performance.now();

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Resolves at `due` (of now()) or a little later, never before. Rejects when the signal aborts; leaves no timer behind. */
export async function until(due: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const left = due - now();
    if (left <= 0) return;
    // The last fraction of a millisecond by turns of the event loop: a timer would round it up.
    if (left >= 1) await sleepFor(Math.floor(left), undefined, { signal });
    else await nextTurn();
  }
}

/** Things that happen at their times, in the order of those times; at equal ones in the order in which they were planned. */
export class Schedule {
  private readonly plan: { readonly due: number; readonly happen: () => void }[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => {
      if (this.timer !== null) clearTimeout(this.timer);
      this.plan.length = 0;
    });
  }

  /** Calls `happen` at `due` (of now()) or a little later, never before; never once the signal has aborted. */
  at(due: number, happen: () => void): void {
    if (this.signal.aborted) return;
    let place = this.plan.length;
    while (place > 0 && (this.plan[place - 1]?.due ?? 0) > due) place--;
    this.plan.splice(place, 0, { due, happen });
    if (place === 0) this.wind();
  }

  private wind(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const [first] = this.plan;
    if (first !== undefined) this.timer = setTimeout(() => this.run(), Math.max(0, Math.ceil(first.due - now())));
  }

  private run(): void {
    for (let first = this.plan[0]; first !== undefined && first.due <= now(); first = this.plan[0]) {
      this.plan.shift();
      first.happen();
    }
    this.wind();
  }
}

/** A gate that is open or shut; those who wait pass when it opens. */
export class Gate {
  private readonly waiting = new Set<() => void>();
  private isOpen = true;

  get open(): boolean {
    return this.isOpen;
  }

  set(open: boolean): void {
    this.isOpen = open;
    if (open) this.wake();
  }

  /** Those who wait look again whether it is open and whether their signal has aborted. */
  wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const look of waiting) look();
  }

  /** Resolves when it is open; rejects when the signal has aborted (call wake() then). */
  async pass(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (!this.isOpen) {
      await new Promise<void>((resolve) => this.waiting.add(resolve));
      signal.throwIfAborted();
    }
  }
}
