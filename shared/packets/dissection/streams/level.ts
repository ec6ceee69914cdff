// One level of a connection's streams: TCP's own, or what was opened of the level beneath. Finds out what is spoken, hands the bytes to the
// reader of that protocol, and puts messages of several packets together.

import { concatBytes, NO_BYTES } from '../../../base/bytes';
import type { Claim } from '../../../codec/codec';
import type { Codings } from '../../../codec/http/codings';
import type { KeyLog } from '../../../codec/tls/decrypt/keyLog';
import type { StreamDir } from '../../reassembly/tcpStream';
import { DISSECTION_LIMITS } from '../limits';
import type { HttpPart, Links, Message, Opened, Outcome, SocketPart } from './outcome';
import type { DissectedLayer } from '../../../codec/dissect';

/** Reads both directions of what one protocol says. 'up' is from the client. Never throws for what the bytes are. */
export interface StreamReader {
  push(dir: StreamDir, bytes: Uint8Array, at: number, out: Outcome): void;
  /** These bytes are missing. */
  gap(dir: StreamDir, at: number, length: number, out: Outcome): void;
  /** Nothing follows. */
  end(dir: StreamDir, out: Outcome): void;
  /** Nobody knows what is said, and nothing waits: each segment is looked at anew. */
  readonly isData?: boolean;
}

/** What readers know of the connection. */
export interface Connection {
  readonly keys: KeyLog;
  readonly codings?: Codings;
  /** What its ports stand for, best first. */
  readonly claims: readonly Claim[];
  /** The reader of a level of which it is not known what is spoken. `agreed`: by ALPN or Upgrade; `late`: earlier bytes are not known. */
  detect(level: StreamLevel, agreed?: string, late?: boolean): StreamReader;
}

const NO_PART = { role: null, links: null } as const;
const NO_SEGMENTS: Message['segments'] = [];

interface Brought {
  readonly packet: number;
  readonly at: number;
  readonly end: number;
}

export class StreamLevel {
  readonly #brought: Readonly<Record<StreamDir, Brought[]>> = { up: [], down: [] };
  /** Offset of the next byte of each direction. */
  readonly next: Record<StreamDir, number> = { up: 0, down: 0 };
  #reader: StreamReader;

  /** `number`: 0 for TCP's own stream. */
  constructor(readonly connection: Connection, readonly number: number, first: (level: StreamLevel) => StreamReader) {
    this.#reader = first(this);
  }

  get isData(): boolean {
    return this.#reader.isData === true;
  }

  /** From here on another protocol is spoken. */
  replace(reader: StreamReader): void {
    this.#reader = reader;
  }

  /** The next bytes, which `packet` brought: `out`'s own, or an earlier one that had to wait. */
  push(dir: StreamDir, bytes: Uint8Array, at: number, out: Outcome, packet: number = out.packet): void {
    const brought = this.#brought[dir];
    brought.push({ packet, at, end: at + bytes.length });
    if (brought.length > DISSECTION_LIMITS.segments) brought.splice(0, brought.length - DISSECTION_LIMITS.segments);
    out.size += bytes.length;
    this.next[dir] = at + bytes.length;
    this.#reader.push(dir, bytes, at, out);
  }

  gap(dir: StreamDir, at: number, length: number, out: Outcome): void {
    this.next[dir] = at + length;
    if (this.number === 0) out.gaps.push({ dir, at, length });
    this.#reader.gap(dir, at, length, out);
  }

  end(dir: StreamDir, out: Outcome): void {
    this.#reader.end(dir, out);
  }

  /** A message ends in this packet: its bytes lie from `start` in the stream. */
  tell(out: Outcome, dir: StreamDir, start: number, bytes: Uint8Array, protocol: string, build: Message['build'], part: { readonly role: Message['role']; readonly links: Links | null; readonly http?: HttpPart; readonly socket?: SocketPart } = NO_PART): void {
    const end = start + bytes.length;
    const segments = this.#segments(dir, start, end, out);
    this.#forget(dir, end);
    out.items.push({ kind: 'message', level: this.number, dir, start, end, bytes, protocol, build, ...part, segments });
  }

  /** What brought these bytes, where that were several; the FIN that ends them is one of them (RFC 9112 6.3: the end of the connection may be that of a message). */
  #segments(dir: StreamDir, start: number, end: number, { packet, closed }: Outcome): Message['segments'] {
    const brought = this.#brought[dir];
    // Most messages come in one.
    if (brought.length === 1 && closed !== dir) return NO_SEGMENTS;
    const parts = brought.filter((one) => one.end > start && one.at < end).map((one) => {
      const from = Math.max(one.at, start);
      return { packet: one.packet, at: from - start, length: Math.min(one.end, end) - from };
    });
    const last = parts.at(-1);
    if (closed === dir && last !== undefined && last.packet !== packet) parts.push({ packet, at: end - start, length: 0 });
    return parts.length <= 1 ? NO_SEGMENTS : parts;
  }

  opened(out: Outcome, opened: Omit<Opened, 'kind'>): void {
    out.size += opened.bytes.length;
    out.items.push({ kind: 'opened', ...opened });
  }

  #forget(dir: StreamDir, before: number): void {
    const brought = this.#brought[dir];
    let done = 0;
    while (done < brought.length && (brought[done]?.end ?? 0) <= before) done++;
    if (done === brought.length) brought.length = 0;
    else if (done > 0) brought.splice(0, done);
  }
}

/** Bytes of one direction that wait for the rest of their message. */
export class Waiting {
  bytes: Uint8Array = NO_BYTES;
  #later: Uint8Array[] = [];
  #size = 0;
  /** Offset of the first one. */
  at = 0;

  get length(): number {
    return this.bytes.length + this.#size;
  }

  add(bytes: Uint8Array, at: number): void {
    if (this.length === 0) {
      this.at = at;
      this.bytes = bytes;
      return;
    }
    this.#later.push(bytes);
    this.#size += bytes.length;
  }

  /** All of them as one. */
  whole(): Uint8Array {
    if (this.#later.length > 0) {
      this.bytes = concatBytes(this.bytes, ...this.#later);
      this.#later = [];
      this.#size = 0;
    }
    return this.bytes;
  }

  /** The first `count` are done. */
  drop(count: number): void {
    this.bytes = this.whole().subarray(count);
    this.at += count;
  }

  clear(): Uint8Array {
    const all = this.whole();
    this.bytes = NO_BYTES;
    return all;
  }
}

/** A layer that is one message, with its status. */
export function messageLayer(layer: Pick<DissectedLayer, 'protocol' | 'title' | 'tree'> & { readonly status?: DissectedLayer['status'] }, base: number, length: number): DissectedLayer {
  const end = base + length;
  const status = layer.status ?? { status: 'complete', value: null, length, payload: { start: length, end: length, missing: 0 }, next: [], inside: {}, quotes: false };
  return { protocol: layer.protocol, title: layer.title, layer: 'application', start: base, length, payload: { start: end, end }, tree: layer.tree, status, quoted: false };
}
