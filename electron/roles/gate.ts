// A gate for many programs at once: each comes to it, and all go on when the last has come or is known never to come.

export class Gate {
  private missing: number;
  private open: () => void = () => undefined;
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));

  constructor(expected: number) {
    this.missing = expected;
  }

  /** One that is expected. */
  arrival(): Arrival {
    let come: () => void = () => undefined;
    const there = new Promise<void>((resolve) => (come = resolve));
    let counted = false;
    const count = (): void => {
      if (counted) return;
      counted = true;
      come();
      if (--this.missing === 0) this.open();
    };
    return {
      there,
      wait: () => {
        count();
        return this.opened;
      },
      gone: count,
    };
  }
}

export interface Arrival {
  /** It has come, or never will. */
  readonly there: Promise<void>;
  /** Comes, and waits for the others. */
  wait(): Promise<void>;
  /** It does not come any more. */
  gone(): void;
}
