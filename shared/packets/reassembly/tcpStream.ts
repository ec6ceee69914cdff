// Puts the two byte streams of a TCP connection together from its segments as they were captured (RFC 9293 3.4, 3.10.7.4): in order, the
// first of bytes that came twice, gaps where the capture has none. Numbers in, bytes with their places out; knows no packets' headers.

import { NO_BYTES } from '../../base/bytes';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { REASSEMBLY_LIMITS } from './limits';

export type StreamDir = 'up' | 'down';

export type StreamEvent =
  /** The next bytes of a direction. `at`: offset of the first in the stream, 0 is the first byte behind the SYN. `packet` brought them. */
  | { readonly type: 'bytes'; readonly dir: StreamDir; readonly at: number; readonly bytes: Uint8Array; readonly packet: number }
  /** These bytes are not in the capture. */
  | { readonly type: 'gap'; readonly dir: StreamDir; readonly at: number; readonly length: number }
  /** FIN, or RST of either end: nothing follows. */
  | { readonly type: 'end'; readonly dir: StreamDir; readonly at: number; readonly reset: boolean };

export interface TcpSegment {
  readonly dir: StreamDir;
  /** As on the wire. */
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  /** The payload as far as it was captured, and how much of it was not. */
  readonly bytes: Uint8Array;
  readonly missing: number;
  readonly packet: number;
}

/** What became of one segment. */
export interface PlacedSegment {
  /** Offset of its first payload byte; negative: before what is known of the stream. */
  readonly at: number;
  readonly events: readonly StreamEvent[];
  /** Ranges of bytes that differ from those that came before: the first ones stay. */
  readonly conflicts: readonly { readonly at: number; readonly length: number }[];
  /** None of its bytes is new. */
  readonly repeated: boolean;
  /** It waits for bytes before it. */
  readonly waits: boolean;
  /** At most one byte that was acknowledged before: RFC 9293 3.8.4. */
  readonly keepAlive: boolean;
}

interface Waiting {
  readonly at: number;
  readonly end: number;
  /** Null: bytes that the capture cut off. */
  readonly bytes: Uint8Array | null;
  readonly packet: number;
  /** Where in what its packet brought they begin. */
  readonly from: number;
}

/** What a packet that was pushed brought: the same bytes again. */
export type PayloadOf = (packet: number) => Uint8Array;

/** One direction. */
class Side {
  /** Sequence number of offset 0; null: nothing was seen of it. */
  base: number | null = null;
  /** Offset of the next byte in order. */
  next = 0;
  /** Of the FIN. */
  finAt: number | null = null;
  over = false;
  /** The highest offset that the other end acknowledged. */
  acknowledged = -1;
  /** In order, none covering another. */
  readonly waiting: Waiting[] = [];
  waitingSize = 0;
  /** Pieces that were told; without bytes where they can be read again. */
  private readonly history: Waiting[] = [];
  private historySize = 0;

  constructor(private readonly payloadOf: PayloadOf | null) {}

  /** Where a sequence number lies, nearest to what comes next (it wraps at 2^32). */
  offsetOf(sequence: number): number {
    if (this.base === null) return 0;
    return this.next + ((sequence - ((this.base + this.next) >>> 0)) | 0);
  }

  /** The next bytes were told. */
  told(at: number, end: number, packet: number, from: number, bytes: Uint8Array): void {
    this.next = end;
    this.history.push({ at, end, packet, from, bytes: this.payloadOf === null ? bytes.slice() : null });
    this.historySize += end - at;
    while (this.historySize > REASSEMBLY_LIMITS.history || this.history.length > REASSEMBLY_LIMITS.historyPieces) {
      const oldest = this.history.shift();
      if (oldest === undefined) break;
      this.historySize -= oldest.end - oldest.at;
    }
  }

