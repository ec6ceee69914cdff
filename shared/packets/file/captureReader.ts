// Reads a capture file that comes in pieces of any size: finds out what it is, and tells packets to a sink and the rest to CaptureFacts. Items that
// a piece ends in are carried over to the next, each byte once. Knows no file: electron/packets brings the bytes, already expanded.

import type { CaptureComplaint, CaptureFacts, CaptureSink } from '../captureFacts';
import { CaptureError } from './captureError';
import { captureKind, KIND_BYTES, likeness } from './captureKind';
import { FactsBuilder } from './factsBuilder';
import { PcapngScanner } from './pcapngScanner';
import { PcapScanner } from './pcapScanner';
import type { Scanner } from './scanner';

/** Bytes that the store for carried items begins with; it grows with what comes, never with what a length says. */
const CARRIED = 4096;

export class CaptureReader {
  readonly #facts: FactsBuilder;
  #scanner: Scanner | null = null;
  /** The beginning of an item that is not whole yet, how much of it there is, and the place of its first byte in the file. */
  #carried = new Uint8Array(CARRIED);
  #view = new DataView(this.#carried.buffer);
  #held = 0;
  #heldAt = 0;
  /** Bytes that were given before this piece. */
  #before = 0;

  /** `gzip`: the bytes were compressed in the file. `live`: a program is writing them now, and packets must not wait for others. */
  constructor(sink: CaptureSink, private readonly options: { readonly gzip?: boolean; readonly live?: boolean } = {}) {
    this.#facts = new FactsBuilder(sink, options.gzip === true);
  }

  /** What is known so far; grows as pieces come. */
  get facts(): CaptureFacts {
    return this.#facts;
  }

  /** There is damage: further pieces change nothing. */
  get stopped(): boolean {
    return this.#facts.damage !== null;
  }

  /** Packets told so far. */
  get packets(): number {
    return this.#facts.packets;
  }

  /** Bytes given so far. */
  get size(): number {
    return this.#before;
  }

  /** The next piece; it is not kept. Throws CaptureError when the file is no capture, and what the sink throws. */
  push(piece: Uint8Array): void {
    const view = new DataView(piece.buffer, piece.byteOffset, piece.length);
    let at = 0;
    while (at < piece.length && !this.stopped) {
      if (this.#held === 0 && this.#scanner !== null) {
        at = this.#scanner.scan(piece, view, at, piece.length, this.#before);
        if (this.stopped) break;
      }
      at = this.#carry(piece, at);
    }
    this.#before += piece.length;
  }

  /**
   * The file has no more bytes; `complaint`: what else is wrong with it there. What it says besides packets, with where it was cut. Throws
   * CaptureError as push does.
   */
  end(complaint: CaptureComplaint | null = null): CaptureFacts {
    const facts = this.#facts;
    if (this.stopped) return facts;
    if (complaint !== null && this.#scanner?.begun !== true) throw new CaptureError('CAPTURE_DAMAGED', complaint.why);
    const scanner = this.#scanner ?? this.#begin();
    const rest = this.#held - scanner.finish(this.#carried, this.#view, 0, this.#held, this.#heldAt);
    if (!this.stopped && complaint !== null) facts.damage = { offset: this.#before - rest, ...complaint };
    if (this.stopped || rest === 0) return facts;
    const what = facts.format === 'pcap' ? 'packet' : 'block';
    if (!scanner.begun) throw new CaptureError('CAPTURE_CUT', `the file ends in its header, after ${rest} B`);
    facts.damage = { offset: this.#before - rest, kind: 'cut', why: `the file is cut: ${rest} B of a ${what} of at least ${scanner.need} are there` };
    return facts;
  }

  /** Takes what the carried item still needs from the piece, and reads it when it is whole; where the piece goes on. */
  #carry(piece: Uint8Array, at: number): number {
    if (at === piece.length) return at;
    if (this.#held === 0) this.#heldAt = this.#before + at;
    const need = this.#scanner?.need ?? KIND_BYTES;
    const taken = piece.subarray(at, at + need - this.#held);
    this.#reserve(this.#held + taken.length);
    this.#carried.set(taken, this.#held);
    this.#held += taken.length;
    if (this.#held < need) return at + taken.length;
    const scanner = this.#scanner ?? this.#begin();
    const done = scanner.scan(this.#carried, this.#view, 0, this.#held, this.#heldAt);
    this.#carried.copyWithin(0, done, this.#held);
    this.#held -= done;
    this.#heldAt += done;
    return at + taken.length;
  }

  #reserve(size: number): void {
    if (size <= this.#carried.length) return;
    const larger = new Uint8Array(Math.max(size, this.#carried.length * 2));
    larger.set(this.#carried.subarray(0, this.#held));
    this.#carried = larger;
    this.#view = new DataView(larger.buffer);
  }

  /** What it is, by its first bytes. */
  #begin(): Scanner {
    const bytes = this.#carried.subarray(0, this.#held);
    const kind = captureKind(bytes);
    if (kind === null) throw notOne(bytes);
    this.#facts.format = kind;
    this.#scanner = kind === 'pcap' ? new PcapScanner(this.#facts, this.options.live === true) : new PcapngScanner(this.#facts);
    return this.#scanner;
  }
}

function notOne(bytes: Uint8Array): CaptureError {
  if (bytes.length === 0) return new CaptureError('CAPTURE_EMPTY', 'the file is empty');
  const like = likeness(bytes);
  return new CaptureError('NOT_A_CAPTURE', `it is neither pcap nor pcapng${like === '' ? '' : `: it looks like ${like}`}`);
}
