// Bytes of a file at random places: pages that were read last are kept, since packets that are asked for stand beside each other. Synchronous:
// a dissector asks for one packet after the other.

import { readSync } from 'node:fs';

const PAGE = 128 * 1024;
/** Pages that are kept: 8 MiB. */
const PAGES = 64;

export class PageCache {
  /** By number; the order of the map is the order of use. */
  readonly #pages = new Map<number, Uint8Array>();

  constructor(private readonly descriptor: number) {}

  /** A copy of the bytes; fewer where the file ends. Throws what reading throws. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const first = Math.floor(offset / PAGE);
    const last = Math.floor((offset + Math.max(length, 1) - 1) / PAGE);
    if (last - first >= PAGES / 2) return this.#direct(offset, length);
    const bytes = new Uint8Array(length);
    let filled = 0;
    for (let number = first; number <= last; number++) {
      const page = this.#page(number);
      const part = page.subarray(offset + filled - number * PAGE, offset + length - number * PAGE);
      bytes.set(part, filled);
      filled += part.length;
      if (page.length < PAGE) break;
    }
    return filled === length ? bytes : bytes.slice(0, filled);
  }

  #page(number: number): Uint8Array {
    const known = this.#pages.get(number);
    this.#pages.delete(number);
    // The last page of a file that grows is not whole yet.
    const page = known?.length === PAGE ? known : this.#filled(number, this.#room());
    this.#pages.set(number, page);
    return page;
  }

  #filled(number: number, room: Uint8Array): Uint8Array {
    const filled = this.fill(number * PAGE, room);
    return filled === PAGE ? room : room.slice(0, filled);
  }

  /** For one more page: the memory of the one that was asked for longest ago, once there are enough. Nobody else has it. */
  #room(): Uint8Array {
    if (this.#pages.size >= PAGES) for (const [oldest, page] of this.#pages) {
      this.#pages.delete(oldest);
      if (page.length === PAGE) return page;
      break;
    }
    return new Uint8Array(PAGE);
  }

  #direct(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    const filled = this.fill(offset, bytes);
    return filled === length ? bytes : bytes.slice(0, filled);
  }

  /** Past the pages, which stay what they are: for who goes through the file. Gives how many bytes there were. */
  fill(offset: number, bytes: Uint8Array): number {
    let filled = 0;
    while (filled < bytes.length) {
      const got = readSync(this.descriptor, bytes, filled, bytes.length - filled, offset + filled);
      if (got === 0) break;
      filled += got;
    }
    return filled;
  }
}
