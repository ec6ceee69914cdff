// What a balancer bears and how long it waits. Every bound has a visible outcome: a status that says why, or the end of a connection.
// Heads, bodies and idle clients are bounded by the HTTP server that it is (roles/http/bounds.ts).

/** Requests that it has open at once; beyond: 503. */
export const MAX_OPEN = 500;
/** Clients' connections at once. */
export const MAX_CONNECTIONS = 1000;
/** Connections that it keeps to one server for the next request. */
export const MAX_KEPT = 16;
/** Servers that it may know. */
export const MAX_SERVERS = 50;
/** Servers that one request is tried on. */
export const MAX_TRIES = 3;
/** ms until a server that failed is tried again, where no health check asks it. */
export const REST = 1000;
