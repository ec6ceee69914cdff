// One direction of bytes as the application fold reads it: of a TCP connection, or of the plaintext in a TLS session. Knows which
// facts carried which offsets, at either end; gives the bytes in order and says where the trace has a gap. Dissects nothing.

import { U32List } from '../../base/lists';
import type { TraceStore } from '../store';
import { PacketPieces, type Instant } from './packetPieces';

/** Plaintext that only the keys of the trace tell: a record of the stream beneath, which carried it. */
export interface OpenedPiece {
  readonly offset: number;
  readonly size: number;
  /** The record: its first byte and its end in `beneath`. */
  readonly beneath: ByteStream;
  readonly start: number;
  readonly end: number;
  open(): Uint8Array | null;
}

export class ByteStream {
  /** Ascending in offset; only where no program of ours told its plaintext. */
  private readonly opened: OpenedPiece[] = [];
  /** Facts of the sender and of the receiver that carry bytes, ascending in offset; either end may be unknown. */
  readonly writes = new U32List();
  readonly reads = new U32List();
  /** Of a connection that only captured packets tell of: what carried its bytes. */
  private readonly packets: PacketPieces;
  /** send.ended facts: the kernel took more of an earlier write. */
  private readonly marks = new U32List();
  /** End of what the sender gave, of what its kernel took, of what the receiver has read. */
  sent = 0;
  taken = 0;
  received = 0;
  /** Ids of its messages, ascending in offset, and the first of them that may not have arrived whole. */
  readonly messages = new U32List();
  arriving = 0;
  /** Bytes given to the dissector, or skipped. */
  fed = 0;
  /** No more bytes will come: the sender ended it, or the receiver saw its end. */
  ended = false;

  constructor(protected readonly trace: TraceStore, readonly carrier: 'tcp' | 'tls', readonly dir: 'up' | 'down') {
    this.packets = new PacketPieces(trace);
  }

  /** A packet between two programs that are not ours carried bytes, `start` bytes into its payload: sent, and come. */
  carried(seq: number, offset: number, size: number, start: number): void {
    this.packets.add(seq, offset, size, start);
    this.sent = this.taken = this.received = Math.max(this.sent, offset + size);
  }

  /** End of what is known of it. */
  get known(): number {
    return Math.max(this.sent, this.received);
  }

  /** The sender gave bytes; `taken` of them were taken at once. */
  write(seq: number, offset: number, size: number, taken: number): void {
    this.writes.push(seq);
    this.sent = Math.max(this.sent, offset + size);
    this.taken = Math.max(this.taken, offset + taken);
  }

  /** The sender's kernel has taken everything up to `offset`. */
  mark(seq: number, offset: number): void {
    if (offset <= this.taken) return;
    this.taken = offset;
    this.marks.push(seq);
  }

  read(seq: number, offset: number, size: number): void {
    this.reads.push(seq);
    this.received = Math.max(this.received, offset + size);
  }

  /** A record beneath was opened: the next bytes. */
  add(piece: Omit<OpenedPiece, 'offset'>): void {
    this.opened.push({ ...piece, offset: this.sent });
    this.sent += piece.size;
    this.taken = this.sent;
  }

  /** True when what is known of it comes from keys alone. */
  get fromKeys(): boolean {
    return this.writes.length + this.reads.length + this.packets.count === 0;
  }

  /** The receiver of the stream beneath has read up to `offset` of it. True when that is more of this one too. */
  readBeneath(offset: number): boolean {
    const before = this.received;
    for (let n = this.pieceAfter(before); n < this.opened.length; n++) {
      const piece = this.opened[n] as OpenedPiece;
      if (piece.end > offset) break;
      this.received = piece.offset + piece.size;
    }
    return this.received > before;
  }

  /** Kept bytes from `offset` on, as far as one fact has them; null in a gap and past the end. */
  at(offset: number): Uint8Array | null {
    return this.keptAt(this.writes, offset) ?? this.keptAt(this.reads, offset) ?? this.packets.at(offset) ?? this.openedAt(offset);
  }

  /** First offset after `offset` (in a gap) where bytes are kept again; `known` when there is none. */
  gapEnd(offset: number): number {
    return Math.min(this.nextKept(this.writes, offset), this.nextKept(this.reads, offset), this.packets.nextKept(offset), this.known);
  }

  /** True when no end will tell more of the bytes at `offset`: the receiver has read past them, or the stream is over. */
  isLost(offset: number): boolean {
    return this.received > offset || this.ended;
  }

  /** Bytes from `start` to `end`, up to the first gap and at most `limit`. */
  slice(start: number, end: number, limit: number): Uint8Array<ArrayBuffer> {
    const parts: Uint8Array[] = [];
    let at = start;
    const stop = Math.min(end, start + limit);
    while (at < stop) {
      const part = this.at(at);
      if (part === null) break;
      const take = part.subarray(0, stop - at);
      parts.push(take);
      at += take.length;
    }
    const all = new Uint8Array(at - start);
    let to = 0;
    for (const part of parts) {
      all.set(part, to);
      to += part.length;
    }
    return all;
  }

