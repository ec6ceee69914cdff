// A piece of a capture file that moves on with who goes through its packets: read at once, searched at once, never copied packet by packet. Beneath
// filters and Find; what a dissection keeps comes from PacketFile.bytesAt.

import { CHUNK, type PacketTable } from '../../shared/packets/packetTable';
import type { PacketWindow } from '../../shared/packets/matching/packetWindow';
import type { PacketFile } from './packetFile';

/** Read at once while packets follow each other closely, and while they do not. */
const LARGE = 1024 * 1024;
const SMALL = 32 * 1024;
const CHUNK_BITS = Math.log2(CHUNK);

export class FileWindow implements PacketWindow {
  bytes = Buffer.alloc(0);
  /** Where in the file it begins, and its bytes. */
  #at = 0;
  #filled = 0;
  /** Changes with what is in the buffer. */
  #turn = 0;
  #size = SMALL;

  constructor(private readonly file: () => PacketFile, private readonly table: PacketTable) {}

  place(packet: number): number {
    const chunk = this.table.chunks[packet >> CHUNK_BITS];
    if (chunk === undefined) throw new RangeError(`packet ${packet} of ${this.table.count}`);
    const row = packet & (CHUNK - 1);
    const offset = chunk.offset[row] ?? 0;
    const length = chunk.captured[row] ?? 0;
    if (offset < this.#at || offset + length > this.#at + this.#filled) this.#move(offset, length);
    return offset - this.#at;
  }

  finder(wanted: Uint8Array): (start: number, end: number) => boolean {
    // The first place at or behind `since`, as long as the buffer is that of `turn`.
    let turn = -1;
    let since = 0;
    let place = 0;
    return (start, end) => {
      if (turn !== this.#turn || start < since || start > place) {
        const found = this.bytes.subarray(0, this.#filled).indexOf(wanted, start);
        [turn, since, place] = [this.#turn, start, found < 0 ? Infinity : found];
      }
      return place + wanted.length <= end;
    };
  }

  #move(offset: number, length: number): void {
    const ahead = offset - this.#at - this.#filled;
    this.#size = ahead >= 0 && ahead <= this.#size ? Math.min(this.#size * 4, LARGE) : SMALL;
    const size = Math.max(this.#size, length);
    if (this.bytes.length < size) this.bytes = Buffer.alloc(Math.max(size, LARGE));
    this.#filled = 0;
    this.#turn++;
    this.#filled = this.file().readInto(offset, this.bytes.subarray(0, size), length);
    this.#at = offset;
  }
}
