// The bounds of reassembly, in one table, each with what is seen when it is reached.

export const REASSEMBLY_LIMITS = {
  /** Bytes of one side of a TCP stream that wait for earlier ones (quality: 1 MiB); then the missing ones are told as a gap. */
  outOfOrder: 1024 * 1024,
  /** Pieces of one side that wait; then a gap as well. */
  pieces: 4096,
  /** Bytes of one side that are kept to compare with what is sent again; conflicts further back are not seen. */
  history: 64 * 1024,
  historyPieces: 256,
  /** Segments further ahead than this belong to another stream or are damaged: they are left out (RFC 7323 2.3: the largest window). */
  ahead: 2 ** 30,
} as const;