  /** Where `bytes` at `at` differ from what came before. */
  differences(at: number, bytes: Uint8Array): { at: number; length: number }[] {
    const found: { at: number; length: number }[] = [];
    // Most segments are new: nothing to compare.
    if (at >= this.next && this.waiting.length === 0) return found;
    const compare = (piece: Waiting, known: Uint8Array): void => {
      for (let i = Math.max(at, piece.at); i < Math.min(at + bytes.length, piece.at + known.length); i++) {
        if (bytes[i - at] === known[i - piece.at]) continue;
        const last = found[found.length - 1];
        if (last !== undefined && last.at + last.length === i) last.length++;
        else found.push({ at: i, length: 1 });
      }
    };
    for (const piece of this.history) if (piece.at < at + bytes.length && piece.end > at) compare(piece, piece.bytes ?? this.again(piece));
    for (const piece of this.waiting) if (piece.bytes !== null) compare(piece, piece.bytes);
    return found;
  }

  private again({ packet, from, at, end }: Waiting): Uint8Array {
    return this.payloadOf?.(packet).subarray(from, from + end - at) ?? NO_BYTES;
  }
}

const NONE: readonly never[] = [];

export class TcpReassembly {
  readonly #sides: Readonly<Record<StreamDir, Side>>;

  /** `payloadOf`: left out: what was told last is kept, to be compared with what is sent again. */
  constructor(payloadOf: PayloadOf | null = null) {
    this.#sides = { up: new Side(payloadOf), down: new Side(payloadOf) };
  }

  /** Offset of the next byte in order. */
  next(dir: StreamDir): number {
    return this.#sides[dir].next;
  }

  /** Sequence number of the stream's first byte; null while nothing was seen of that direction. */
  base(dir: StreamDir): number | null {
    return this.#sides[dir].base;
  }

  /** Joins a direction of which nothing was seen yet: its next byte has this number, and the other end acknowledged up to that one. */
  join(dir: StreamDir, sequence: number, acknowledged: number): void {
    this.#sides[dir].base = sequence;
    this.#sides[dir].acknowledged = (acknowledged - sequence) | 0;
  }

  /** Offset up to which the other end acknowledged what a direction sent; -1: nothing. */
  acknowledged(dir: StreamDir): number {
    return this.#sides[dir].acknowledged;
  }

  /** Nothing waits for bytes before it. */
  get settled(): boolean {
    return this.#sides.up.waiting.length === 0 && this.#sides.down.waiting.length === 0;
  }

  /** The next segment as it was captured. What it tells are views of `bytes` where these come in order; what it keeps are copies. Throws what `payloadOf` throws. */
  push(segment: TcpSegment): PlacedSegment {
    const { dir, flags, sequence } = segment;
    const side = this.#sides[dir];
    const other = this.#sides[dir === 'up' ? 'down' : 'up'];
    const syn = (flags & TCP_FLAGS.SYN) !== 0;
    const first = (sequence + (syn ? 1 : 0)) >>> 0;
    side.base ??= first;
    const at = side.offsetOf(first);
    const length = segment.bytes.length + segment.missing;
    const events: StreamEvent[] = [];
    if (Math.abs(at - side.next) > REASSEMBLY_LIMITS.ahead || side.over) return { at, events, conflicts: NONE, repeated: length > 0, waits: false, keepAlive: false };
    const keepAlive = length <= 1 && at === side.next - 1 && (flags & (TCP_FLAGS.SYN | TCP_FLAGS.FIN | TCP_FLAGS.RST)) === 0;
    const conflicts = keepAlive || at + segment.bytes.length <= 0 ? NONE : side.differences(at, segment.bytes);
    const before = side.waitingSize;
    const inOrder = length > 0 && at === side.next && segment.missing === 0 && side.waiting.length === 0;
    if (inOrder) {
      events.push({ type: 'bytes', dir, at, bytes: segment.bytes, packet: segment.packet });
      side.told(at, at + length, segment.packet, 0, segment.bytes);
    } else if (length > 0 && !keepAlive) insert(side, at, segment);
    const fresh = inOrder ? length : side.waitingSize - before;
    if ((flags & TCP_FLAGS.FIN) !== 0) side.finAt ??= at + length;
    this.#deliver(dir, side, events);
    if ((flags & TCP_FLAGS.ACK) !== 0 && other.base !== null) this.#acknowledge(dir === 'up' ? 'down' : 'up', other, other.offsetOf(segment.acknowledgment), events);
    if ((flags & TCP_FLAGS.RST) !== 0) for (const which of ['up', 'down'] as const) this.#end(which, true, events);
    return { at, events, conflicts, repeated: length > 0 && fresh === 0, waits: length > 0 && at > side.next, keepAlive };
  }

