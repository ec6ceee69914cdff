// Counts of a whole capture one after another, so that questions about a few rows never wait for more than one slice of one of them: a count gives way
// first, then after every slice. One that nobody waits for any more is not begun.

import type { Sliced } from '../../../shared/packets/tables/sliced';
import type { Breath } from './breath';

export class Lane {
  #last: Promise<unknown> = Promise.resolve();

  /** Rejects as `work` does, and with Superseded when it is not wanted any more by its turn. */
  run<T>(work: () => Promise<T>, breath: Breath): Promise<T> {
    const mine = this.#last.then(async () => {
      await breath.take();
      return work();
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** The result of work that may be interrupted; rejects with Superseded. */
export async function inSlices<T>(work: Sliced<T>, breath: Breath): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (breath.due) await breath.take();
  }
}
