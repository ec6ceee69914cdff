// Counting that can be interrupted: work that gives way every few thousand packets, so that whoever runs it answers other questions in between. Who
// has nothing else to do runs it at once.

/** Gives way wherever it may be interrupted, and in the end its result. */
export type Sliced<T> = Generator<undefined, T, undefined>;

/** Packets or rows between two places where work may be interrupted: less than a millisecond of it. */
export const SLICE_ROWS = 4_096;

export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
