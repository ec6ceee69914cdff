// The rows of one table of the kernel that concern the run, from reading to reading: tells what has changed in them and what is gone. The tables
// (table.ts, netstatTable.ts) find the rows and say how they stand.

import type { FollowedRun, Report, Said } from './kernelTable';
import { SAMPLING } from './limits';
import { TIMER } from './procNet';

export interface FollowedRow {
  readonly local: number;
  readonly remote: number;
  /** What was last told. */
  state: string;
  send: number;
  receive: number;
  probes: boolean;
  sock: number;
  /** When it was last told, in ms. */
  told: number;
  /** Readings in a row that have not found it. */
  missed: number;
  /** The reading that found it last. */
  reading: number;
}

const GONE: Omit<Said, 'sock'> = { state: 'GONE', send: 0, receive: 0, timer: TIMER.none, left: 0 };

export class FollowedRows {
  private readonly rows = new Map<string, FollowedRow>();
  private reading = 0;

  constructor(private readonly run: FollowedRun) {}

  get full(): boolean {
    return this.rows.size >= SAMPLING.sockets;
  }

  /** A reading begins. */
  begin(): void {
    this.reading++;
  }

  find(key: string): FollowedRow | null {
    return this.rows.get(key) ?? null;
  }

  /** Endpoints are indices of the recorder's dictionary; `remote` 0: none. */
  add(key: string, local: number, remote: number): FollowedRow {
    const row: FollowedRow = { local, remote, state: '', send: 0, receive: 0, probes: false, sock: -1, told: 0, missed: 0, reading: 0 };
    this.rows.set(key, row);
    return row;
  }

  /** This reading has the row, and so it stands; `left` is asked when it is told. */
  stands(row: FollowedRow, state: string, send: number, receive: number, timer: number, left: () => number, report: Report): void {
    row.reading = this.reading;
    row.missed = 0;
    const probes = timer === TIMER.windowProbe;
    const sock = this.run.book.find(row.local, row.remote);
    if (state === row.state && send === row.send && receive === row.receive && probes === row.probes && sock === row.sock && !this.countsDown(row, timer)) return;
    if (!report(row.local, row.remote, { sock, state, send, receive, timer, left: timer === TIMER.none ? 0 : left() })) return;
    row.state = state;
    row.send = send;
    row.receive = receive;
    row.probes = probes;
    row.sock = sock;
    row.told = performance.now();
  }

  /** Rows that `patience` readings have not found: while a long table is read, a row may move past the reader. */
  findGone(patience: number, report: Report): void {
    for (const [key, row] of this.rows) {
      if (row.reading === this.reading || ++row.missed < patience) continue;
      if (row.state === '' || report(row.local, row.remote, { ...GONE, sock: Math.max(row.sock, 0) })) this.rows.delete(key);
    }
  }

  /** True when it is time to tell again how long TIME_WAIT lasts. */
  private countsDown(row: FollowedRow, timer: number): boolean {
    return timer === TIMER.timeWait && this.rows.size <= SAMPLING.countedDown && performance.now() - row.told >= SAMPLING.countdown;
  }
}
