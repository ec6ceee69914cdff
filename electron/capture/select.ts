// select() of the socket API over libuv, which has no such call: libuv's own watch (epoll, kqueue, event ports) says what is readable, writable.ts
// asks the kernel what is writable. Waits, records, and consumes no byte. Between a role and the kernel; which calls follow is the role's.

import type { Selected } from '../roles/host';
import { callError } from './loopback';
import type { OpenSockets } from './openSockets';

/** What select() can watch: a stream or a listening socket of this network. */
export interface Watched {
  readonly closed: boolean;
  /** Calls `wake` once, when recv() or accept() would not block. The result ends the watch. */
  watchRead(wake: () => void): () => void;
}

export interface WatchedWriter extends Watched {
  /** Whether the kernel would take bytes now. */
  takesBytes(): Promise<boolean>;
}

export interface SelectLog {
  /** `timeout` in ms, -1: for ever. */
  started(read: readonly Watched[], write: readonly WatchedWriter[], timeout: number): void;
  /** `err`: errno name, or ''. */
  returned(readable: readonly Watched[], writable: readonly WatchedWriter[], err: string): void;
}

/** The kernel is asked again about sockets that were full after so many ms: it has no way to tell libuv without bytes to send. */
const ASK_AGAIN = 8;

/** `timeout` in ms; left out: for ever. Rejects with EBADF when a socket was or is closed, EINVAL for a negative time. */
export async function select<R extends Watched, W extends WatchedWriter>(
  open: OpenSockets, log: SelectLog | null, read: readonly R[], write: readonly W[], timeout?: number,
): Promise<Selected<R, W>> {
  open.check('select');
  if (timeout !== undefined && !(timeout >= 0)) throw callError('EINVAL', 'select', `a time of ${timeout} ms`);
  checkOpen([...read, ...write]);
  log?.started(read, write, timeout ?? -1);
  const until = performance.now() + (timeout ?? Number.POSITIVE_INFINITY);
  const ready = new Set<R>();
  let wake = (): void => undefined;
  const stops = read.map((socket) => socket.watchRead(() => {
    ready.add(socket);
    wake();
  }));
  const forget = open.add(() => wake());
  try {
    for (;;) {
      // One whole turn of the event loop: libuv has looked at every descriptor, so that all that are ready are named together.
      await turn();
      await turn();
      open.check('select');
      checkOpen([...read, ...write]);
      const writable = await takers(write);
      if (ready.size > 0 || writable.length > 0 || performance.now() >= until) {
        const readable = read.filter((socket) => ready.has(socket));
        log?.returned(readable, writable, '');
        return { readable, writable };
      }
      await waitUntil(Math.min(until - performance.now(), write.length > 0 ? ASK_AGAIN : Number.POSITIVE_INFINITY), (found) => (wake = found));
    }
  } catch (error) {
    log?.returned([], [], 'EBADF');
    throw error;
  } finally {
    forget();
    for (const stop of stops) stop();
  }
}

async function takers<W extends WatchedWriter>(write: readonly W[]): Promise<W[]> {
  const found: W[] = [];
  for (const socket of write) if (await socket.takesBytes()) found.push(socket);
  return found;
}

function checkOpen(sockets: readonly Watched[]): void {
  if (sockets.some((socket) => socket.closed)) throw callError('EBADF', 'select', 'a socket is closed');
}

/** Until `ms` have passed, for ever when infinite, or what is given to `wakeable` is called. */
function waitUntil(ms: number, wakeable: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    // Longer than a timer can be is for ever.
    const timer = ms < 2 ** 31 ? setTimeout(resolve, Math.max(0, ms)) : null;
    wakeable(() => {
      if (timer !== null) clearTimeout(timer);
      resolve();
    });
  });
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
