// A directory as a role: an HTTP server over a book in memory, and a clock that drops entries when their time is over. A new process
// knows nobody: people who refresh their entries fill it again.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import { httpServer } from '../http/httpServer';
import type { OpenConnections } from '../http/openConnections';
import type { RoleContext } from '../lab';
import { DirectoryBook } from './directoryBook';
import { directoryHandler } from './directoryHandler';

export interface DirectoryOptions {
  readonly port: number;
  /** s that an entry lives which asks for no lifetime of its own. */
  readonly lifetime: number;
  /** Counts the connections, for a lab's script. */
  readonly connections?: OpenConnections;
}

/** Serves until the role ends. Rejects with the system's error when it cannot listen. */
export async function directoryServer(role: RoleContext, { port, lifetime, connections }: DirectoryOptions): Promise<void> {
  const now = (): number => performance.now();
  const book = new DirectoryBook((entry, at) => {
    role.note({ topic: 'dir.entry', what: 'expired', name: entry.name, at: formatEndpoint(entry.at), age: Math.round(at - entry.heard) });
    role.print(`${entry.name} has not been heard of for ${entry.lifetime / 1000} s: entry dropped`);
  });
  let timer: NodeJS.Timeout | undefined;
  /** Wakes when the next entry ends. */
  const wind = (): void => {
    clearTimeout(timer);
    const { next } = book;
    if (next === null || role.signal.aborted) return;
    timer = setTimeout(() => {
      book.expire(now());
      wind();
    }, Math.max(next - now(), 0) + 1);
  };
  const answers = directoryHandler(book, lifetime, now, {
    entry: (what, name, entry, age) => role.note({ topic: 'dir.entry', what, name, at: entry === null ? '' : formatEndpoint(entry.at), age: Math.round(age) }),
  });
  role.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  await httpServer(role, {
    port,
    handler: async (request) => {
      const given = await answers(request);
      wind();
      return given;
    },
    ...(connections !== undefined && { connections }),
  });
}
