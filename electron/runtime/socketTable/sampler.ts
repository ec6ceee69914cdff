// Reads the kernel's socket table while a lab runs and records what has changed in it (`socket.sampled`): states, bytes in both queues,
// connections that wait for accept(), timers. Needs no rights: Linux has it in /proc/net, macOS and Windows print it (netstat), with less in it.
// Between two readings things may have been otherwise: what it records is how the table was, when it was read.

import { sockId } from '../../../shared/base/brand';
import type { Recorder } from '../../capture/recorder';
import { SocketBook } from '../../capture/socketBook';
import type { KernelTable, Report } from './kernelTable';
import { NETSTAT, SAMPLING } from './limits';
import { NetstatTable, netstatPath } from './netstatTable';
import { InternetTable } from './table';
import { UnixTable } from './unixTable';

export interface SamplerOptions {
  readonly recorder: Recorder;
  /** Those of the lab's hosts: what is there belongs to the run, except on 127.0.0.1, which is everybody's. */
  readonly addresses: readonly string[];
  /** For tests: where the tables are. Default /proc/net. */
  readonly folder?: string;
  readonly platform?: string;
  /** For tests: the program that prints the table. Default the system's own. */
  readonly netstat?: string;
}

export class SocketSampler {
  private readonly book = new SocketBook();
  private readonly tables: readonly KernelTable[];
  /** ms between two readings at least. */
  private readonly shortest: number;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  /** Facts of the trace at the last reading, when it found nothing new: when there are no more, nothing has happened since. */
  private seen = -1;
  private recorded = 0;
  /** ms that readings took lately, and the time before which there is none. */
  private costs: number[] = [];
  private rows = 0;
  private last = 0;

  constructor(private readonly options: SamplerOptions) {
    const { recorder, folder = '/proc/net', addresses, platform = process.platform } = options;
    const run = { recorder, book: this.book, folder, addresses };
    const netstat = options.netstat ?? netstatPath(platform);
    if (platform === 'linux') this.tables = [...(['tcp', 'udp', 'tcp6', 'udp6'] as const).map((kind) => new InternetTable(kind, run)), new UnixTable(run)];
    else this.tables = netstat === null ? [] : [new NetstatTable(netstat, platform === 'win32', run)];
    this.shortest = platform === 'linux' ? SAMPLING.shortest : NETSTAT.shortest;
  }

  /** Sockets with these ports belong to the run from now on, whosever they are. */
  watch(ports: readonly number[]): void {
    for (const table of this.tables) table.watch?.(ports);
    for (const kind of ['tcp', 'tcp6', 'udp', 'udp6'] as const) this.book.kinds.add(kind);
  }

  /** Begins; does nothing where the system has no such table. */
  start(): void {
    if (this.tables.length === 0) return;
    this.options.recorder.book = this.book;
    this.next(this.shortest);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.options.recorder.book === this.book) this.options.recorder.book = null;
  }

  /** ms of a reading: the least of the last few, for the others had to wait for a processor. */
  get cost(): number {
    return this.costs.length === 0 ? 0 : Math.min(...this.costs);
  }

  private next(wait: number): void {
    if (this.stopped || this.options.recorder.full || this.recorded >= SAMPLING.factsPerRun) return this.stop();
    this.timer = setTimeout(() => void this.tick(), wait).unref();
  }

  private async tick(): Promise<void> {
    const { recorder } = this.options;
    const quiet = recorder.count === this.seen;
    if (quiet && performance.now() - this.last < SAMPLING.idle) return this.next(this.shortest);
    try {
      await this.read();
    } catch {
      // No such table, or it may not be read: then nothing is known, and nothing is said. One that was read before may only lack a descriptor now.
      return this.costs.length === 0 ? this.stop() : this.next(SAMPLING.idle);
    }
    this.last = performance.now();
    const pause = this.cost / SAMPLING.share;
    this.next(Math.max(this.shortest, this.rows < SAMPLING.smallRows ? Math.min(pause, SAMPLING.small) : pause));
  }

  /** One reading of the tables that the run has to do with. */
  private async read(): Promise<void> {
    const { recorder } = this.options;
    const before = recorder.count;
    let [cost, rows] = [0, 0];
    let room: number = SAMPLING.factsPerReading;
    const record: Report = (local, remote, now) => {
      if (this.stopped || room === 0) return false;
      room--;
      this.recorded++;
      recorder.socketSampled(recorder.now(), sockId(now.sock), now.state, local, remote, now.send, now.receive, now.timer, now.left);
      return true;
    };
    for (const table of this.tables) {
      if (this.stopped || !table.kinds.some((kind) => this.book.kinds.has(kind))) continue;
      const took = await table.read(record, () => this.stopped);
      cost += took.cost;
      rows += took.rows;
    }
    this.rows = rows;
    this.costs = [...this.costs, cost].slice(-4);
    this.seen = room < SAMPLING.factsPerReading || recorder.count !== before ? -1 : before;
  }
}
