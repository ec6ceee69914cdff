// Bounds of the web servers and clients that roles get, unless their options say otherwise (quality.md, "Limits").

export const WEB_LIMITS = {
  /** Bytes of a message's header lines (HTTP/1: then 431; HTTP/2: SETTINGS_MAX_HEADER_LIST_SIZE). */
  headerBytes: 64 * 1024,
  /** ms until a request's header is there, and until all of it is. */
  headers: 60_000,
  request: 300_000,
  /** MB of memory that one HTTP/2 session may hold. */
  sessionMegabytes: 10,
  /** Streams that a peer may have open at once on one HTTP/2 connection (RFC 9113 6.5.2 asks for at least 100). */
  streams: 128,
} as const;
