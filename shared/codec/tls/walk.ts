// Walks TLS's structures (RFC 8446 3): numbers, and vectors with their length before them. Each step names a field and leaves its node;
// what does not fit ends the walk of its vector with a problem on the node, never with a throw.

import { readUint } from '../../base/bytes';
import { utf8Text } from '../../base/bytesText';
import { generated, group, type FieldNode } from '../field';
import { bytesNode } from '../layout';
import { visibleText } from '../text';

/** How many nodes may still be made, shared by all walks of a tree. */
export interface Room {
  left: number;
}

/** Reads the parts of a field. */
type Parts = (walk: Walk) => void;

export class Walk {
  readonly nodes: FieldNode[] = [];
  #at: number;
  #problem: string | null = null;

  /** Bytes `at` to `end`; `base` is added to every start. */
  constructor(private readonly bytes: Uint8Array, at: number, private readonly end: number, private readonly base: number, private readonly room: Room) {
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#problem === null ? this.end - this.#at : 0;
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** False when nothing more can be read or shown. */
  get more(): boolean {
    if (this.left > 0 && this.room.left <= 0) this.#problem = 'more than is shown';
    return this.left > 0;
  }

  peek(length: number, skip = 0): number | null {
    return this.left < skip + length ? null : readUint(this.bytes, this.#at + skip, length);
  }

  /** A number of `length` bytes; null when they are not there. `parts`: what stands below it, over the same bytes. */
  uint(name: string, length: number, format: (value: number) => string = String, parts?: Parts): number | null {
    const value = this.peek(length);
    if (value === null) return this.#stop(name);
    this.#add({ name, value, display: format(value), start: this.base + this.#at, length, children: this.#parts(length, parts) });
    this.#at += length;
    return value;
  }

  data(name: string, length: number, parts?: Parts): void {
    if (this.left < length) return void this.#stop(name);
    if (length > 0) this.#add({ ...bytesNode(name, this.bytes, this.#at, this.#at + length, this.base), children: this.#parts(length, parts) });
    this.#at += length;
  }

  text(name: string, length: number): string {
    if (this.left < length) {
      this.#stop(name);
      return '';
    }
    const value = utf8Text(this.bytes.subarray(this.#at, this.#at + Math.min(length, 4096)));
    this.#add({ name, value, display: visibleText(value), start: this.base + this.#at, length, children: [] });
    this.#at += length;
    return value;
  }

  rest(name: string): void {
    if (this.left > 0) this.data(name, this.left);
  }

  /** A part of its own: `length` bytes, or what is there of them, walked by `inside` and shown as one node. */
  part(name: string, length: number, inside: (walk: Walk) => string): void {
    const from = this.#at;
    const to = Math.min(this.end, from + length);
    if (this.#problem !== null || this.room.left <= 0) return void this.#stop(name);
    this.room.left--;
    const walk = new Walk(this.bytes, from, to, this.base, this.room);
    const display = inside(walk);
    walk.rest('tls.malformed.trailing_data');
    const problem = to < from + length ? `${length} bytes announced, ${to - from} are here` : walk.#problem;
    this.nodes.push(group(name, display, this.base + from, to - from, walk.nodes, problem ?? undefined));
    this.#at = to;
    if (to < from + length) this.#problem = problem;
  }

  /** A vector: its length in `size` bytes, then its content. `name` null: the content's nodes stand beside the length. */
  vector(lengthName: string, size: number, name: string | null, inside: (walk: Walk) => string): void {
    const length = this.uint(lengthName, size, (value) => `${value} B`);
    if (length === null) return;
    if (name !== null) {
      if (length > 0) this.part(name, length, inside);
      return;
    }
    const to = Math.min(this.end, this.#at + length);
    const walk = new Walk(this.bytes, this.#at, to, this.base, this.room);
    inside(walk);
    walk.rest('tls.malformed.trailing_data');
    for (const node of walk.nodes) this.nodes.push(node);
    if (to < this.#at + length) this.#problem = `${length} bytes announced, ${to - this.#at} are here`;
    else this.#problem = walk.#problem;
    this.#at = to;
  }

  /** A vector of bytes. */
  opaque(lengthName: string, size: number, name: string): void {
    const length = this.uint(lengthName, size, (value) => `${value} B`);
    if (length !== null) this.data(name, length);
  }

  /** What is left is another codec's: its nodes are taken in, and what it does not make into nodes stays bytes of this name. */
  other(name: string, read: (bytes: Uint8Array, at: number, end: number, base: number, room: Room) => { readonly nodes: readonly FieldNode[]; readonly title: string }): string {
    const { nodes, title } = read(this.bytes, this.#at, this.end, this.base, this.room);
    if (nodes.length === 0) this.rest(name);
    for (const node of nodes) this.nodes.push(node);
    this.#at = this.end;
    return title;
  }

  /** Calculated from all that was read: it has no bytes of its own. */
  infer(name: string, value: string): void {
    this.#add(generated(name, value, value, this.base + this.#at, 0));
  }

  #parts(length: number, read: Parts | undefined): readonly FieldNode[] {
    if (read === undefined) return [];
    const walk = new Walk(this.bytes, this.#at, this.#at + length, this.base, this.room);
    read(walk);
    return walk.nodes;
  }

  #add(node: FieldNode): void {
    if (this.room.left <= 0) {
      this.#problem ??= 'more than is shown';
      return;
    }
    this.room.left--;
    this.nodes.push(node);
  }

  #stop(name: string): null {
    if (this.#problem === null) {
      this.#problem = `${name} goes past the end`;
      if (this.end > this.#at) this.nodes.push(bytesNode(name, this.bytes, this.#at, this.end, this.base, this.#problem));
      this.#at = this.end;
    }
    return null;
  }
}
