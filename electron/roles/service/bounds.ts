// What the small service bears from whoever asks it, and how long it waits. Every bound has a visible outcome: a status, or the end of
// a connection.

/** Connections at once; more are reset. */
export const MAX_CONNECTIONS = 1000;
/** Requests that wait for a worker; beyond: 503. */
export const MAX_WAITING = 500;
/** Bytes of a request's head and of its body, which is read and thrown away; beyond: 431, 413. */
export const MAX_HEAD = 16 * 1024;
export const MAX_BODY = 64 * 1024;
/** ms that a connection may say nothing. */
export const IDLE = 30_000;
/** The buffer that recv() is given, in bytes. */
export const RECV_SIZE = 16 * 1024;