  /** When the byte at `offset` was given to the kernel; of a sender that is not ours: when it was read. */
  departs(offset: number): Instant | null {
    return this.instant(this.writes, offset) ?? this.instant(this.reads, offset) ?? this.packets.instant(offset) ?? this.beneath(offset, (piece) => piece.beneath.departs(piece.start));
  }

  /** When the kernel had taken everything before `end`; when it has not yet, the write of it. */
  takenAt(end: number): Instant | null {
    const seq = find(this.trace, this.writes, end - 1);
    if (seq < 0) return this.instant(this.reads, end - 1) ?? this.packets.instant(end - 1) ?? this.beneath(end - 1, (piece) => piece.beneath.takenAt(piece.end));
    const { columns, row } = this.trace.locate(seq);
    if ((columns.offset[row] as number) + (columns.a[row] as number) >= end) return this.when(seq);
    for (let low = 0, high = this.marks.length; ;) {
      if (low === high) return this.when(low < this.marks.length ? this.marks.at(low) : seq);
      const middle = (low + high) >>> 1;
      const at = this.trace.locate(this.marks.at(middle));
      if ((at.columns.offset[at.row] as number) < end) low = middle + 1;
      else high = middle;
    }
  }

  /** When the byte at `offset` was read; null before that, and when the receiver is not ours. */
  readAt(offset: number): Instant | null {
    return this.instant(this.reads, offset) ?? this.packets.instant(offset) ?? this.beneath(offset, (piece) => piece.beneath.readAt(piece.end - 1));
  }

  /** Offset up to which the receiver had read at time `t`; of a receiver that is not ours: up to which the sender had sent. */
  readUntil(t: number): number {
    if (this.fromKeys) return this.opened.findLast((piece) => (piece.beneath.readAt(piece.end - 1)?.t ?? Number.POSITIVE_INFINITY) <= t)?.offset ?? 0;
    if (this.packets.count > 0) return this.packets.until(t);
    const list = this.reads.length > 0 ? this.reads : this.writes;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.trace.t(list.at(middle)) <= t) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    const { columns, row } = this.trace.locate(list.at(low - 1));
    return (columns.offset[row] as number) + (columns.size[row] as number);
  }

  /** Facts that carried bytes of this range: the sender's, else the receiver's. */
  carriers(start: number, end: number): number[] {
    if (this.packets.count > 0) return this.packets.between(start, end);
    const list = this.writes.length > 0 ? this.writes : this.reads;
    const found: number[] = [];
    for (let n = Math.max(0, after(this.trace, list, start) - 1); n < list.length; n++) {
      const { columns, row } = this.trace.locate(list.at(n));
      const offset = columns.offset[row] as number;
      if (offset >= end) break;
      if (offset + (columns.size[row] as number) > start) found.push(list.at(n));
    }
    return found;
  }

  /** Index of the first opened piece that ends after `offset`. */
  private pieceAfter(offset: number): number {
    let low = 0;
    let high = this.opened.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const piece = this.opened[middle] as OpenedPiece;
      if (piece.offset + piece.size <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private beneath(offset: number, when: (piece: OpenedPiece) => Instant | null): Instant | null {
    const piece = offset < 0 ? undefined : this.opened[this.pieceAfter(offset)];
    return piece === undefined ? null : when(piece);
  }

  private openedAt(offset: number): Uint8Array | null {
    const piece = this.opened[this.pieceAfter(offset)];
    const bytes = piece === undefined || piece.offset > offset ? null : piece.open();
    return piece === undefined || bytes === null ? null : bytes.subarray(offset - piece.offset);
  }

  private instant(list: U32List, offset: number): Instant | null {
    const seq = find(this.trace, list, offset);
    return seq < 0 ? null : this.when(seq);
  }

  private when(seq: number): Instant {
    return { seq, t: this.trace.t(seq) };
  }

  private keptAt(list: U32List, offset: number): Uint8Array | null {
    const seq = find(this.trace, list, offset);
    if (seq < 0) return null;
    const { columns, row } = this.trace.locate(seq);
    const skip = offset - (columns.offset[row] as number);
    return skip < (columns.kept[row] as number) ? this.trace.payload(seq).subarray(skip) : null;
  }

  private nextKept(list: U32List, offset: number): number {
    for (let n = after(this.trace, list, offset); n < list.length; n++) {
      const { columns, row } = this.trace.locate(list.at(n));
      if (columns.kept[row] !== 0) return columns.offset[row] as number;
    }
    return Number.POSITIVE_INFINITY;
  }
}

/** How many facts of the list begin at or before `offset`. */
function after(trace: TraceStore, list: U32List, offset: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { columns, row } = trace.locate(list.at(middle));
    if ((columns.offset[row] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The fact of the list that carried the byte at `offset`; -1 when none did. */
function find(trace: TraceStore, list: U32List, offset: number): number {
  const n = after(trace, list, offset);
  if (n === 0) return -1;
  const seq = list.at(n - 1);
  const { columns, row } = trace.locate(seq);
  return offset < (columns.offset[row] as number) + (columns.size[row] as number) ? seq : -1;
}