  /** The capture ends: what waits is told, behind its gaps. */
  finish(): StreamEvent[] {
    const events: StreamEvent[] = [];
    for (const dir of ['up', 'down'] as const) this.#flush(dir, this.#sides[dir], events);
    return events;
  }

  #deliver(dir: StreamDir, side: Side, events: StreamEvent[]): void {
    for (;;) {
      const piece = side.waiting[0];
      if (piece === undefined) break;
      if (piece.at > side.next) {
        if (side.waitingSize <= REASSEMBLY_LIMITS.outOfOrder && side.waiting.length <= REASSEMBLY_LIMITS.pieces) break;
        gap(dir, side, piece.at, events);
      }
      take(dir, side, piece, events);
    }
    if (side.finAt !== null && side.next >= side.finAt) this.#end(dir, false, events);
  }

  /** What was acknowledged and is not here was lost by the capture, not by the network: nobody will send it again. */
  #acknowledge(dir: StreamDir, side: Side, offset: number, events: StreamEvent[]): void {
    side.acknowledged = Math.max(side.acknowledged, offset);
    for (let piece = side.waiting[0]; piece !== undefined && piece.at > side.next && side.acknowledged >= piece.at; piece = side.waiting[0]) {
      gap(dir, side, piece.at, events);
      this.#deliver(dir, side, events);
    }
  }

  #flush(dir: StreamDir, side: Side, events: StreamEvent[]): void {
    for (let piece = side.waiting[0]; piece !== undefined; piece = side.waiting[0]) {
      if (piece.at > side.next) gap(dir, side, piece.at, events);
      this.#deliver(dir, side, events);
    }
  }

  #end(dir: StreamDir, reset: boolean, events: StreamEvent[]): void {
    const side = this.#sides[dir];
    if (side.over) return;
    if (reset) this.#flush(dir, side, events);
    if (side.over) return;
    side.over = true;
    events.push({ type: 'end', dir, at: side.next, reset });
  }
}

function gap(dir: StreamDir, side: Side, to: number, events: StreamEvent[]): void {
  events.push({ type: 'gap', dir, at: side.next, length: to - side.next });
  side.next = to;
}

function take(dir: StreamDir, side: Side, piece: Waiting, events: StreamEvent[]): void {
  side.waiting.shift();
  side.waitingSize -= piece.end - piece.at;
  if (piece.bytes === null) return gap(dir, side, piece.end, events);
  events.push({ type: 'bytes', dir, at: piece.at, bytes: piece.bytes, packet: piece.packet });
  side.told(piece.at, piece.end, piece.packet, piece.from, piece.bytes);
}

/** Puts what is new of a segment between what waits. */
function insert(side: Side, at: number, { bytes, missing, packet }: TcpSegment): void {
  const have = at + bytes.length;
  const cut = (from: number, to: number): void => {
    // A copy: what waits must not hold on to the packet.
    if (from < have) add(side, { at: from, end: Math.min(to, have), bytes: bytes.slice(from - at, Math.min(to, have) - at), packet, from: from - at });
    if (to > have) add(side, { at: Math.max(from, have), end: to, bytes: null, packet, from: 0 });
  };
  let from = Math.max(at, side.next);
  const end = have + missing;
  for (const piece of [...side.waiting]) {
    if (piece.end <= from) continue;
    if (piece.at >= end) break;
    if (piece.at > from) cut(from, piece.at);
    from = piece.end;
  }
  if (from < end) cut(from, end);
}

function add(side: Side, piece: Waiting): void {
  let to = side.waiting.length;
  while (to > 0 && (side.waiting[to - 1]?.at ?? 0) > piece.at) to--;
  side.waiting.splice(to, 0, piece);
  side.waitingSize += piece.end - piece.at;
}
