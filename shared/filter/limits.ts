// What a filter may cost at most, whoever wrote it. Past these parsing answers with an error; past `regexBytes` and `combinations` a test looks at no more.

export const FILTER_LIMITS = {
  /** UTF-16 units of a filter's text. */
  length: 8192,
  /** Brackets and operators inside each other. */
  depth: 64,
  /** Values of one set. */
  set: 1000,
  /** Steps of a compiled regular expression, and the repetitions that {n,m} may ask for. */
  regexSteps: 1000,
  regexRepeat: 1000,
  /** Bytes of one value that a regular expression reads. */
  regexBytes: 1 << 18,
  /** Remembered states of one regular expression; past them it forgets all and goes on. */
  regexStates: 1024,
  /** Pairs of values that one comparison or sum looks at. */
  combinations: 65_536,
} as const;
