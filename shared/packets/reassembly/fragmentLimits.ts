// The bounds of putting fragments together, each with what is seen when it is reached: the datagram stays in pieces, and `dropped` counts it.

export const FRAGMENT_LIMITS = {
  /** Bytes of one datagram behind its IP header: what IPv4's total length and IPv6's payload length can say. */
  datagram: 65_535,
  /** Datagrams that are not whole at the same time; the oldest goes. */
  datagrams: 256,
  /** Fragments of one datagram. */
  fragments: 8192,
  /** Packets of the capture after which a datagram that is still not whole is given up. */
  age: 100_000,
  /** Fragments of which is remembered in which packet their datagram became whole. */
  remembered: 100_000,
} as const;
