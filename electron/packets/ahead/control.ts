// What the two threads that read a file tell each other, in memory that they share: which of them reads which section, and which stretches are filled. The
// reader goes through all sections in their order; its helper takes some that are ahead of it.

/** Bytes of a section. Small enough that neither waits long for the other, large enough that what it costs to join them does not count. */
export const SECTION = 4 * 1024 * 1024;

/** Where `words` has what. */
export const WORD = {
  /** 1: the helper is to end. */
  stop: 0,
  /** Grows with each thing that the helper may wait for. */
  wake: 1,
  /** The section where the reader is. */
  at: 2,
} as const;

/** Who has a section, or what came of it: nothing; from `ready` on, the stretch of that number. */
export const CLAIM = { free: 0, reader: 1, helper: 2, useless: 3, ready: 4 } as const;

/** What the helper is started with. */
export interface AheadData {
  readonly descriptor: number;
  readonly size: number;
  readonly words: Int32Array;
  /** One a section. */
  readonly claims: Int32Array;
  /** One a stretch: 1 while it waits for the reader. */
  readonly full: Int32Array;
  /** For stretchOn. After all this, each ScannerState comes as a message. */
  readonly stretches: readonly SharedArrayBuffer[];
}
