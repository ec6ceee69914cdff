// The segments that wait for an ACK, as lists in a pool of numbers: newest first, one list a direction. Beneath tcpAnalyser.ts.

import { grown } from '../flows/growing';
import { after, before } from './sequence';
import type { TcpDirections } from './tcpState';

/** Unacknowledged segments that are remembered of one direction, as in Wireshark: more come only where ACKs were not captured. */
const MAX_UNACKED = 10_000;

/** A quarter of all sequence numbers. */
const FAR = 2 ** 30;

/** Segments that wait for an ACK. Entry 0 ends a list. */
export class WaitingSegments {
  begin = new Uint32Array(64);
  end = new Uint32Array(64);
  frame = new Uint32Array(64);
  time = new Float64Array(64);
  link = new Uint32Array(64);
  #used = 1;
  #free = 0;

  /** Puts a segment at the front of a direction's list; not when it is full. */
  add(directions: TcpDirections, at: number, begin: number, end: number, frame: number, time: number): void {
    const waiting = directions.waiting[at] ?? 0;
    if (waiting >= MAX_UNACKED) return;
    const entry = this.#take();
    this.begin[entry] = begin;
    this.end[entry] = end;
    this.frame[entry] = frame;
    this.time[entry] = time;
    this.link[entry] = directions.head[at] ?? 0;
    directions.head[at] = entry;
    directions.waiting[at] = waiting + 1;
    if (waiting === 0) {
      directions.lowest[at] = begin;
      directions.highest[at] = end;
      directions.apart[at] = 0;
      return;
    }
    const lowest = directions.lowest[at] ?? 0;
    if (Math.abs((begin - lowest) | 0) >= FAR) directions.apart[at] = 1;
    if (before(begin, lowest)) directions.lowest[at] = begin;
    if (after(end, directions.highest[at] ?? 0)) directions.highest[at] = end;
  }

  /** Takes off what an ACK acknowledges in a direction; the entry (still readable) of the segment that ends right there, 0: none does. */
  acknowledge(directions: TcpDirections, at: number, ack: number): number {
    if (directions.head[at] === 0) return 0;
    // Nothing of it: told without a look at all. Not where numbers lie so far apart that "before" goes round.
    const ahead = (ack - (directions.lowest[at] ?? 0)) | 0;
    if (directions.apart[at] === 0 && ahead <= 0 && ahead > -FAR) return 0;
    let exact = 0;
    let previous = 0;
    let lowest = -1;
    for (let entry = directions.head[at] ?? 0; entry !== 0;) {
      const begin = this.begin[entry] ?? 0;
      const end = this.end[entry] ?? 0;
      const follow = this.link[entry] ?? 0;
      if (after(end, ack)) {
        // Not yet, or only its first part.
        const rest = after(ack, begin) ? ack : begin;
        this.begin[entry] = rest;
        if (lowest < 0 || before(rest, lowest)) lowest = rest;
        previous = entry;
      } else {
        if (ack === end) exact = entry;
        if (previous === 0) directions.head[at] = follow;
        else this.link[previous] = follow;
        this.link[entry] = this.#free;
        this.#free = entry;
        directions.waiting[at] = (directions.waiting[at] ?? 1) - 1;
      }
      entry = follow;
    }
    if (lowest >= 0) directions.lowest[at] = lowest;
    return exact;
  }

  /** Bytes from the first that waits to the last in a direction; numbers count from its base. */
  span({ head, base: bases, lowest, highest, apart }: TcpDirections, at: number): number {
    const base = bases[at] ?? 0;
    const [first, last] = [((lowest[at] ?? 0) - base) >>> 0, ((highest[at] ?? 0) - base) >>> 0];
    // Told without a look, as long as none of them goes round.
    if (apart[at] === 0 && first <= last) return last - first;
    let least = 0xffff_ffff;
    let most = 0;
    for (let entry = head[at] ?? 0; entry !== 0; entry = this.link[entry] ?? 0) {
      least = Math.min(least, ((this.begin[entry] ?? 0) - base) >>> 0);
      most = Math.max(most, ((this.end[entry] ?? 0) - base) >>> 0);
    }
    return (most - least) >>> 0;
  }

  #take(): number {
    if (this.#free !== 0) {
      const entry = this.#free;
      this.#free = this.link[entry] ?? 0;
      return entry;
    }
    if (this.#used === this.link.length) {
      const room = this.#used * 2;
      this.begin = grown(this.begin, room);
      this.end = grown(this.end, room);
      this.frame = grown(this.frame, room);
      this.time = grown(this.time, room);
      this.link = grown(this.link, room);
    }
    return this.#used++;
  }
}
