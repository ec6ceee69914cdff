// The dynamic table of HPACK (RFC 7541 2.3.2, 4): fields that were sent before, newest first, oldest evicted. One for each direction of
// a connection. Bounded by its own maximum; knows nothing of bits and blocks.

/** A field of a table: as octets, and as text for people. */
export interface TableEntry {
  readonly name: string;
  readonly value: string;
  readonly nameBytes: Uint8Array;
  readonly valueBytes: Uint8Array;
  /** Name, value and 32 (RFC 7541 4.1). */
  readonly size: number;
}

export const entrySize = (name: Uint8Array, value: Uint8Array): number => name.length + value.length + 32;

export class DynamicTable {
  /** Oldest first; what was evicted lies before `first` until there is enough of it to be cut away. */
  #entries: TableEntry[] = [];
  #first = 0;
  #size = 0;
  #maximum: number;
  #shown: readonly TableEntry[] | null = [];

  /** `maximum` in bytes as RFC 7541 4.1 counts them. */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  get size(): number {
    return this.#size;
  }

  get maximum(): number {
    return this.#maximum;
  }

  get length(): number {
    return this.#entries.length - this.#first;
  }

  /** The entry at 0 (newest) and up; null beyond the oldest. */
  at(index: number): TableEntry | null {
    return index < 0 || index >= this.length ? null : (this.#entries[this.#entries.length - 1 - index] ?? null);
  }

  /** Enters a field, newest; gives the number of entries that had to leave. One that is larger than the table empties it (RFC 7541 4.4). */
  add(entry: TableEntry): number {
    const evicted = this.#shrink(this.#maximum - entry.size);
    this.#shown = null;
    if (entry.size > this.#maximum) return evicted;
    this.#entries.push(entry);
    this.#size += entry.size;
    return evicted;
  }

  /** A dynamic table size update (RFC 7541 4.3); gives the number of entries that had to leave. */
  resize(maximum: number): number {
    this.#maximum = maximum;
    return this.#shrink(maximum);
  }

  /** All entries, newest first: as they are now, and the same array until something changes. */
  entries(): readonly TableEntry[] {
    this.#shown ??= this.#entries.slice(this.#first).reverse();
    return this.#shown;
  }

  #shrink(room: number): number {
    let evicted = 0;
    while (this.#size > room && this.length > 0) {
      this.#size -= this.#entries[this.#first]?.size ?? 0;
      this.#first++;
      evicted++;
    }
    if (evicted > 0) this.#shown = null;
    if (this.#first > 64 && this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    return evicted;
  }
}
