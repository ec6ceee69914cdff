// The bounds of sharing on the LAN, in one table: what others may take of this machine.

export const SHARE_LIMITS = {
  /** Doors of a run that are open at a time. */
  doors: 256,
  /** Connections (UDP: clients) of one door, of one address at one door, and of all doors; the next one is turned away. */
  connections: 256,
  perAddress: 64,
  connectionsInAll: 1024,
  /** Relayed connections that are over and whose real address is still known, and for how long: for a role that has yet to read. */
  remembered: { most: 4096, ms: 5000 },
  /** Peers that a joined tracker names: doors to them at a time, and ever. */
  named: { open: 64, ever: 2000 },
  /** An answer of a joined tracker: bytes with its head, ms until it is whole; and the longest time that it may ask peers to wait, in seconds. */
  answer: { bytes: 1_200_000, wait: 5000, interval: 1800 },
  /** ms between two looks whether the address is still this machine's. */
  look: 2000,
  /** ms: changed numbers of connections are told no oftener. */
  tell: 250,
} as const;
