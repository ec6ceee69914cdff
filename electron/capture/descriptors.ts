// How many connections a server may hold: well below the process's limit of descriptors, so that accept() never meets EMFILE, where
// libuv would take connections only to close them unseen. Asked once, when the first server is made.

import { readFileSync } from 'node:fs';
import { LIMITS } from '../../shared/trace/limits';

/** Where the system does not tell: below macOS's default of 256. */
const UNKNOWN_LIMIT = 240;
/** For files, pipes and listening sockets. */
const RESERVE = 32;

/** Where descriptors are so few that none of this helps. */
const LEAST = 4;

let known: number | null = null;

/** The bound for `net.Server.maxConnections`. */
export function connectionsPerServer(): number {
  known ??= connectionsWithin(readLimit());
  return known;
}

/** A lab's clients live in the same process: both ends of a connection take a descriptor. */
export function connectionsWithin(descriptors: number): number {
  return Math.max(LEAST, Math.min(LIMITS.connectionsPerServer, Math.floor((descriptors - RESERVE) / 2)));
}

/** RLIMIT_NOFILE of this process (Linux: /proc/self/limits, soft). */
function readLimit(): number {
  if (process.platform === 'win32') return Number.POSITIVE_INFINITY;
  try {
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    if (soft === 'unlimited') return Number.POSITIVE_INFINITY;
    return soft === undefined ? UNKNOWN_LIMIT : Number(soft);
  } catch {
    return UNKNOWN_LIMIT;
  }
}
