// Reads one direction of a connection between peers: bytes come in as they arrive, the handshake and messages with their places in the
// stream go out. Blocks are told by where they lie and never kept; everything else is held until it is whole, up to its bound. What
// cannot be BitTorrent is named, with its place, and ends the reading.

import { NO_BYTES, readUint } from '../../base/bytes';
import { decodeHandshake, HANDSHAKE, type Handshake } from './handshake';
import { BITTORRENT_LIMITS } from './limits';
import { decodeMessage, LENGTH, MESSAGE_HEAD, PIECE_HEAD, type BlockRange, type SmallMessage } from './message';
import { MESSAGE } from './names';

/** A block: its bytes are those from `end - length` to `end` of the stream. */
export type PieceMessage = { readonly type: 'piece' } & BlockRange;
export type StreamMessage = Handshake | SmallMessage | PieceMessage;

export interface ReadMessage {
  /** In the stream: its first byte and its end. */
  readonly start: number;
  readonly end: number;
  /** Bytes in it are valid until the caller changes those that it pushed. */
  readonly message: StreamMessage;
}

/** Why nothing more is read. `at`: in the stream. English, for developers. */
export interface BitTorrentFailure {
  readonly at: number;
  readonly why: string;
}

/** What has begun and is not whole. */
export interface PartialMessage {
  readonly start: number;
  readonly have: number;
  /** How much it will be, at least. */
  readonly need: number;
  /** A block whose place is known. */
  readonly piece: PieceMessage | null;
}

export interface ReaderOptions {
  /** Of the first byte that will be pushed. */
  readonly offset?: number;
  /** False: the handshake was before. */
  readonly handshake?: boolean;
  /** Bytes behind the length of a message that are taken at the most. */
  readonly most?: number;
}

export class BitTorrentStreamReader {
  readonly #most: number;
  #shaken: boolean;
  /** What came of a message that is not whole, but for blocks: the first `held` bytes of it. */
  #hold: Uint8Array = NO_BYTES;
  #held = 0;
  /** In the stream: where the message that is being read begins, and the end of what was pushed. */
  #start: number;
  #end: number;
  /** The block that is being read, and where it ends. */
  #piece: PieceMessage | null = null;
  #pieceEnd = 0;
  #failure: BitTorrentFailure | null = null;

  constructor({ offset = 0, handshake = true, most = BITTORRENT_LIMITS.message }: ReaderOptions = {}) {
    this.#start = offset;
    this.#end = offset;
    this.#shaken = !handshake;
    this.#most = Math.min(most, BITTORRENT_LIMITS.message);
  }

  get failure(): BitTorrentFailure | null {
    return this.#failure;
  }

