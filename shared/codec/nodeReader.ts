// Reads a header's fields one after the other into nodes of its tree, for formats whose places depend on what came before (options, lists,
// messages by type). Where the bytes end it stops and leaves the rest alone: never throws. Fixed headers have tables instead (layout.ts).

import { concatBytes, readUint } from '../base/bytes';
import { ipv4Text, ipv6Text, macText } from './address';
import { group, type FieldNode, type FieldValue } from './field';
import { bytesNode } from './layout';
import { previewText } from './text';

/** Bits of a number: name, mask, how a number of several bits is said. One bit is a yes or no. */
export type BitPart = readonly [name: string, mask: number, format?: (value: number) => string];

export class NodeReader {
  readonly nodes: FieldNode[] = [];
  at: number;
  #stopped = false;

  /** From `from` to `end` of `bytes`; `base` is added to every start. */
  constructor(readonly bytes: Uint8Array, from: number, readonly end: number, readonly base: number) {
    this.at = from;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.end - this.at;
  }

  /** True when something that was asked for was not there: nothing is read any more, but by rest(). */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** An unsigned number of 1 to 6 bytes; null: not there. */
  number(name: string, length: number, format: (value: number) => string = String): number | null {
    if (!this.#has(length)) return null;
    const value = readUint(this.bytes, this.at, length);
    this.#push(name, value, format(value), length);
    return value;
  }

  /** An unsigned number of 8 bytes: a number where it is exact, else its digits. */
  long(name: string): number | string | null {
    if (!this.#has(8)) return null;
    const exact = (BigInt(readUint(this.bytes, this.at, 4)) << 32n) | BigInt(readUint(this.bytes, this.at + 4, 4));
    const value = exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : String(exact);
    this.#push(name, value, String(exact), 8);
    return value;
  }

  /** A number with its bits below it. */
  bits(name: string, length: 1 | 2 | 3 | 4, format: (value: number) => string, parts: readonly BitPart[]): number | null {
    if (!this.#has(length)) return null;
    const value = readUint(this.bytes, this.at, length);
    this.#push(name, value, format(value), length, parts.map((part) => this.#bit(part, value, length)));
    return value;
  }

  /** Bits of the next bytes, side by side, without a number of their own. */
  split(length: 1 | 2 | 3 | 4, parts: readonly BitPart[]): number | null {
    if (!this.#has(length)) return null;
    const value = readUint(this.bytes, this.at, length);
    this.nodes.push(...parts.map((part) => this.#bit(part, value, length)));
    this.at += length;
    return value;
  }

  ipv4(name: string): string | null {
    return this.#text(name, 4, ipv4Text);
  }

  ipv6(name: string): string | null {
    return this.#text(name, 16, ipv6Text);
  }

  /** The first bytes of an IPv6 address, the others are zero. */
  prefix(name: string, length: number): string | null {
    return this.#text(name, length, (bytes) => ipv6Text(concatBytes(bytes, new Uint8Array(16 - length))));
  }

  mac(name: string): string | null {
    return this.#text(name, 6, macText);
  }

  /** Text of as many bytes, as people may read it. */
  text(name: string, length: number, limit = 256): string | null {
    return this.#text(name, length, (bytes) => previewText(bytes, limit));
  }

  bytesOf(name: string, length: number): Uint8Array | null {
    if (!this.#has(length)) return null;
    const value = this.bytes.subarray(this.at, this.at + length);
    if (length > 0) this.nodes.push(bytesNode(name, this.bytes, this.at, this.at + length, this.base));
    this.at += length;
    return value;
  }

  /** What is left as bytes, also after a stop. */
  rest(name: string, problem?: string): void {
    if (this.left > 0) this.nodes.push(bytesNode(name, this.bytes, this.at, this.end, this.base, problem));
    this.at = this.end;
  }

  /** A node over what `read` reads from the next `length` bytes (as many as there are); what it leaves is bytes called `leftover`. */
  inside(name: string, display: string, length: number, leftover: string, read: (inner: NodeReader) => string | void): void {
    if (this.#stopped || this.left <= 0) return;
    const until = Math.min(this.at + length, this.end);
    const inner = new NodeReader(this.bytes, this.at, until, this.base);
    const said = read(inner);
    const problem = inner.stopped || until < this.at + length ? `${length} bytes do not hold what should be in them` : undefined;
    inner.rest(leftover);
    this.nodes.push(group(name, said ?? display, this.base + this.at, until - this.at, inner.nodes, problem));
    this.at = until;
  }

  #has(length: number): boolean {
    if (this.#stopped || this.left < length) this.#stopped = true;
    return !this.#stopped;
  }

  #text(name: string, length: number, show: (bytes: Uint8Array) => string): string | null {
    if (!this.#has(length)) return null;
    const text = show(this.bytes.subarray(this.at, this.at + length));
    this.#push(name, text, text, length);
    return text;
  }

  #push(name: string, value: FieldValue, display: string, length: number, children: readonly FieldNode[] = []): void {
    this.nodes.push({ name, value, display, start: this.base + this.at, length, children });
    this.at += length;
  }

  #bit([name, mask, format]: BitPart, whole: number, length: number): FieldNode {
    const shift = 31 - Math.clz32(mask & -mask);
    const number = (whole & mask) >>> shift;
    const flag = mask >>> shift === 1 && format === undefined;
    const display = flag ? (number === 1 ? 'Set' : 'Not set') : (format ?? String)(number);
    return { name, value: flag ? number === 1 : number, display, start: this.base + this.at, length, bits: { mask, shift }, children: [] };
  }
}
