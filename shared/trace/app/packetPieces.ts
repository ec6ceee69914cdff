// The bytes of one direction of a connection as captured packets carried them, for a connection of which no call tells: which packet has the byte
// at an offset, and when. Part of ByteStream.

import { F64List, U32List, lowerBound, upperBound } from '../../base/lists';
import type { TraceStore } from '../store';

/** Where something happened: a fact and its time in microseconds. */
export interface Instant {
  readonly seq: number;
  readonly t: number;
}

export class PacketPieces {
  private readonly seqs = new U32List();
  /** Ascending, and without overlap. */
  private readonly offsets = new F64List();
  private readonly sizes = new U32List();
  /** Where the bytes begin in the packet. */
  private readonly starts = new U32List();

  constructor(private readonly trace: TraceStore) {}

  get count(): number {
    return this.seqs.length;
  }

  add(seq: number, offset: number, size: number, start: number): void {
    this.seqs.push(seq);
    this.offsets.push(offset);
    this.sizes.push(size);
    this.starts.push(start);
  }

  /** Kept bytes from `offset` on, as far as its packet has them; null where none has. */
  at(offset: number): Uint8Array | null {
    const index = this.indexOf(offset);
    if (index < 0) return null;
    const start = this.starts.at(index) + offset - this.offsets.at(index);
    const bytes = this.trace.payload(this.seqs.at(index)).subarray(start, this.starts.at(index) + this.sizes.at(index));
    return bytes.length === 0 ? null : bytes;
  }

  instant(offset: number): Instant | null {
    const index = this.indexOf(offset);
    return index < 0 ? null : this.when(index);
  }

  /** Offset up to which the bytes had come at time `t`. */
  until(t: number): number {
    const index = upperBound({ length: this.count, at: (one) => this.when(one).t }, t) - 1;
    return index < 0 ? 0 : this.offsets.at(index) + this.sizes.at(index);
  }

  /** First offset after `offset` where bytes are kept again. */
  nextKept(offset: number): number {
    for (let index = lowerBound(this.offsets, offset + 1); index < this.count; index++) if (this.at(this.offsets.at(index)) !== null) return this.offsets.at(index);
    return Number.POSITIVE_INFINITY;
  }

  /** Packets with bytes from `start` to `end`. */
  between(start: number, end: number): number[] {
    const found: number[] = [];
    for (let index = Math.max(0, upperBound(this.offsets, start) - 1); index < this.count && this.offsets.at(index) < end; index++) {
      if (this.offsets.at(index) + this.sizes.at(index) > start) found.push(this.seqs.at(index));
    }
    return found;
  }

  private when(index: number): Instant {
    const seq = this.seqs.at(index);
    return { seq, t: this.trace.t(seq) };
  }

  private indexOf(offset: number): number {
    const index = upperBound(this.offsets, offset) - 1;
    return index >= 0 && offset < this.offsets.at(index) + this.sizes.at(index) ? index : -1;
  }
}
