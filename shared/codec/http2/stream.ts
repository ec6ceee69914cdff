// Reads one direction of an HTTP/2 connection: bytes of a stream come in as they arrive, frames with their places in it go out, header
// blocks decoded (RFC 9113 4, 6; HPACK state kept). Bounded; what breaks the connection is named, with its place, and ends the reading.
// Streams and their states are put together elsewhere.

import { concatBytes, equalBytes, NO_BYTES, readUint } from '../../base/bytes';
import { decodeFrame, FRAME_HEAD, PREFACE, type FrameFault, type Http2Error, type Http2Frame, type Setting } from './frame';
import { HpackDecoder, type HeaderBlock } from './hpack/decoder';
import { HTTP2_LIMITS } from './limits';
import { FLAGS, SETTINGS } from './names';
import { connectionRules } from './rules';

export interface ReadFrame {
  readonly kind: 'preface' | 'frame';
  /** In the stream: its first byte and its end. */
  readonly start: number;
  readonly end: number;
  /** The frame itself: valid until the caller changes the bytes that it pushed. */
  readonly bytes: Uint8Array;
  /** Null for the preface, and for a frame with a stream error. */
  readonly frame: Http2Frame | null;
  /** A header block that this frame completes, and where this frame's part of it begins in the block (0 but for CONTINUATION). */
  readonly headers: HeaderBlock | null;
  readonly fragmentAt: number;
  /** A fault that ends its stream only. */
  readonly fault: FrameFault | null;
}

/** Why nothing more is read. `at`: in the stream. */
export interface Http2Failure {
  readonly error: Http2Error;
  readonly at: number;
  readonly why: string;
}

interface OpenBlock {
  readonly streamId: number;
  readonly fragments: Uint8Array[];
  frames: number;
  size: number;
}

export class Http2StreamReader {
  readonly #decoder = new HpackDecoder();
  readonly #client: boolean;
  #rest: Uint8Array = NO_BYTES;
  /** What came after `rest` and does not yet make its frame whole. */
  #later: Uint8Array[] = [];
  #laterSize = 0;
  /** Of the first byte of `rest`. */
  #offset = 0;
  #begun = false;
  #settled = false;
  #open: OpenBlock | null = null;
  #frameSize: number = HTTP2_LIMITS.frameSize;
  #failure: Http2Failure | null = null;

  /** `client`: this direction begins with the preface. `offset`: of the first byte that will be pushed. */
  constructor(side: 'client' | 'server', offset = 0) {
    this.#client = side === 'client';
    this.#begun = side === 'server';
    this.#offset = offset;
  }

  get failure(): Http2Failure | null {
    return this.#failure;
  }

