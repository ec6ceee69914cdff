// The system's errors said plainly, in a program's own voice (role.printed). The errno itself is a fact that the tap records.
// Programs print English, as the course's do; what the window says about an errno is in its catalogues.

import type { RoleContext } from './lab';

const MEANING: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there. Is the server running?',
  ECONNRESET: 'the peer reset the connection',
  EPIPE: 'the peer takes no more bytes',
  ETIMEDOUT: 'no answer in time',
  EADDRINUSE: 'another socket has this address and port',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this port needs more rights',
  EMSGSIZE: 'longer than a datagram may be',
  EMFILE: 'no descriptor is left. Raise the limit (ulimit -n), or take fewer connections',
};

/** The errno name of an error ('ECONNRESET'), or its message when it has none. */
export function errnoOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return String(error);
}

/** 'ECONNREFUSED: nobody listens there. Is the server running?' */
export function sayError(error: unknown): string {
  const errno = errnoOf(error);
  const meaning = MEANING[errno];
  return meaning === undefined ? errno : `${errno}: ${meaning}`;
}

/** The program, which says why when it fails, and fails all the same. A killed program says nothing. */
export const plainly =
  (program: (role: RoleContext) => Promise<void>) =>
  async (role: RoleContext): Promise<void> => {
    try {
      await program(role);
    } catch (error) {
      if (!role.signal.aborted) role.print(sayError(error));
      throw error;
    }
  };
