// The bounds of reading the kernel's socket table, in one place: how often, at what share of a processor, and how many facts of it.

export const SAMPLING = {
  /** ms between two readings while something happens. */
  shortest: 50,
  /** ms between two readings while nothing does: programs that are not ours are noticed so. */
  idle: 500,
  /** Of one processor's time, at most: a table of 20,000 sockets takes longer to read, and is read less often. */
  share: 0.04,
  /** Rows of a table that is small: reading it costs so little that what a busy machine makes of it need not hold the next reading up beyond `small` ms. */
  smallRows: 1000,
  small: 250,
  /** ms that one turn of the event loop may be held by reading. */
  slice: 1,
  /** Facts of one reading; what is left over comes with the next. */
  factsPerReading: 256,
  /** Facts of one run; then the table is read no more. A twentieth of what a trace holds (LIMITS.events). */
  factsPerRun: 1_000_000,
  /** ms after which the timer of a TIME_WAIT is told again, so that it is seen to run down; and the most sockets with which that is done. */
  countdown: 1000,
  countedDown: 64,
  /** Sockets that are followed at once. */
  sockets: 65_536,
} as const;

/** Of a program that prints the table. */
export const NETSTAT = {
  /** ms between two readings at least: each starts a program. */
  shortest: 500,
  /** ms until one that says nothing is ended. */
  patience: 5000,
  /** Bytes that it may print: some 60,000 sockets. */
  bytes: 8 * 1024 * 1024,
} as const;
