// What a browser of ours bears from servers. Every bound has a visible outcome: the object fails and the browser says why.

/** Bytes of one object; the page itself is one. */
export const MAX_OBJECT = 4 * 1024 * 1024;
/** Objects that one page may name. */
export const MAX_OBJECTS = 200;
/** Redirects in a row, as the Fetch standard has it: 20. */
export const MAX_REDIRECTS = 20;
/** ms without a sign from the server. */
export const SILENCE = 30_000;
/** Parallel connections to one server, as browsers have with HTTP/1.1. */
export const PARALLEL = 6;
/** Characters of a URL; longer ones are left alone. */
export const MAX_URL = 2000;
