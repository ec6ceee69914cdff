// Calls with an end to the waiting, as a program sets a time-out on its socket (settimeout, SO_RCVTIMEO): the kernel would wait on. What
// a program does that has no such patience is in the kernel's hands: see synRetries.ts.

import type { Endpoint } from '../../../shared/trace/event';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';

/** connect() for at most `ms`: null when nothing had come back by then, and the socket is closed. Rejects as connect() does (ECONNREFUSED). */
export async function connectWithin(role: RoleContext, remote: Endpoint, ms: number): Promise<StreamSocket | null> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ms);
  try {
    return await role.host.net.dial(remote, undefined, patience.signal);
  } catch (error) {
    if (patience.signal.aborted && !role.signal.aborted) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** recv() for at most `ms`: null when nothing had come by then; the call still waits until the socket is closed. Rejects as recv() does. */
export async function recvWithin(socket: StreamSocket, size: number, ms: number): Promise<Uint8Array | null> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  const coming = socket.recv(size);
  coming.catch(() => undefined); // when it is late, nobody waits for it
  try {
    return await Promise.race([coming, over]);
  } finally {
    clearTimeout(timer);
  }
}
