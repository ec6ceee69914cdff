// Pairs of Ethernet addresses, numbered in order of appearance: a packet's column holds two bytes in place of twelve. Beneath the tables of Ethernet's
// conversations and endpoints. Beyond LINK_LIMIT pairs, packets get number 0: not told apart.

import { macText } from '../../codec/address';
import { grown } from './growing';

/** What a column of 16 bits can name. */
const LINK_LIMIT = 65_535;

export interface Link {
  readonly source: string;
  readonly destination: string;
}

export class LinkTable {
  /** Destination and source as on the wire, in three words. Row 0 is nobody's. */
  #words = new Int32Array(3 * 256);
  #slots = new Uint16Array(512);
  #count = 0;

  /** Pairs so far; they are numbered from 1. */
  get count(): number {
    return this.#count;
  }

  /** Number of the pair whose twelve bytes begin at `at`; 0: there are too many. */
  add(view: DataView, at: number): number {
    const first = view.getInt32(at);
    const second = view.getInt32(at + 4);
    const third = view.getInt32(at + 8);
    const slot = this.#find(first, second, third);
    const number = this.#slots[slot] ?? 0;
    return number === 0 ? this.#begin(first, second, third, slot) : number;
  }

  #begin(first: number, second: number, third: number, slot: number): number {
    if (this.#count === LINK_LIMIT) return 0;
    let free = slot;
    if (this.#count * 2 >= this.#slots.length) {
      this.#widen();
      free = this.#find(first, second, third);
    }
    const number = ++this.#count;
    if (number * 3 + 3 > this.#words.length) this.#words = grown(this.#words, this.#words.length * 2);
    this.#words.set([first, second, third], number * 3);
    this.#slots[free] = number;
    return number;
  }

  /** The addresses of a pair; null for 0 and for numbers that are not there. */
  link(number: number): Link | null {
    if (number < 1 || number > this.#count) return null;
    const bytes = new Uint8Array(12);
    const view = new DataView(bytes.buffer);
    for (let word = 0; word < 3; word++) view.setInt32(word * 4, this.#words[number * 3 + word] ?? 0);
    return { destination: macText(bytes), source: macText(bytes.subarray(6)) };
  }

  #is(number: number, first: number, second: number, third: number): boolean {
    const words = this.#words;
    const at = number * 3;
    return words[at] === first && words[at + 1] === second && words[at + 2] === third;
  }

  #find(first: number, second: number, third: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash(first, second, third) & mask; ; slot = (slot + 1) & mask) {
      const number = slots[slot] ?? 0;
      if (number === 0 || this.#is(number, first, second, third)) return slot;
    }
  }

  #widen(): void {
    this.#slots = new Uint16Array(this.#slots.length * 2);
    for (let number = 1; number <= this.#count; number++) {
      const at = number * 3;
      this.#slots[this.#find(this.#words[at] ?? 0, this.#words[at + 1] ?? 0, this.#words[at + 2] ?? 0)] = number;
    }
  }
}

function hash(first: number, second: number, third: number): number {
  let value = Math.imul(first ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(third, 0xc2b2ae35), 0x27d4eb2f);
  value ^= value >>> 15;
  return Math.imul(value, 0x2c1b3c6d) >>> 8;
}
