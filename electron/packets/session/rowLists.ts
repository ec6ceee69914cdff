// Which packet stands in which row of a view: all of them, those that a filter found, or those in another order. Numbers only, four bytes a row at
// most.

export interface RowList {
  readonly count: number;
  /** Packet of a row, 0 up to count. */
  at(row: number): number;
  /** Row of a packet; -1: it is not here. */
  rowOf(packet: number): number;
}

/** Every packet in its own row; grows with the file. */
export const allRows = (count: () => number): RowList => ({
  get count() {
    return count();
  },
  at: (row) => row,
  rowOf: (packet) => (packet < count() ? packet : -1),
});

/** Packets in rising order, as they are found. */
export class FoundRows implements RowList {
  #packets = new Uint32Array(1_024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(packet: number): void {
    if (this.#count === this.#packets.length) {
      const wider = new Uint32Array(this.#count * 2);
      wider.set(this.#packets);
      this.#packets = wider;
    }
    this.#packets[this.#count++] = packet;
  }

  clear(): void {
    this.#count = 0;
  }

  at(row: number): number {
    return this.#packets[row] ?? 0;
  }

  rowOf(packet: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#packets[middle] ?? 0) < packet) low = middle + 1;
      else high = middle;
    }
    return low < this.#count && this.#packets[low] === packet ? low : -1;
  }
}

/** Packets in any order, all of them known. */
export const orderedRows = (packets: Uint32Array): RowList => ({ count: packets.length, at: (row) => packets[row] ?? 0, rowOf: (packet) => packets.indexOf(packet) });
