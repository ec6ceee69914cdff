// A gate that a program passes before each call: while it is shut, the program stands still, as one does that hangs.

export class Gate {
  private waiting: Promise<void> | null = null;
  private release: () => void = () => undefined;

  /** Open for good once the signal aborts: a program that is stopped must be able to end. */
  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.open(), { once: true });
  }

  get isShut(): boolean {
    return this.waiting !== null;
  }

  shut(): void {
    this.waiting ??= new Promise((resolve) => (this.release = resolve));
  }

  open(): void {
    this.waiting = null;
    this.release();
  }

  async pass(): Promise<void> {
    while (this.waiting !== null) await this.waiting;
  }
}
