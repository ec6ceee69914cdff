// Lets long work of the session stop now and then, so that questions of the page are heard meanwhile, and so that work which nobody waits for any
// more ends.

/** ms of work between two breaths. */
const SLICE = 12;

/** What somebody asked for is not wanted any more: a newer question replaced it, or it was cancelled. */
export class Superseded extends Error {
  readonly code = 'VIEW_GONE';
}

export class Breath {
  #until = performance.now() + SLICE;

  /** `wanted`: false once nobody waits for the work. */
  constructor(private readonly wanted: () => boolean) {}

  get due(): boolean {
    return performance.now() >= this.#until;
  }

  /** Hears what has come, then goes on. Rejects with Superseded. */
  async take(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (!this.wanted()) throw new Superseded('a newer question has replaced this one');
    this.#until = performance.now() + SLICE;
  }
}
