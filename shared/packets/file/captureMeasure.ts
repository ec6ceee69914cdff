// What can be counted of a capture's packets without looking into them: how many, how large, when. A sink of its own for commands that only
// describe a file.

import type { CaptureInterface, CaptureSink } from '../captureFacts';

export type Moment = readonly [seconds: number, nanos: number];

export class CaptureMeasure implements CaptureSink {
  packets = 0;
  /** Bytes on the wire, and those that are in the file. */
  wire = 0;
  kept = 0;
  /** Packets of which not all is in the file. */
  cut = 0;
  /** Of the earliest and the latest packet that has a time; null: none has. */
  first: Moment | null = null;
  get last(): Moment | null {
    return this.#last < 0 ? null : [this.#lastSeconds, this.#last];
  }

  /** Each packet that has a time is as late as the one before it, or later. */
  ordered = true;
  /** A time is finer than a microsecond. */
  nanoseconds = false;
  /** Packets by interface. */
  readonly byInterface: number[] = [];
  /** Times of the packet before and of the latest one, as numbers: no object for each packet. */
  #seconds = -Infinity;
  #nanos = 0;
  #lastSeconds = 0;
  #last = -1;

  interface(_one: CaptureInterface): void {
    this.byInterface.push(0);
  }

  packet(iface: number, seconds: number, nanos: number, _bytes: Uint8Array, _start: number, captured: number, wire: number): void {
    this.packets++;
    this.wire += wire;
    this.kept += captured;
    if (captured < wire) this.cut++;
    this.byInterface[iface] = (this.byInterface[iface] ?? 0) + 1;
    // Simple packets have no time, which is told as 0.
    if (seconds === 0 && nanos === 0) return;
    if (nanos % 1000 !== 0) this.nanoseconds = true;
    if (seconds < this.#seconds || (seconds === this.#seconds && nanos < this.#nanos)) this.ordered = false;
    this.#seconds = seconds;
    this.#nanos = nanos;
    if (this.first === null || seconds < this.first[0] || (seconds === this.first[0] && nanos < this.first[1])) this.first = [seconds, nanos];
    if (this.#last < 0 || seconds > this.#lastSeconds || (seconds === this.#lastSeconds && nanos > this.#last)) {
      this.#lastSeconds = seconds;
      this.#last = nanos;
    }
  }
}

/** Nanoseconds between two moments, exactly. */
export const between = (from: Moment, to: Moment): bigint => BigInt(Math.trunc(to[0] - from[0])) * 1_000_000_000n + BigInt(to[1] - from[1]);

/** Seconds since 1970 with all nine places: '1700000000.000012345'. */
export const epochText = ([seconds, nanos]: Moment): string => `${seconds}.${String(nanos).padStart(9, '0')}`;

/** As ISO 8601 in UTC with all nine places; seconds since 1970 where a calendar does not go. */
export function momentText(moment: Moment): string {
  const date = new Date(moment[0] * 1000);
  return Number.isNaN(date.getTime()) ? `${epochText(moment)} s since 1970` : `${date.toISOString().replace(/\.\d+Z$/, '')}.${String(moment[1]).padStart(9, '0')}Z`;
}
