// The kernel's table of AF_UNIX sockets: it tells which paths are listened at, and nothing of queues, so a connected socket has nothing
// to tell. Followed from reading to reading like the others (table.ts).

import { readFile } from 'node:fs/promises';
import { listeningPaths, TIMER } from './procNet';
import type { FollowedRun, KernelTable, ReadingCost, Report } from './kernelTable';

/** What the table does not tell. */
const UNTOLD = -1;

export class UnixTable implements KernelTable {
  readonly kinds = ['unix'];
  /** Endpoints that are listened at, and whose they are. */
  private readonly listening = new Map<number, number>();

  constructor(private readonly run: FollowedRun) {}

  async read(report: Report): Promise<ReadingCost> {
    const { recorder, book, folder } = this.run;
    const began = performance.now();
    const table = await readFile(`${folder}/unix`, 'latin1');
    const found = new Set<number>();
    for (const path of listeningPaths(table)) {
      const local = recorder.endpoint({ address: path, port: 0 }, false);
      if (local === 0 || !book.knows(local)) continue;
      found.add(local);
      const sock = book.find(local, 0);
      if (this.listening.get(local) === sock) continue;
      if (report(local, 0, { sock, state: 'LISTEN', send: UNTOLD, receive: UNTOLD, timer: TIMER.none, left: 0 })) this.listening.set(local, sock);
    }
    for (const [local, sock] of this.listening) {
      if (!found.has(local) && report(local, 0, { sock, state: 'GONE', send: UNTOLD, receive: UNTOLD, timer: TIMER.none, left: 0 })) this.listening.delete(local);
    }
    return { cost: performance.now() - began, rows: 0 };
  }
}
