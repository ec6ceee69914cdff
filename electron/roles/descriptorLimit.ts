// How many descriptors this process may have open: what servers and classes of many clients ask before they begin.

import { readFileSync } from 'node:fs';

/** Where the system does not tell: below macOS's default of 256. */
const UNKNOWN_LIMIT = 240;

/** RLIMIT_NOFILE of this process (Linux: /proc/self/limits, soft). */
export function descriptorLimit(): number {
  if (process.platform === 'win32') return Number.POSITIVE_INFINITY;
  try {
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    if (soft === 'unlimited') return Number.POSITIVE_INFINITY;
    return soft === undefined ? UNKNOWN_LIMIT : Number(soft);
  } catch {
    return UNKNOWN_LIMIT;
  }
}
