// The bounds of relays, in one table: nothing that a relay holds grows past these.

export const RELAY_LIMITS = {
  /** Bytes of one TCP connection that a relay holds, both directions together; each has half, so that neither can starve the other. Full: it reads no more. */
  heldPerConnection: 1024 * 1024,
  /** The largest recv(), in bytes. */
  readSize: 64 * 1024,
  /**
   * Between the last bytes that pass and the RST behind them, ms: a program that learns of both at once may take it for the end of the
   * stream (libuv does), or lose the bytes (Windows).
   */
  beforeReset: 5,
  /** Connections that pass one TCP relay at a time; the next one is reset. */
  connections: 4096,
  /** How long, in ms, the two ends of a connection that was cut in order may take to close too. */
  linger: 1000,
  /** Clients' addresses that one UDP relay remembers; the one that was silent longest goes. */
  clients: 1024,
  /** Bytes of datagrams that a UDP relay holds back, both directions together; what comes then is lost, as at a full router. */
  heldDatagrams: 1024 * 1024,
  /** The longest that a datagram is held back to be overtaken, in ms. */
  overtaking: 50,
} as const;
