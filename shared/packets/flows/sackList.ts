// How many bytes each packet with a SACK option reports as received out of order (RFC 2018): few packets have one, so they stand in a list of their own.
// Bytes in flight are counted without them.

import { u32, u8 } from '../index/numbers';
import { grown } from './growing';

const SACK = 5;
const BLOCK = 8;
/** NOP, NOP, timestamps of ten bytes: what nearly every segment has, and all that it has. */
const TIMESTAMPS = 0x0101080a;

export class SackList {
  /** Rising. */
  #packets = new Uint32Array(64);
  #sizes = new Uint32Array(64);
  #count = 0;

  /** Looks at the options of a packet, whose number is greater than those before. `view` is of all of `bytes`. */
  add(packet: number, bytes: Uint8Array, view: DataView, start: number, end: number): void {
    if (end - start < 2 + BLOCK || (end - start === 12 && view.getUint32(start) === TIMESTAMPS)) return;
    const size = sackedBytes(bytes, start, end);
    if (size === 0) return;
    if (this.#count === this.#packets.length) {
      this.#packets = grown(this.#packets, this.#count * 2);
      this.#sizes = grown(this.#sizes, this.#count * 2);
    }
    this.#packets[this.#count] = packet;
    this.#sizes[this.#count++] = size;
  }

  /** Bytes that the packet's SACK blocks span; 0: it has none. */
  of(packet: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#packets[middle] ?? 0) < packet) low = middle + 1;
      else high = middle;
    }
    return this.#packets[low] === packet && low < this.#count ? this.#sizes[low] ?? 0 : 0;
  }
}

function sackedBytes(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at + 1 < end;) {
    const kind = u8(bytes, at);
    if (kind === 0) return 0;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = u8(bytes, at + 1);
    if (length < 2 || at + length > end) return 0;
    if (kind === SACK) {
      let size = 0;
      for (let block = at + 2; block + BLOCK <= at + length; block += BLOCK) size += (u32(bytes, block + 4) - u32(bytes, block)) >>> 0;
      return size >>> 0;
    }
    at += length;
  }
  return 0;
}
