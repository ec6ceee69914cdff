// The narrow link of a TCP relay, one for each direction: so many bytes a second for all connections together, which take turns slice by
// slice. A token bucket whose depth only makes up for timers that fire late: an idle link saves nothing for later.

import { now, until } from './timing';

/** A slice takes the link for about this long, ms: short enough that connections seem to share it, long enough for timers. */
const SLICE_MS = 10;
const SLICE_MIN = 256;
const SLICE_MAX = 16 * 1024;
/** Lateness of timers that is made up for, ms. */
const CATCH_UP = 20;

interface Turn {
  readonly size: number;
  readonly go: () => void;
  readonly fail: (why: unknown) => void;
}

export class Link {
  private readonly turns: Turn[] = [];
  /** When the link is free again, by its rate. */
  private free = 0;
  private running = false;

  /** `rate`: bytes a second, asked before each slice; 0: no bound. `signal`: the relay's. */
  constructor(private readonly rate: () => number, private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => {
      for (const turn of this.turns.splice(0)) turn.fail(signal.reason);
    });
  }

  /** How many of `size` bytes may ask for one turn. */
  slice(size: number): number {
    const rate = this.rate();
    if (rate <= 0) return size;
    return Math.min(size, Math.max(SLICE_MIN, Math.min(SLICE_MAX, Math.floor((rate * SLICE_MS) / 1000))));
  }

  /** Resolves when the last of these bytes has passed the link. Who asks again waits behind those who wait already. Rejects when the relay ends. */
  async pass(size: number): Promise<void> {
    this.signal.throwIfAborted();
    if (this.rate() <= 0 && !this.running) return;
    await new Promise<void>((go, fail) => {
      this.turns.push({ size, go, fail });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    for (let turn = this.turns.shift(); turn !== undefined; turn = this.turns.shift()) {
      const rate = this.rate();
      if (now() - this.free > CATCH_UP) this.free = now();
      if (rate > 0) this.free += (turn.size / rate) * 1000;
      await until(rate > 0 ? this.free : 0, this.signal).then(turn.go, turn.fail);
    }
    this.running = false;
  }
}
