// One direction of a UDP relay: what happens to each datagram, drawn from a seeded sequence in the order of arrival, and its way through
// the delay. Each datagram takes the same number of draws, whatever the faults are: changing one does not change what another hits.

import type { Random } from '../../../shared/base/random';
import type { UdpFaults } from '../../../shared/lab/faults';
import type { DatagramSocket } from '../../roles/host';
import { RELAY_LIMITS } from './limits';
import type { Direction, ReportFault } from './report';
import { now, Schedule } from './timing';

export interface UdpLineOptions {
  readonly direction: Direction;
  readonly faults: () => UdpFaults;
  readonly random: Random;
  readonly report: ReportFault;
  /** Bytes that the relay holds, both directions. */
  readonly room: { held: number };
  readonly signal: AbortSignal;
}

/** What the draws say of one datagram. */
interface Fate {
  readonly lost: boolean;
  readonly doubled: boolean;
  readonly overtaken: boolean;
  readonly corrupted: boolean;
  /** Which bit, if it is corrupted: a number from 0 to less than 1, of all its bits. */
  readonly bit: number;
  /** More delay of the datagram and of its double, ms. */
  readonly jitter: readonly [number, number];
}

export class UdpLine {
  /** Held back until another one of this direction has gone. */
  private readonly overtaken = new Set<() => void>();

  private readonly schedule: Schedule;

  constructor(private readonly options: UdpLineOptions) {
    this.schedule = new Schedule(options.signal);
  }

  /** A datagram came in by `socket`; `send` is called for what becomes of it: not at all, once or twice, now or later. */
  enter(socket: DatagramSocket, bytes: Uint8Array, send: (bytes: Uint8Array) => void): void {
    const { report, direction, faults, room } = this.options;
    const { delay } = faults();
    const fate = this.draw();
    const copies = fate.doubled ? 2 : 1;
    if (fate.lost || room.held + copies * bytes.length > RELAY_LIMITS.heldDatagrams) return report(socket, 'loss', 0, direction, bytes.length);
    const passed = fate.corrupted && bytes.length > 0 ? flipped(bytes, fate.bit) : bytes;
    if (passed !== bytes) report(socket, 'corrupt', 0, direction, bytes.length);
    if (fate.doubled) report(socket, 'duplicate', 0, direction, bytes.length);
    for (const more of fate.jitter.slice(0, copies)) {
      const held = delay + more;
      if (held > 0) report(socket, 'delay', held, direction, bytes.length);
      this.hold(socket, passed, held, fate.overtaken, send);
    }
  }

  private draw(): Fate {
    const { random, faults } = this.options;
    const { loss, duplicate, reorder, corrupt, jitter } = faults();
    const happens = (percent: number): boolean => random.next() * 100 < percent;
    return {
      lost: happens(loss),
      doubled: happens(duplicate),
      overtaken: happens(reorder),
      corrupted: happens(corrupt),
      bit: random.next(),
      jitter: [random.next() * jitter, random.next() * jitter],
    };
  }

  private hold(socket: DatagramSocket, bytes: Uint8Array, held: number, overtaken: boolean, send: (bytes: Uint8Array) => void): void {
    if (held <= 0 && !overtaken) return this.release(bytes, send);
    this.options.room.held += bytes.length;
    const go = (): void => {
      this.options.room.held -= bytes.length;
      this.release(bytes, send);
    };
    this.schedule.at(now() + held, overtaken ? () => this.fallBack(socket, bytes.length, go) : go);
  }

  /** It goes, and right behind it go those who waited to be overtaken. */
  private release(bytes: Uint8Array, send: (bytes: Uint8Array) => void): void {
    send(bytes);
    const waiting = [...this.overtaken];
    this.overtaken.clear();
    for (const go of waiting) go();
  }

  private fallBack(socket: DatagramSocket, size: number, go: () => void): void {
    const { report, direction } = this.options;
    const came = now();
    const passed = (): void => {
      this.overtaken.delete(passed);
      report(socket, 'reorder', now() - came, direction, size);
      go();
    };
    this.overtaken.add(passed);
    this.schedule.at(came + RELAY_LIMITS.overtaking, () => {
      if (this.overtaken.has(passed)) passed();
    });
  }
}

/** The datagram with one bit turned over. */
function flipped(bytes: Uint8Array, where: number): Uint8Array {
  const copy = bytes.slice();
  const bit = Math.floor(where * bytes.length * 8);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
