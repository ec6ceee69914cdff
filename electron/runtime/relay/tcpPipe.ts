// One direction of a connection that passes a TCP relay: recv() -> the narrow link -> the delay line -> send(). Order is kept, the end of
// the stream and a reset travel as the bytes do, and what is held is bounded: when the line is full nothing more is read.

import type { Random } from '../../../shared/base/random';
import type { TcpFaults } from '../../../shared/lab/faults';
import type { StreamSocket } from '../../roles/host';
import { RELAY_LIMITS } from './limits';
import type { Link } from './link';
import type { Direction, ReportFault } from './report';
import { now, until, type Gate } from './timing';

export interface PipeOptions {
  readonly direction: Direction;
  readonly from: StreamSocket;
  readonly to: StreamSocket;
  readonly faults: () => TcpFaults;
  readonly link: Link;
  /** Shut while the relay is stalled. */
  readonly gate: Gate;
  readonly random: Random;
  readonly report: ReportFault;
  /** Aborts when the connection is over. */
  readonly signal: AbortSignal;
  /** This direction met its end by RST, either side's. */
  readonly onReset: () => void;
  /** How many of `size` bytes may go before the connection is cut; called before they go. */
  readonly allowed: (size: number) => number;
  /** `allowed` gave less than asked, and those bytes have gone. */
  readonly onCut: () => void;
}

/** What travels on the delay line. */
interface Item {
  readonly what: 'bytes' | 'end' | 'reset';
  readonly bytes: Uint8Array;
  readonly due: number;
}

const NO_BYTES = new Uint8Array(0);
const HELD = RELAY_LIMITS.heldPerConnection / 2;

export class Pipe {
  /** Bytes on the line. */
  held = 0;
  /** True once the connection was cut: what still comes is read and dropped, so that the ends can close in order. */
  dropping = false;
  private readonly line: Item[] = [];
  private lastDue = 0;
  private wakeTaker: () => void = nothing;
  private wakeGiver: () => void = nothing;

  constructor(private readonly options: PipeOptions) {
    options.signal.addEventListener('abort', () => {
      this.wakeTaker();
      this.wakeGiver();
    });
  }

  /** Resolves when this direction is over; never rejects. Its sockets are closed by the connection. */
  async run(): Promise<void> {
    await Promise.all([this.take().catch(nothing), this.give().catch(nothing)]);
  }

  /** From now on nothing is passed on. Returns how many bytes were on the line. */
  drop(): number {
    const { held } = this;
    this.dropping = true;
    this.line.length = 0;
    this.held = 0;
    this.wakeTaker();
    this.wakeGiver();
    return held;
  }

  private async take(): Promise<void> {
    const { from, signal } = this.options;
    for (;;) {
      while (this.held >= HELD && !signal.aborted) await new Promise<void>((resolve) => (this.wakeTaker = resolve));
      signal.throwIfAborted();
      let bytes: Uint8Array;
      try {
        bytes = await from.recv(Math.min(RELAY_LIMITS.readSize, Math.max(1, HELD - this.held)));
      } catch {
        return this.push({ what: 'reset', bytes: NO_BYTES, due: this.due(0) });
      }
      if (bytes.length === 0) return this.push({ what: 'end', bytes, due: this.due(0) });
      if (!this.dropping) await this.enter(bytes);
    }
  }

  /** Over the link, slice by slice, onto the line. */
  private async enter(bytes: Uint8Array): Promise<void> {
    const { link, faults, random, report, from, direction } = this.options;
    const { delay, jitter, bandwidth } = faults();
    const came = now();
    // Drawn for each recv(), whether it is used or not: the same reads give the same draws.
    const more = random.next() * jitter;
    if (delay + more > 0) report(from, 'delay', delay + more, direction, bytes.length);
    for (let at = 0; at < bytes.length; ) {
      const slice = bytes.subarray(at, at + link.slice(bytes.length - at));
      await link.pass(slice.length);
      if (this.dropping) return;
      at += slice.length;
      this.push({ what: 'bytes', bytes: slice, due: this.due(more) });
    }
    if (bandwidth > 0) report(from, 'bandwidth', now() - came, direction, bytes.length);
  }

  /** When what enters the line now leaves it; never before what entered earlier. */
  private due(jitter: number): number {
    this.lastDue = Math.max(this.lastDue, now() + this.options.faults().delay + jitter);
    return this.lastDue;
  }

  private push(item: Item): void {
    this.held += item.bytes.length;
    this.line.push(item);
    this.wakeGiver();
  }

  private async give(): Promise<void> {
    const { to, signal, onReset } = this.options;
    for (;;) {
      const item = this.line[0];
      if (item === undefined) {
        signal.throwIfAborted();
        if (this.dropping) return;
        await new Promise<void>((resolve) => (this.wakeGiver = resolve));
        continue;
      }
      await until(item.due, signal);
      await this.passGate();
      // It may have been dropped while it waited.
      if (this.line[0] !== item) continue;
      if (item.what === 'reset') return onReset();
      if (item.what === 'end') return await to.shutdown().catch(nothing);
      if (!(await this.send(item.bytes))) return;
      if (this.dropping) return;
      this.line.shift();
      this.held -= item.bytes.length;
      this.wakeTaker();
    }
  }

  private async passGate(): Promise<void> {
    const { gate, signal, report, from, direction } = this.options;
    if (gate.open) return;
    const came = now();
    await gate.pass(signal);
    const late = this.line.reduce((sum, item) => sum + (item.due <= now() ? item.bytes.length : 0), 0);
    report(from, 'stall', now() - came, direction, late);
  }

  /** False when the direction is over. */
  private async send(bytes: Uint8Array): Promise<boolean> {
    const { to, signal, faults, onReset, onCut, allowed } = this.options;
    const count = allowed(bytes.length);
    try {
      if (count > 0) await to.sendAll(bytes.subarray(0, count));
    } catch {
      // The receiver is gone: its RST needs the way back to the sender.
      await until(now() + faults().delay, signal);
      onReset();
      return false;
    }
    if (count === bytes.length) return true;
    onCut();
    return false;
  }
}

function nothing(): void {
  // On purpose.
}
