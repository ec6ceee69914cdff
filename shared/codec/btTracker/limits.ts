// The bounds of trackers here, UDP and HTTP, in one table: what a client or a tracker says may not make the other hold or show more.

export const TRACKER_LIMITS = {
  /** Torrents of one scrape: what fits into a datagram (BEP 15). */
  torrents: 74,
  /** Peers of one answer; clients ask for 50 (BEP 3). */
  peers: 4096,
  /** Bytes of the query in an announce's target, and its parameters. */
  query: 8192,
  parameters: 64,
  /** Bytes of an answer over HTTP, and of a reason in it. */
  answer: 0x10_0000,
  reason: 1024,
  /** Faults of one answer or query that are told. */
  problems: 32,
  /** Fields that a datagram may show, when nobody said less. */
  treeItems: 6000,
} as const;
