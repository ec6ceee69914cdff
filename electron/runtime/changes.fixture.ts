// For tests that wait for an event, never for a time: who hears of a change says so, and who waits looks again.

export class Changes {
  readonly #looks = new Set<() => void>();

  /** Something has changed. */
  tell(): void {
    for (const look of [...this.#looks]) look();
  }

  /** Resolves with what is found, now or after a change; undefined: not yet. */
  find<T>(found: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const value = found();
        if (value === undefined) return;
        this.#looks.delete(look);
        resolve(value);
      };
      this.#looks.add(look);
      look();
    });
  }

  /** Resolves once it holds. */
  async until(holds: () => boolean): Promise<void> {
    await this.find(() => holds() || undefined);
  }
}
