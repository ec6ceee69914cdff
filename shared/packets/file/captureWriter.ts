// Packets as the bytes of a new capture file: a sink that a reader tells packets to, and pieces of the file out of it. Nothing is kept but the
// piece at hand. What the new format cannot hold is counted.

import { interfaceBlock, packetBlockSize, putPacketBlock, sectionBlock } from '../../codec/pcapng/write';
import { PCAP_RECORD } from '../../codec/pcap/format';
import { pcapHeader, putPcapRecord } from '../../codec/pcap/write';
import type { CaptureInterface, CaptureSink } from '../captureFacts';

const PIECE = 1024 * 1024;
const TWO_32 = 4_294_967_296;
const NANOS = 1_000_000_000;

/** Bytes that grow at their end, and are taken away in pieces: while one is written, the other is filled. */
class Piece {
  bytes = new Uint8Array(PIECE);
  view = new DataView(this.bytes.buffer);
  filled = 0;
  #other = new Uint8Array(PIECE);

  /** Makes room for `size` more bytes. */
  reserve(size: number): void {
    if (this.filled + size <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.filled + size, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.filled));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  add(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.filled);
    this.filled += bytes.length;
  }

  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes;
    const { filled } = this;
    this.bytes = this.#other;
    this.view = new DataView(this.bytes.buffer);
    this.filled = 0;
    this.#other = taken;
    return taken.subarray(0, filled);
  }
}

export interface CaptureWriter extends CaptureSink {
  /** The file's bytes since the last time; they are right until the next time. */
  take(): Uint8Array<ArrayBuffer>;
}

/** A pcapng with the interfaces that it is told, each at its number, and times as fine as theirs. `application`: who writes. */
export class PcapngWriter implements CaptureWriter {
  readonly #piece = new Piece();
  /** By interface. */
  readonly #nanoseconds: boolean[] = [];

  constructor(application: string) {
    this.#piece.add(sectionBlock(application));
  }

  interface({ linkType, name, description, snapLength, resolution, fcs }: CaptureInterface): void {
    const nanoseconds = resolution !== 1_000_000;
    this.#nanoseconds.push(nanoseconds);
    this.#piece.add(interfaceBlock(linkType, name, description, { places: nanoseconds ? 9 : 6, snapLength, fcs: fcs ?? null }));
  }

  packet(iface: number, seconds: number, nanos: number, bytes: Uint8Array, start: number, captured: number, wire: number): void {
    const piece = this.#piece;
    piece.reserve(packetBlockSize(captured));
    const [scale, parts] = this.#nanoseconds[iface] === true ? [NANOS, nanos] : [1_000_000, Math.floor(nanos / 1000)];
    // A double cannot hold the count in nanoseconds, but its lower half can be had by itself, and then the upper one.
    const low = (Math.imul(seconds, scale) + parts) >>> 0;
    const high = Math.round((seconds * scale + parts - low) / TWO_32);
    piece.filled = putPacketBlock(piece.bytes, piece.view, piece.filled, iface, high, low, bytes, start, captured, wire);
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#piece.take();
  }
}

/** A pcap with the packets of one link type. */
export class PcapWriter implements CaptureWriter {
  readonly #piece = new Piece();
  readonly #linkTypes: number[] = [];
  /** Packets of other link types, which are not in the file. */
  others = 0;
  /** Packets whose time does not fit in 32 bits of seconds: they have the nearest that does. */
  moved = 0;

  constructor(private readonly options: { readonly linkType: number; readonly snapLength: number; readonly nanoseconds: boolean; readonly fcs: number | null }) {
    this.#piece.add(pcapHeader(options));
  }

  interface({ linkType }: CaptureInterface): void {
    this.#linkTypes.push(linkType);
  }

  packet(iface: number, seconds: number, nanos: number, bytes: Uint8Array, start: number, captured: number, wire: number): void {
    const { linkType, nanoseconds } = this.options;
    if (this.#linkTypes[iface] !== linkType) {
      this.others++;
      return;
    }
    const piece = this.#piece;
    piece.reserve(PCAP_RECORD + captured);
    const fits = seconds >= 0 && seconds < TWO_32;
    if (!fits) this.moved++;
    const parts = nanoseconds ? nanos : Math.floor(nanos / 1000);
    const at = fits ? seconds : seconds < 0 ? 0 : TWO_32 - 1;
    piece.filled = putPcapRecord(piece.bytes, piece.view, piece.filled, at, fits ? parts : 0, bytes, start, captured, wire);
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#piece.take();
  }
}
