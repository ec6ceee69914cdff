// Reads the kernel's socket table while a lab runs and records what has changed in it (`socket.sampled`): states, bytes in both queues,
// connections that wait for accept(), timers. Needs no rights. Linux only: elsewhere there is no such table, and no such fact.
// Between two readings things may have been otherwise: what it records is how the table was, when it was read.

import { sockId } from '../../../shared/base/brand';
import type { Recorder } from '../../capture/recorder';
import { SocketBook } from '../../capture/socketBook';
import { SAMPLING } from './limits';
import { InternetTable, type KernelTable, type Report } from './table';
import { UnixTable } from './unixTable';

export interface SamplerOptions {
  readonly recorder: Recorder;
  /** Those of the lab's hosts: what is there belongs to the run, except on 127.0.0.1, which is everybody's. */
  readonly addresses: readonly string[];
  /** For tests: where the tables are. Default /proc/net. */
  readonly folder?: string;
  readonly platform?: string;
}

export class SocketSampler {
  private readonly book = new SocketBook();
  private readonly tables: readonly KernelTable[];
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
    const { recorder, folder = '/proc/net', addresses } = options;
    const run = { recorder, book: this.book, folder, addresses };
    this.tables = [...(['tcp', 'udp', 'tcp6', 'udp6'] as const).map((kind) => new InternetTable(kind, run)), new UnixTable(run)];
  }

  /** Sockets with these ports belong to the run from now on, whosever they are. */
  watch(ports: readonly number[]): void {
    for (const table of this.tables) if (table instanceof InternetTable) table.watch(ports);
    for (const kind of ['tcp', 'tcp6', 'udp', 'udp6'] as const) this.book.kinds.add(kind);
  }

  /** Begins; does nothing where the system has no such table. */
  start(): void {
    if ((this.options.platform ?? process.platform) !== 'linux') return;
    this.options.recorder.book = this.book;
    this.next(SAMPLING.shortest);
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
    if (quiet && performance.now() - this.last < SAMPLING.idle) return this.next(SAMPLING.shortest);
    try {
      await this.read();
    } catch {
      // No such table, or it may not be read: then nothing is known, and nothing is said. One that was read before may only lack a descriptor now.
      return this.costs.length === 0 ? this.stop() : this.next(SAMPLING.idle);
    }
    this.last = performance.now();
    const pause = this.cost / SAMPLING.share;
    this.next(Math.max(SAMPLING.shortest, this.rows < SAMPLING.smallRows ? Math.min(pause, SAMPLING.small) : pause));
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
      if (this.stopped || !this.book.kinds.has(table.kind)) continue;
      const took = await table.read(record, () => this.stopped);
      cost += took.cost;
      rows += took.rows;
    }
    this.rows = rows;
    this.costs = [...this.costs, cost].slice(-4);
    this.seen = room < SAMPLING.factsPerReading || recorder.count !== before ? -1 : before;
  }
}
