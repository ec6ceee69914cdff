// One connection's bytes: what comes is paid for on the down-link and read into messages and blocks; what goes waits for its turn on the
// up-link, small messages before blocks. Knows nothing of what messages mean (connection.ts does).

import { concatBytes } from '../../../shared/base/bytes';
import type { Handshake } from '../../../shared/codec/bittorrent/handshake';
import { encodeMessage, type BlockRange, type PeerMessage, type SmallMessage } from '../../../shared/codec/bittorrent/message';
import { BitTorrentStreamReader, type ReadMessage } from '../../../shared/codec/bittorrent/stream';
import { errnoOf } from '../errno';
import type { StreamSocket } from '../host';
import { BT_LIMITS } from './limits';
import type { Link } from './link';

export interface Links {
  readonly up: Link;
  readonly down: Link;
}

export interface WireEvents {
  handshake(handshake: Handshake): void;
  message(message: SmallMessage): void;
  /** `block`: good until this returns. */
  block(piece: number, begin: number, block: Uint8Array): void;
  /** Some bytes came that belong to a block, whole or not. */
  progress(): void;
  /** The bytes of a block whose turn it is; null: not any more. */
  fetch(range: BlockRange): Uint8Array | null;
  /** Once, when the connection is over and nobody called close() or finish(). */
  ended(end: WireEnd): void;
}

/** `closed`: by the peer, in order. `error`: with an errno. `malformed`: it speaks something else. `unread`: it does not read. */
export interface WireEnd {
  readonly how: 'closed' | 'error' | 'malformed' | 'unread';
  readonly why: string;
}

export class Wire {
  private readonly reader: BitTorrentStreamReader;
  /** What came of the message that is not whole, and where in the stream that begins. */
  private chunks: Uint8Array[] = [];
  private chunksStart = 0;
  private received = 0;
  private readonly small: Uint8Array[] = [];
  private smallBytes = 0;
  private readonly blocks: BlockRange[] = [];
  private wake: (() => void) | null = null;
  private over = false;
  private finishing = false;
  private patience: ReturnType<typeof setTimeout> | undefined;

  /** `most`: bytes of the longest message that is taken. */
  constructor(private readonly socket: StreamSocket, private readonly links: Links, most: number, private readonly events: WireEvents) {
    this.reader = new BitTorrentStreamReader({ most });
    // A request that waits for the ACK of the one before it would halve the speed (RFC 9293 3.7.4).
    socket.setNoDelay(true);
  }

  start(): void {
    void this.read();
    void this.write();
  }

  send(message: PeerMessage): void {
    this.sendBytes(encodeMessage(message));
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.over) return;
    this.small.push(bytes);
    this.smallBytes += bytes.length;
    if (this.smallBytes > BT_LIMITS.unsent) return this.end({ how: 'unread', why: `${this.smallBytes} bytes wait` });
    this.awake();
  }

  /** Blocks that wait to be sent. */
  get queued(): number {
    return this.blocks.length;
  }

  queue(range: BlockRange): void {
    this.blocks.push(range);
    this.awake();
  }

  /** Takes a block out of the queue; false when it is not there (any more). */
  unqueue(range: BlockRange): boolean {
    const at = this.blocks.findIndex(({ piece, begin, length }) => piece === range.piece && begin === range.begin && length === range.length);
    if (at >= 0) this.blocks.splice(at, 1);
    return at >= 0;
  }

  unqueueAll(): void {
    this.blocks.length = 0;
  }

  close(): void {
    this.over = true;
    clearTimeout(this.patience);
    this.socket.close();
    this.awake();
  }

  /** Closes when the small messages that wait are sent, or after a while; nothing is read any more. */
  finish(): void {
    this.finishing = true;
    this.blocks.length = 0;
    this.patience = setTimeout(() => this.close(), BT_LIMITS.farewell);
    this.awake();
  }

  private end(end: WireEnd): void {
    if (this.over) return;
    this.close();
    if (!this.finishing) this.events.ended(end);
  }

  private async read(): Promise<void> {
    const { down } = this.links;
    try {
      while (!this.over) {
        const bytes = await this.socket.recv(down.turn);
        if (bytes.length === 0) return this.end({ how: 'closed', why: '' });
        await down.pass(bytes.length);
        if (!this.over && !this.finishing) this.take(bytes);
      }
    } catch (error) {
      this.end({ how: 'error', why: errnoOf(error) });
    }
  }

  private take(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.received += bytes.length;
    const whole = this.reader.push(bytes);
    for (const each of whole) {
      if (this.over || this.finishing) return;
      this.tell(each);
    }
    const { failure, partial } = this.reader;
    if (failure !== null) return this.end({ how: 'malformed', why: failure.why });
    this.forget(partial?.start ?? this.received);
    if (partial?.piece !== undefined && partial.piece !== null) this.events.progress();
  }

  private tell({ message, end }: ReadMessage): void {
    if (message.type === 'handshake') return this.events.handshake(message);
    if (message.type !== 'piece') return this.events.message(message);
    this.events.progress();
    this.events.block(message.piece, message.begin, this.stretch(end - message.length, end));
  }

  /** Bytes of the stream from one place to another; they are among the chunks. */
  private stretch(from: number, to: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let at = this.chunksStart;
    for (const chunk of this.chunks) {
      if (at < to && at + chunk.length > from) parts.push(chunk.subarray(Math.max(0, from - at), Math.min(chunk.length, to - at)));
      at += chunk.length;
    }
    return parts.length === 1 ? (parts[0] ?? concatBytes()) : concatBytes(...parts);
  }

  private forget(before: number): void {
    for (let first = this.chunks[0]; first !== undefined && this.chunksStart + first.length <= before; first = this.chunks[0]) {
      this.chunksStart += first.length;
      this.chunks.shift();
    }
  }

  private async write(): Promise<void> {
    const { up } = this.links;
    try {
      while (!this.over) {
        const bytes = this.nextBytes();
        if (bytes === null && this.finishing) return this.close();
        if (bytes === null) {
          await new Promise<void>((resolve) => (this.wake = resolve));
          continue;
        }
        for (let at = 0; at < bytes.length && !this.over; ) {
          const part = bytes.subarray(at, at + up.turn);
          await up.pass(part.length);
          if (!this.over) await this.socket.sendAll(part);
          at += part.length;
        }
      }
    } catch (error) {
      this.end({ how: 'error', why: errnoOf(error) });
    }
  }

  private nextBytes(): Uint8Array | null {
    if (this.small.length > 0) {
      this.smallBytes = 0;
      return concatBytes(...this.small.splice(0));
    }
    for (let range = this.blocks.shift(); range !== undefined; range = this.blocks.shift()) {
      const block = this.events.fetch(range);
      if (block !== null) return encodeMessage({ type: 'piece', piece: range.piece, begin: range.begin, block });
    }
    return null;
  }

  private awake(): void {
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }
}
