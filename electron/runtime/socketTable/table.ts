// One of the kernel's tables of Internet sockets, followed from reading to reading: which rows concern the run, whose they are, and what
// has changed in them. Tells the sampler; knows no time.

import { FollowedRows, type FollowedRow } from './followedRows';
import { SHARED_ADDRESS, type FollowedRun, type KernelTable, type ReadingCost, type Report } from './kernelTable';
import { Columns, STATE, stateName } from './procNet';
import { readTable } from './readTable';

export class InternetTable implements KernelTable {
  private readonly columns: Columns;
  private readonly hosts: ReadonlySet<number>;
  private readonly rows: FollowedRows;
  /** Ports whose sockets are followed, whosever they are. */
  private readonly ports = new Set<number>();
  readonly kinds: readonly string[];

  constructor(private readonly kind: 'tcp' | 'tcp6' | 'udp' | 'udp6', private readonly run: FollowedRun) {
    this.kinds = [kind];
    this.rows = new FollowedRows(run);
    this.columns = new Columns(kind.endsWith('6') ? 32 : 8);
    this.hosts = new Set(run.addresses.filter((address) => address !== SHARED_ADDRESS).map(asNumber));
  }

  watch(ports: readonly number[]): void {
    for (const port of ports) this.ports.add(port);
  }

  async read(report: Report, stopped: () => boolean): Promise<ReadingCost> {
    this.rows.begin();
    const { cost, rows, parts } = await readTable(`${this.run.folder}/${this.kind}`, (table, at) => this.row(table, at, report), stopped);
    if (!stopped()) this.rows.findGone(parts > 1 ? 2 : 1, report);
    return { cost, rows };
  }

  private row(table: Buffer, at: number, report: Report): void {
    const row = this.find(table, at);
    if (row === null) return;
    const { columns } = this;
    const state = columns.stateOf(table, at);
    const send = state === STATE.LISTEN ? 0 : columns.sendQueue(table, at, state);
    this.rows.stands(row, stateName(state), send, columns.receiveQueue(table, at, state), columns.timer(table, at), () => columns.timeLeft(table, at), report);
  }

  /** The row that is followed, a new one when it concerns the run, or null. */
  private find(table: Buffer, at: number): FollowedRow | null {
    const { columns, run, rows } = this;
    const watched = this.isWatched(table, at);
    if (columns.digits === 8 && !watched && !this.hosts.has(columns.address(table, at)) && !this.hosts.has(columns.address(table, at + columns.remote)) && !this.isKnown(table, at)) return null;
    const key = keyOf(table, at, columns.keyLength);
    const known = rows.find(key);
    if (known !== null) return known;
    if (rows.full || (columns.digits === 32 && !watched && !this.isKnown(table, at))) return null;
    const remote = columns.endpoint(table, at + columns.remote);
    return rows.add(key, run.recorder.endpoint(columns.endpoint(table, at)), remote.port === 0 ? 0 : run.recorder.endpoint(remote));
  }

  /** Whether one of its ends has a port that is watched. */
  private isWatched(table: Uint8Array, at: number): boolean {
    return this.ports.size > 0 && (this.ports.has(this.columns.port(table, at)) || this.ports.has(this.columns.port(table, at + this.columns.remote)));
  }

  /** Whether one of its endpoints is that of a socket of the run, on an address that others use too. */
  private isKnown(table: Uint8Array, at: number): boolean {
    const { recorder, book } = this.run;
    const known = (address: number): boolean => this.columns.port(table, address) !== 0 && book.knows(recorder.endpoint(this.columns.endpoint(table, address), false));
    return known(at) || known(at + this.columns.remote);
  }
}

const keyOf = (table: Buffer, at: number, length: number): string => table.toString('latin1', at, at + length);

/** 127.0.70.1 as the table's eight digits say it. */
const asNumber = (address: string): number => address.split('.').reduce((sum, byte, place) => sum + Number(byte) * 256 ** place, 0);
