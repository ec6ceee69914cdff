// Decodes the header blocks of one direction of a connection (RFC 7541 3, 6): bytes in, fields out, each with the bytes that it came
// from and the way in which it was written. Holds the dynamic table; the table and the list that it gives are bounded.

import { byteAt } from '../../../base/bytes';
import { utf8Text } from '../../../base/bytesText';
import { HTTP2_LIMITS } from '../limits';
import { DynamicTable, entrySize, type TableEntry } from './dynamicTable';
import { isFault, readInteger, readString, type Fault, type StringAt } from './primitives';
import { STATIC_TABLE } from './staticTable';

/** 'indexed': all of it stands in a table. Literals: 'incremental' enters the dynamic table, 'without' does not, 'never' must not on any hop. */
export type Representation = 'indexed' | 'incremental' | 'without' | 'never';

export interface HeaderField extends TableEntry {
  readonly kind: 'field';
  readonly representation: Representation;
  /** Where the name, or name and value, stand in the tables (RFC 7541 2.3.3); 0 and null: the name is written out. */
  readonly index: number;
  readonly table: 'static' | 'dynamic' | null;
  /** Its bytes in the block. */
  readonly start: number;
  readonly length: number;
  /** Null: taken from a table. */
  readonly nameAt: StringAt | null;
  readonly valueAt: StringAt | null;
  /** It is in the dynamic table now; and how many older fields had to leave for it. */
  readonly entered: boolean;
  readonly evicted: number;
}

/** RFC 7541 6.3. */
export interface TableSizeUpdate {
  readonly kind: 'size';
  readonly maximum: number;
  readonly start: number;
  readonly length: number;
  readonly evicted: number;
}

export interface HeaderBlock {
  /** Everything in the block, in order. */
  readonly items: readonly (HeaderField | TableSizeUpdate)[];
  readonly fields: readonly HeaderField[];
  /** Of the whole list (RFC 9113 6.5.2), also of what was dropped. */
  readonly size: number;
  /** Fields beyond the bound of the list: decoded, not kept. */
  readonly dropped: number;
  /** The dynamic table after the block, newest (index 62) first, and its sizes. */
  readonly table: readonly TableEntry[];
  readonly tableSize: number;
  readonly tableMaximum: number;
  /** A COMPRESSION_ERROR, with its place in the block. */
  readonly fault: Fault | null;
}

export class HpackDecoder {
  readonly #table = new DynamicTable(HTTP2_LIMITS.table);
  /** What the decoding end said that it keeps (SETTINGS_HEADER_TABLE_SIZE). */
  #allowed: number = HTTP2_LIMITS.table;
  #broken: Fault | null = null;

  /** SETTINGS_HEADER_TABLE_SIZE of the end that decodes. What was allowed once stays so: a change counts only from its acknowledgement on. */
  allow(size: number): void {
    this.#allowed = Math.max(this.#allowed, size);
  }

  /** One whole header block. Never throws; after a fault every block has it, for the tables of both ends have parted. */
  decode(block: Uint8Array): HeaderBlock {
    const items: (HeaderField | TableSizeUpdate)[] = [];
    const fields: HeaderField[] = [];
    let size = 0;
    let dropped = 0;
    let begun = false;
    for (let at = 0; at < block.length && this.#broken === null;) {
      const item = this.#item(block, at, begun);
      if (isFault(item)) {
        this.#broken = item;
        break;
      }
      at += item.length;
      if (item.kind === 'size') {
        if (items.length < HTTP2_LIMITS.headerList / 32) items.push(item);
        continue;
      }
      begun = true;
      size += item.size;
      if (size > HTTP2_LIMITS.headerList) {
        dropped++;
        continue;
      }
      items.push(item);
      fields.push(item);
    }
    return { items, fields, size, dropped, table: this.#table.entries(), tableSize: this.#table.size, tableMaximum: this.#table.maximum, fault: this.#broken };
  }

  #item(block: Uint8Array, at: number, begun: boolean): HeaderField | TableSizeUpdate | Fault {
    const first = byteAt(block, at);
    if ((first & 0x80) !== 0) return this.#indexed(block, at);
    if ((first & 0xc0) === 0x40) return this.#literal(block, at, 6, 'incremental');
    if ((first & 0xe0) === 0x20) return this.#resize(block, at, begun);
    return this.#literal(block, at, 4, (first & 0x10) !== 0 ? 'never' : 'without');
  }

  #entry(index: number): TableEntry | null {
    return index <= STATIC_TABLE.length ? (STATIC_TABLE[index - 1] ?? null) : this.#table.at(index - STATIC_TABLE.length - 1);
  }

  /** RFC 7541 6.1. */
  #indexed(block: Uint8Array, at: number): HeaderField | Fault {
    const index = readInteger(block, at, 7);
    if (isFault(index)) return index;
    const entry = this.#entry(index.value);
    if (entry === null) return { at, why: `index ${index.value} is not in a table` };
    return { kind: 'field', ...entry, representation: 'indexed', index: index.value, table: tableOf(index.value), start: at, length: index.next - at, nameAt: null, valueAt: null, entered: false, evicted: 0 };
  }

  /** RFC 7541 6.2. */
  #literal(block: Uint8Array, at: number, bits: number, representation: Representation): HeaderField | Fault {
    const index = readInteger(block, at, bits);
    if (isFault(index)) return index;
    const known = index.value === 0 ? null : this.#entry(index.value);
    if (index.value !== 0 && known === null) return { at, why: `index ${index.value} is not in a table` };
    const name = known === null ? readString(block, index.next) : null;
    if (name !== null && isFault(name)) return name;
    const value = readString(block, name?.next ?? index.next);
    if (isFault(value)) return value;
    const nameBytes = name?.bytes ?? known?.nameBytes ?? new Uint8Array(0);
    const entry = { name: known?.name ?? utf8Text(nameBytes), value: utf8Text(value.bytes), nameBytes, valueBytes: value.bytes, size: entrySize(nameBytes, value.bytes) };
    const evicted = representation === 'incremental' ? this.#table.add(entry) : 0;
    return {
      kind: 'field', ...entry, representation, index: index.value, table: tableOf(index.value), start: at, length: value.next - at, nameAt: name?.where ?? null, valueAt: value.where,
      entered: representation === 'incremental' && entry.size <= this.#table.maximum, evicted,
    };
  }

  /** RFC 7541 4.2, 6.3: only at the beginning of a block, and not above what the decoder allowed. */
  #resize(block: Uint8Array, at: number, begun: boolean): TableSizeUpdate | Fault {
    if (begun) return { at, why: 'a table size update after a field' };
    const size = readInteger(block, at, 5);
    if (isFault(size)) return size;
    if (size.value > this.#allowed) return { at, why: `a table of ${size.value} where ${this.#allowed} is allowed` };
    if (size.value > HTTP2_LIMITS.largestTable) return { at, why: `a table of ${size.value}, at most ${HTTP2_LIMITS.largestTable} is kept` };
    return { kind: 'size', maximum: size.value, start: at, length: size.next - at, evicted: this.#table.resize(size.value) };
  }
}

const tableOf = (index: number): 'static' | 'dynamic' | null => (index === 0 ? null : index <= STATIC_TABLE.length ? 'static' : 'dynamic');
