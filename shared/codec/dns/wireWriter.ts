// Writes one DNS message (RFC 1035 4.1) into a buffer that all messages share; the result is copied out. Compresses names: a name, or
// its end, that was written before in the same spelling becomes a pointer. Can take back what was written last (truncation).

import { labelBytes, labelsOf, NAME_LIMIT, ROOT } from './name';

/** RFC 1035 4.2.2: the length before a message has 16 bits. */
export const MESSAGE_LIMIT = 65_535;
/** Pointers have 14 bits (RFC 1035 4.1.4). */
const POINTER_LIMIT = 0x4000;

/** The message does not fit. Every other RangeError is about a value that has no bytes. */
export class FullError extends RangeError {}

const shared = new Uint8Array(MESSAGE_LIMIT + 1);

export class WireWriter {
  at = 0;
  private readonly buffer = shared;
  private readonly written = new Map<string, number>();
  /** Suffixes in the order in which they were written, to be taken back. */
  private readonly order: string[] = [];

  /** `limit`: bytes that fit; writing more throws RangeError. */
  constructor(public limit: number = MESSAGE_LIMIT) {}

  private room(count: number): void {
    if (this.at + count > this.limit) throw new FullError(`a DNS message over ${this.limit} bytes`);
  }

  uint8(value: number): void {
    check(value, 0xff);
    this.room(1);
    this.buffer[this.at++] = value;
  }

  uint16(value: number): void {
    check(value, 0xffff);
    this.room(2);
    this.buffer[this.at++] = value >>> 8;
    this.buffer[this.at++] = value & 0xff;
  }

  uint32(value: number): void {
    check(value, 0xffff_ffff);
    this.uint16(Math.floor(value / 0x10000));
    this.uint16(value % 0x10000);
  }

  /** Writes over two bytes that were written before. */
  patch16(at: number, value: number): void {
    check(value, 0xffff);
    this.buffer[at] = value >>> 8;
    this.buffer[at + 1] = value & 0xff;
  }

  bytes(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** One character string (RFC 1035 3.3). */
  string(bytes: Uint8Array): void {
    this.uint8(bytes.length);
    this.bytes(bytes);
  }

  /** A name; `compress` false where pointers are not allowed (RFC 3597 4, RFC 6672 2.5, RFC 9460 2.2). */
  name(name: string, compress = true): void {
    if (name.length >= NAME_LIMIT && wireLength(name) > NAME_LIMIT) throw new RangeError(`a name over ${NAME_LIMIT} bytes: ${name.slice(0, 40)}`);
    let from = 0;
    while (from < name.length && name !== ROOT) {
      const suffix = from === 0 ? name : name.slice(from);
      const known = compress ? this.written.get(suffix) : undefined;
      if (known !== undefined) {
        this.uint16(0xc000 | known);
        return;
      }
      if (this.at < POINTER_LIMIT && !this.written.has(suffix)) {
        this.written.set(suffix, this.at);
        this.order.push(suffix);
      }
      from = this.label(name, from);
    }
    this.uint8(0);
  }

  /** Writes the label at `from`; where the next begins. */
  private label(name: string, from: number): number {
    const head = this.at;
    let at = from;
    this.uint8(0);
    for (; at < name.length; at++) {
      const code = name.charCodeAt(at);
      if (code === 0x2e) break;
      if (code === 0x5c || code > 0x7f || at - from >= 63) {
        this.at = head;
        return this.escapedLabel(name, from);
      }
      this.uint8(code);
    }
    const length = this.at - head - 1;
    if (length === 0) throw new RangeError(`not a name: ${name.slice(0, 40)}`);
    this.buffer[head] = length;
    return at + 1;
  }

  private escapedLabel(name: string, from: number): number {
    let at = from;
    while (at < name.length && name[at] !== '.') at += name[at] === '\\' ? (/\d/.test(name[at + 1] ?? '') ? 4 : 2) : 1;
    const bytes = labelBytes(name.slice(from, at));
    if (bytes === null) throw new RangeError(`not a name: ${name.slice(0, 40)}`);
    this.string(bytes);
    return at + 1;
  }

  /** What is written so far, as a place to come back to. */
  mark(): { readonly at: number; readonly names: number } {
    return { at: this.at, names: this.order.length };
  }

  /** Takes back what was written after the mark. */
  rewind(mark: { readonly at: number; readonly names: number }): void {
    this.at = mark.at;
    for (const suffix of this.order.splice(mark.names)) this.written.delete(suffix);
  }

  /** A copy of the message. */
  result(): Uint8Array<ArrayBuffer> {
    return this.buffer.slice(0, this.at);
  }
}

/** Bytes of the name without pointers; escapes make its text longer than that. */
const wireLength = (name: string): number => labelsOf(name).reduce((sum, label) => sum + 1 + (labelBytes(label)?.length ?? NAME_LIMIT), 1);

function check(value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new RangeError(`${value} does not fit into ${most}`);
}
