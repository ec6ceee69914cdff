// One of the kernel's tables of Internet sockets, followed from reading to reading: which rows concern the run, whose they are, and what
// has changed in them. Tells the sampler; knows no time.

import type { Recorder } from '../../capture/recorder';
import type { SocketBook } from '../../capture/socketBook';
import { SAMPLING } from './limits';
import { Columns, STATE, stateName, TIMER } from './procNet';
import { readTable } from './readTable';

/** What the kernel says of a socket, as `socket.sampled` has it. */
export interface Said {
  /** The run's socket; 0: none of it. */
  readonly sock: number;
  readonly state: string;
  readonly send: number;
  readonly receive: number;
  readonly timer: number;
  /** ms until it fires. */
  readonly left: number;
}

/** Takes what is new of the socket with these endpoints; false: not now, tell me again. */
export type Report = (local: number, remote: number, now: Said) => boolean;

export interface FollowedRun {
  readonly recorder: Recorder;
  readonly book: SocketBook;
  readonly folder: string;
  readonly addresses: readonly string[];
}

/** ms that a reading took, and its rows, of whomever. */
export interface ReadingCost {
  readonly cost: number;
  readonly rows: number;
}

export interface KernelTable {
  readonly kind: string;
  /** Reads it once. Rejects when there is no such table. */
  read(report: Report, stopped: () => boolean): Promise<ReadingCost>;
}

interface Row {
  readonly local: number;
  readonly remote: number;
  /** What was last told. */
  state: number;
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

/** Other programs of this machine use it too. */
const SHARED = '127.0.0.1';
const GONE: Omit<Said, 'sock'> = { state: 'GONE', send: 0, receive: 0, timer: TIMER.none, left: 0 };

export class InternetTable implements KernelTable {
  private readonly columns: Columns;
  private readonly hosts: ReadonlySet<number>;
  private readonly rows = new Map<string, Row>();
  /** Ports whose sockets are followed, whosever they are. */
  private readonly ports = new Set<number>();
  private reading = 0;

  constructor(readonly kind: 'tcp' | 'tcp6' | 'udp' | 'udp6', private readonly run: FollowedRun) {
    this.columns = new Columns(kind.endsWith('6') ? 32 : 8);
    this.hosts = new Set(run.addresses.filter((address) => address !== SHARED).map(asNumber));
  }

  watch(ports: readonly number[]): void {
    for (const port of ports) this.ports.add(port);
  }

  async read(report: Report, stopped: () => boolean): Promise<ReadingCost> {
    this.reading++;
    const { cost, rows, parts } = await readTable(`${this.run.folder}/${this.kind}`, (table, at) => this.row(table, at, report), stopped);
    if (!stopped()) this.findGone(parts > 1 ? 2 : 1, report);
    return { cost, rows };
  }

  private row(table: Buffer, at: number, report: Report): void {
    const row = this.find(table, at);
    if (row === null) return;
    const { columns, run } = this;
    row.reading = this.reading;
    row.missed = 0;
    const state = columns.stateOf(table, at);
    const send = state === STATE.LISTEN ? 0 : columns.sendQueue(table, at, state);
    const receive = columns.receiveQueue(table, at, state);
    const timer = columns.timer(table, at);
    const probes = timer === TIMER.windowProbe;
    const sock = run.book.find(row.local, row.remote);
    if (state === row.state && send === row.send && receive === row.receive && probes === row.probes && sock === row.sock && !this.countsDown(row, timer)) return;
    if (!report(row.local, row.remote, { sock, state: stateName(state), send, receive, timer, left: timer === TIMER.none ? 0 : columns.timeLeft(table, at) })) return;
    row.state = state;
    row.send = send;
    row.receive = receive;
    row.probes = probes;
    row.sock = sock;
    row.told = performance.now();
  }

  /** True when it is time to tell again how long TIME_WAIT lasts. */
  private countsDown(row: Row, timer: number): boolean {
    return timer === TIMER.timeWait && this.rows.size <= SAMPLING.countedDown && performance.now() - row.told >= SAMPLING.countdown;
  }

  /** The row that is followed, a new one when it concerns the run, or null. */
  private find(table: Buffer, at: number): Row | null {
    const { columns, run, rows } = this;
    const watched = this.isWatched(table, at);
    if (columns.digits === 8 && !watched && !this.hosts.has(columns.address(table, at)) && !this.hosts.has(columns.address(table, at + columns.remote)) && !this.isKnown(table, at)) return null;
    const key = keyOf(table, at, columns.keyLength);
    const known = rows.get(key);
    if (known !== undefined) return known;
    if (rows.size >= SAMPLING.sockets || (columns.digits === 32 && !watched && !this.isKnown(table, at))) return null;
    const remote = columns.endpoint(table, at + columns.remote);
    const row: Row = {
      local: run.recorder.endpoint(columns.endpoint(table, at)), remote: remote.port === 0 ? 0 : run.recorder.endpoint(remote),
      state: 0, send: 0, receive: 0, probes: false, sock: -1, told: 0, missed: 0, reading: 0,
    };
    rows.set(key, row);
    return row;
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

  /** Rows that `patience` readings have not found: while a long table is read, a row may move past the reader. */
  private findGone(patience: number, report: Report): void {
    for (const [key, row] of this.rows) {
      if (row.reading === this.reading || ++row.missed < patience) continue;
      if (row.state === 0 || report(row.local, row.remote, { ...GONE, sock: Math.max(row.sock, 0) })) this.rows.delete(key);
    }
  }
}

const keyOf = (table: Buffer, at: number, length: number): string => table.toString('latin1', at, at + length);

/** 127.0.70.1 as the table's eight digits say it. */
const asNumber = (address: string): number => address.split('.').reduce((sum, byte, place) => sum + Number(byte) * 256 ** place, 0);