  get partial(): PartialMessage | null {
    if (this.#failure !== null || this.#end === this.#start) return null;
    const need = this.#piece === null ? this.#need() : this.#pieceEnd - this.#start;
    return { start: this.#start, have: this.#end - this.#start, need, piece: this.#piece };
  }

  /** Bytes of a block that may come as a mere count (skip); 0 outside of one. */
  get skippable(): number {
    return this.#piece === null ? 0 : this.#pieceEnd - this.#end;
  }

  /** The next `size` bytes belong to a block and are not at hand; at most `skippable`. */
  skip(size: number): ReadMessage[] {
    if (size > this.skippable) throw new RangeError(`${size} bytes are not all of a block`);
    this.#end += size;
    return this.#end === this.#pieceEnd && this.#piece !== null ? [this.#block(this.#piece)] : [];
  }

  /** The next bytes of the stream; gives what became whole with them. Never throws. */
  push(bytes: Uint8Array): ReadMessage[] {
    const read: ReadMessage[] = [];
    if (this.#failure !== null || bytes.length === 0) return read;
    let at = 0;
    if (this.#piece !== null) {
      at = Math.min(bytes.length, this.skippable);
      read.push(...this.skip(at));
      if (at === bytes.length) return read;
    }
    const more = at === 0 ? bytes : bytes.subarray(at);
    this.#end += more.length;
    const whole = this.#held === 0 ? more : this.#append(more);
    if (whole === null) return read;
    const rest = this.#messages(whole, read);
    // What waits for more must not hang on the caller's buffer; what was given away is not written to again.
    this.#hold = rest === whole.length || this.#piece !== null || this.#failure !== null ? NO_BYTES : whole.slice(rest);
    this.#held = this.#hold.length;
    return read;
  }

  /** What is held with more behind it; null while that cannot be a message. */
  #append(more: Uint8Array): Uint8Array | null {
    const judged = this.#shaken && this.#held >= MESSAGE_HEAD;
    const size = this.#held + more.length;
    if (size > this.#hold.length) {
      const grown = new Uint8Array(Math.max(size, this.#hold.length * 2));
      grown.set(this.#hold.subarray(0, this.#held));
      this.#hold = grown;
    }
    this.#hold.set(more, this.#held);
    this.#held = size;
    // Each byte of a handshake, and of a message's head, may be the one that is wrong.
    return judged && size < this.#need() ? null : this.#hold.subarray(0, size);
  }

  /** Reads the messages of `bytes`, which end at the end of what was pushed; gives how many bytes they took. */
  #messages(bytes: Uint8Array, read: ReadMessage[]): number {
    for (let at = 0; at < bytes.length;) {
      const here = at === 0 ? bytes : bytes.subarray(at);
      const size = this.#shaken ? this.#message(here, read) : this.#handshake(here, read);
      if (size === 0) return at;
      at += size;
    }
    return bytes.length;
  }

  #handshake(bytes: Uint8Array, read: ReadMessage[]): number {
    const decoded = decodeHandshake(bytes);
    if ('status' in decoded) return decoded.status === 'malformed' ? this.#fail(decoded.at, decoded.why) : 0;
    this.#shaken = true;
    return this.#taken(decoded, HANDSHAKE.end, read);
  }

  #message(bytes: Uint8Array, read: ReadMessage[]): number {
    if (bytes.length < LENGTH) return 0;
    const length = readUint(bytes, 0, LENGTH);
    if (length > this.#most) return this.#fail(0, `a message of ${length} bytes where ${this.#most} are allowed`);
    if (bytes.length >= PIECE_HEAD && bytes[LENGTH] === MESSAGE.piece && length >= PIECE_HEAD - LENGTH) return this.#pieceHead(bytes, length, read);
    const decoded = decodeMessage(bytes);
    if ('status' in decoded) return decoded.status === 'malformed' ? this.#fail(decoded.at, decoded.why) : 0;
    return decoded.type === 'piece' ? 0 : this.#taken(decoded, LENGTH + length, read);
  }

  #pieceHead(bytes: Uint8Array, length: number, read: ReadMessage[]): number {
    const piece: PieceMessage = { type: 'piece', piece: readUint(bytes, MESSAGE_HEAD, 4), begin: readUint(bytes, MESSAGE_HEAD + 4, 4), length: LENGTH + length - PIECE_HEAD };
    if (bytes.length >= LENGTH + length) return this.#taken(piece, LENGTH + length, read);
    this.#piece = piece;
    this.#pieceEnd = this.#start + LENGTH + length;
    return 0;
  }

  #block(piece: PieceMessage): ReadMessage {
    const start = this.#start;
    this.#piece = null;
    this.#start = this.#pieceEnd;
    return { start, end: this.#pieceEnd, message: piece };
  }

  #taken(message: StreamMessage, size: number, read: ReadMessage[]): number {
    read.push({ start: this.#start, end: this.#start + size, message });
    this.#start += size;
    return size;
  }

  /** Bytes that the message will have, as far as its beginning tells. */
  #need(): number {
    if (!this.#shaken) return HANDSHAKE.end;
    if (this.#held < LENGTH) return LENGTH;
    if (this.#held < MESSAGE_HEAD) return MESSAGE_HEAD;
    return this.#hold[LENGTH] === MESSAGE.piece ? PIECE_HEAD : LENGTH + readUint(this.#hold, 0, LENGTH);
  }

  #fail(at: number, why: string): 0 {
    this.#failure = { at: this.#start + at, why };
    return 0;
  }
}