  /** A frame that has begun and is not whole: where it begins, how much is here, and how much it will be (at least). */
  get partial(): { readonly start: number; readonly have: number; readonly need: number } | null {
    if (this.#rest.length === 0 || this.#failure !== null) return null;
    return { start: this.#offset, have: this.#rest.length + this.#laterSize, need: this.#need() };
  }

  /** SETTINGS that the other end of this direction sent: they allow larger frames and tables. */
  allow(settings: readonly Setting[]): void {
    for (const { id, value } of settings) {
      if (id === SETTINGS.HEADER_TABLE_SIZE) this.#decoder.allow(value);
      if (id === SETTINGS.MAX_FRAME_SIZE && value <= HTTP2_LIMITS.largestFrameSize) this.#frameSize = Math.max(this.#frameSize, value);
    }
  }

  /** The next bytes of the stream; gives what became whole with them. Never throws. */
  push(bytes: Uint8Array): ReadFrame[] {
    if (this.#failure !== null) return [];
    if (this.#begun && this.#rest.length > 0 && this.#rest.length + this.#laterSize + bytes.length < this.#need()) {
      this.#later.push(bytes.slice());
      this.#laterSize += bytes.length;
      return [];
    }
    this.#rest = this.#rest.length === 0 ? bytes : concatBytes(this.#rest, ...this.#later, bytes);
    this.#later = [];
    this.#laterSize = 0;
    const read: ReadFrame[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) read.push(next);
    // What waits for more must not hang on the caller's buffer.
    if (this.#rest.length > 0) this.#rest = this.#rest.slice();
    return read;
  }

  #need(): number {
    if (!this.#begun) return PREFACE.length;
    return this.#rest.length < FRAME_HEAD ? FRAME_HEAD : FRAME_HEAD + readUint(this.#rest, 0, 3);
  }

  #next(): ReadFrame | null {
    if (this.#failure !== null || this.#rest.length === 0) return null;
    if (!this.#begun) return this.#preface();
    if (this.#rest.length >= FRAME_HEAD && this.#need() - FRAME_HEAD > this.#frameSize) {
      return this.#fail('FRAME_SIZE_ERROR', 0, `a frame of ${this.#need() - FRAME_HEAD} bytes where ${this.#frameSize} are allowed`);
    }
    if (this.#rest.length < FRAME_HEAD || this.#rest.length < this.#need()) return null;
    return this.#frame(this.#rest.subarray(0, this.#need()));
  }

  #preface(): ReadFrame | null {
    const here = this.#rest.subarray(0, PREFACE.length);
    if (!equalBytes(here, PREFACE.subarray(0, here.length))) return this.#fail('PROTOCOL_ERROR', 0, 'not the preface of a client');
    if (here.length < PREFACE.length) return null;
    this.#begun = true;
    return this.#taken('preface', here, null, null, 0, null);
  }

  #frame(bytes: Uint8Array): ReadFrame | null {
    const decoded = decodeFrame(bytes);
    const broken = 'fault' in decoded ? decoded.fault : connectionRules(decoded.frame, { settled: this.#settled, open: this.#open?.streamId ?? null, client: this.#client });
    if (broken?.ends === 'connection') return this.#fail(broken.error, broken.at, broken.why);
    if ('fault' in decoded) return this.#open === null ? this.#taken('frame', bytes, null, null, 0, broken) : this.#fail('PROTOCOL_ERROR', 0, 'another frame within a header block');
    this.#settled = true;
    const { frame } = decoded;
    if (!('fragment' in frame)) return this.#taken('frame', bytes, frame, null, 0, broken);
    return this.#headers(bytes, frame, frame.fragment, broken);
  }

  #headers(bytes: Uint8Array, frame: Http2Frame, fragment: Uint8Array, broken: FrameFault | null): ReadFrame | null {
    const open = this.#open ?? { streamId: frame.streamId, fragments: [], frames: 0, size: 0 };
    const fragmentAt = open.size;
    open.size += fragment.length;
    open.frames++;
    if (open.frames > HTTP2_LIMITS.blockFrames) return this.#fail('ENHANCE_YOUR_CALM', 0, `a header block of more than ${HTTP2_LIMITS.blockFrames} frames`);
    if (open.size > HTTP2_LIMITS.block) return this.#fail('ENHANCE_YOUR_CALM', 0, `a header block of more than ${HTTP2_LIMITS.block} bytes`);
    const whole = (frame.flags & FLAGS.END_HEADERS) !== 0;
    if (!whole) {
      open.fragments.push(fragment.slice());
      this.#open = open;
      return this.#taken('frame', bytes, frame, null, fragmentAt, broken);
    }
    this.#open = null;
    const headers = this.#decoder.decode(open.fragments.length === 0 ? fragment : concatBytes(...open.fragments, fragment));
    const taken = this.#taken('frame', bytes, frame, headers, fragmentAt, broken);
    // The frame is given as it is; it is the last one.
    if (headers.fault !== null) {
      this.#failure = { error: 'COMPRESSION_ERROR', at: taken.end - bytes.length + (fragment.byteOffset - bytes.byteOffset) + Math.max(0, headers.fault.at - fragmentAt), why: headers.fault.why };
      this.#rest = NO_BYTES;
    }
    return taken;
  }

  #taken(kind: ReadFrame['kind'], bytes: Uint8Array, frame: Http2Frame | null, headers: HeaderBlock | null, fragmentAt: number, fault: FrameFault | null): ReadFrame {
    const start = this.#offset;
    this.#offset += bytes.length;
    this.#rest = this.#rest.subarray(bytes.length);
    return { kind, start, end: this.#offset, bytes, frame, headers, fragmentAt, fault };
  }

  #fail(error: Http2Error, at: number, why: string): null {
    this.#failure = { error, at: this.#offset + at, why };
    this.#rest = NO_BYTES;
    this.#open = null;
    return null;
  }
}
