// Encodes header blocks for one direction of a connection (RFC 7541): the inverse of decoder.ts. Enters every field into the dynamic
// table, but for those that are marked sensitive, as most encoders do.

import { concatBytes } from '../../../base/bytes';
import { utf8Bytes } from '../../../base/bytesText';
import { HTTP2_LIMITS } from '../limits';
import { DynamicTable, entrySize, type TableEntry } from './dynamicTable';
import { writeInteger, writeString, type HuffmanUse } from './primitives';
import { STATIC_TABLE } from './staticTable';

export interface HeaderToSend {
  readonly name: string;
  readonly value: string;
  /** Written as "never indexed" (RFC 7541 7.1.3). */
  readonly sensitive?: boolean;
}

export class HpackEncoder {
  readonly #table = new DynamicTable(HTTP2_LIMITS.table);
  readonly #huffman: HuffmanUse;
  #resized = false;

  constructor(huffman: HuffmanUse = 'shorter') {
    this.#huffman = huffman;
  }

  /** A new maximum of the table in bytes: the next block begins by saying so. */
  resize(maximum: number): void {
    this.#table.resize(Math.min(maximum, HTTP2_LIMITS.largestTable));
    this.#resized = true;
  }

  encode(headers: readonly HeaderToSend[]): Uint8Array<ArrayBuffer> {
    const parts = this.#resized ? [writeInteger(this.#table.maximum, 5, 0x20)] : [];
    this.#resized = false;
    for (const header of headers) parts.push(this.#field(header));
    return concatBytes(...parts);
  }

  #field({ name, value, sensitive = false }: HeaderToSend): Uint8Array<ArrayBuffer> {
    const whole = sensitive ? 0 : this.#find((entry) => entry.name === name && entry.value === value);
    if (whole !== 0) return writeInteger(whole, 7, 0x80);
    const index = this.#find((entry) => entry.name === name);
    const nameBytes = utf8Bytes(name);
    const valueBytes = utf8Bytes(value);
    if (!sensitive) this.#table.add({ name, value, nameBytes, valueBytes, size: entrySize(nameBytes, valueBytes) });
    const head = sensitive ? writeInteger(index, 4, 0x10) : writeInteger(index, 6, 0x40);
    return concatBytes(head, ...(index === 0 ? [writeString(nameBytes, this.#huffman)] : []), writeString(valueBytes, this.#huffman));
  }

  /** The index of the first entry of both tables that fits; 0: none. */
  #find(fits: (entry: TableEntry) => boolean): number {
    const known = STATIC_TABLE.findIndex(fits);
    if (known >= 0) return known + 1;
    const sent = this.#table.entries().findIndex(fits);
    return sent >= 0 ? STATIC_TABLE.length + 1 + sent : 0;
  }
}
