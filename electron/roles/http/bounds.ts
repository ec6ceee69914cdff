// What an HTTP server of ours bears from its clients. Every bound has a visible outcome: a status, or the end of a connection.

/** Bytes of a request's head; beyond: 431 (RFC 6585 5). */
export const MAX_HEADER_SIZE = 16 * 1024;
/** Header lines of one request that we look at. */
export const MAX_HEADER_LINES = 200;
/** Bytes of a request's body; beyond: 413. */
export const MAX_BODY_SIZE = 256 * 1024;
/** Bytes of a body too large that are still read and thrown away, so that the client can read the 413 before its connection ends. */
export const MAX_DISCARDED = 8 * 1024 * 1024;
/** ms for a whole head, and for a whole request; beyond: 408. Long enough to type one by hand. */
export const HEADERS_TIMEOUT = 30_000;
export const REQUEST_TIMEOUT = 60_000;
/** How often, in ms, the two are looked at. */
export const TIMEOUT_CHECK = 1000;
/** ms that an idle connection is kept. */
export const KEEP_ALIVE = 5000;
/** ms in which a client may read what it was told last, before its connection is closed. */
export const LINGER = 1000;
/** Requests that one connection of HTTP/2 may have open. */
export const MAX_STREAMS = 100;
