// For work whose price grows with the trace and that every batch of a live run would ask for: it may take one part in `share` of the time.
// What is cheap is done at once; what is dear is done when its time has come.

export interface Budget {
  /** Does the work and remembers what it took. Work done in one go counts together. */
  spend<T>(work: () => T): T;
  /** Whether the work may be done now; if not, `later` is called once when it may. */
  free(later: () => void): boolean;
  /** Nothing is called any more. */
  end(): void;
}

export function createBudget(share: number, now: () => number = () => performance.now()): Budget {
  let spent = 0;
  let since = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;
  return {
    spend(work) {
      const before = now();
      try {
        return work();
      } finally {
        const after = now();
        spent += after - before;
        since = after;
      }
    },
    free(later) {
      const wait = since + spent * (share - 1) - now();
      if (wait <= 0) {
        spent = 0;
        return true;
      }
      timer ??= setTimeout(() => {
        timer = null;
        later();
      }, wait);
      return false;
    },
    end() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
