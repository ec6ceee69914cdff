// Packet blocks of plain data - what a call sent, in one frame - straight into the bytes of a file: for runs of a million of them, where an object for each
// header would take longer than all the rest. A frame that headers.ts made is the pattern of its direction: only lengths, numbers and checksums change.

import { IS_LITTLE_ENDIAN } from '../../base/byteOrder';
import { foldChecksum } from '../../base/checksum';
import { PACKET_AT, framePacketBlock, packetBlockSize } from '../../codec/pcapng/write';
import { reconstruct } from '../headers';
import { startedAt } from '../startedAt';
import type { TraceStore } from '../store';
import type { DataRow, Story } from '../story';

const ETHERNET = 14;
const TCP = 20;
const LARGEST = 65_535;
const PIECE = 512 * 1024;
/** Room for a packet of any length and what stands around it. */
const ROOM = LARGEST + 256;
const BILLION = 1_000_000_000;
const TWO_32 = 4_294_967_296;

/** Headers of one direction, with zeros where segments differ; the sums of what does not change. */
interface Pattern {
  readonly headers: Uint8Array;
  /** Of the IP header: 20 or 40 bytes. */
  readonly network: number;
  readonly ipSum: number;
  readonly tcpSum: number;
}

/** Blocks that go out together. */
interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  readonly words: Uint32Array;
}

const newPiece = (): Piece => {
  const buffer = new ArrayBuffer(PIECE);
  return { bytes: new Uint8Array(buffer), view: new DataView(buffer), words: new Uint32Array(buffer) };
};

export class DataFrames {
  /** Its memory is zero behind what is filled. Null until there is something for it. */
  #piece: Piece | null = null;
  #filled = 0;
  readonly #patterns = new Map<number, Pattern | null>();
  readonly #row: DataRow = { segment: 0, way: 0, t: 0, offset: 0, size: 0, payload: -1, skip: 0, acknowledged: 0 };
  readonly #seconds: number;
  readonly #rest: number;

  constructor(private readonly story: Story, private readonly trace: TraceStore) {
    const origin = startedAt(trace);
    this.#seconds = Math.floor(origin / 1_000_000);
    this.#rest = origin % 1_000_000;
  }

  /** Adds the packet block of a moment. 'none': it has no packet; 'other': it is no plain data. Then nothing was added. */
  add(index: number): 'added' | 'none' | 'other' {
    const row = this.#row;
    const what = this.story.dataAt(index, row);
    if (what === 'none') return 'none';
    if (what === 'other' || row.payload < 0) return 'other';
    const pattern = this.#pattern(row);
    const whole = this.trace.payload(row.payload);
    const length = Math.min(whole.length - row.skip, row.size);
    const nanos = Math.round((this.#rest + row.t) * 1000);
    if (pattern === null || length <= 0 || nanos < 0 || this.#seconds < 0) return 'other';
    const size = pattern.headers.length + length;
    if (pattern.network + TCP + length > LARGEST || this.#filled + packetBlockSize(size) > PIECE) return 'other';
    const piece = (this.#piece ??= newPiece());
    const at = this.#filled;
    this.#fill(piece, at + PACKET_AT, pattern, row, row.skip === 0 && length === whole.length ? whole : whole.subarray(row.skip, row.skip + length));
    const seconds = this.#seconds + Math.floor(nanos / BILLION);
    const parts = nanos % BILLION;
    // As the writer of captures has it: a double cannot hold the count, but each half of it.
    const low = (Math.imul(seconds, BILLION) + parts) >>> 0;
    const high = Math.round((seconds * BILLION + parts - low) / TWO_32);
    this.#filled = framePacketBlock(piece.view, at, 0, high, low, size, size);
    return 'added';
  }

  /** True when the next one may find no room: `take` first. */
  get full(): boolean {
    return this.#filled > PIECE - ROOM;
  }

  /** The blocks since the last time; the caller's own. Null: there are none. */
  take(): Uint8Array<ArrayBuffer> | null {
    const filled = this.#filled;
    if (this.#piece === null || filled === 0) return null;
    // A copy of few costs less than memory for many.
    const taken = filled > PIECE / 2 ? this.#piece.bytes.subarray(0, filled) : this.#piece.bytes.slice(0, filled);
    if (filled > PIECE / 2) this.#piece = null;
    else this.#piece.bytes.fill(0, 0, filled);
    this.#filled = 0;
    return taken;
  }

  #fill({ bytes, view, words }: Piece, at: number, { headers, network, ipSum, tcpSum }: Pattern, row: DataRow, payload: Uint8Array): void {
    const { length } = payload;
    const ip = at + ETHERNET;
    const transport = ip + network;
    bytes.set(headers, at);
    bytes.set(payload, transport + TCP);
    const sequence = (1 + row.offset) >>> 0;
    const acknowledgment = (1 + row.acknowledged) >>> 0;
    if (network === 20) {
      view.setUint16(ip + 2, network + TCP + length);
      view.setUint16(ip + 10, foldChecksum(ipSum + network + TCP + length));
    } else view.setUint16(ip + 4, TCP + length);
    view.setUint32(transport + 4, sequence);
    view.setUint32(transport + 8, acknowledgment);
    const sum = tcpSum + TCP + length + (sequence >>> 16) + (sequence & 0xffff) + (acknowledgment >>> 16) + (acknowledgment & 0xffff);
    view.setUint16(transport + 16, foldChecksum(sum + sumOf(words, transport + TCP, length)));
  }

  /** Made of the first segment of its direction; null: it is not TCP in a header of 20 bytes. */
  #pattern({ way, segment }: DataRow): Pattern | null {
    const known = this.#patterns.get(way);
    if (known !== undefined) return known;
    const made = reconstruct(this.story, this.trace, segment);
    const pattern = made === null || made.payloadStart - made.transportStart !== TCP ? null : patternOf(made.bytes.slice(0, made.payloadStart), made.transportStart - made.networkStart);
    this.#patterns.set(way, pattern);
    return pattern;
  }
}

/**
 * Of a payload, as a sum of 16-bit words: four bytes at a step, in the machine's order, which a sum of this kind does not mind (RFC 1071 2 B). A payload
 * begins two bytes behind a multiple of four: those are the urgent pointer, which is 0; so is what fills the block up.
 */
function sumOf(words: Uint32Array, at: number, length: number): number {
  const end = (at + length + 3) >> 2;
  let even = 0;
  let odd = 0;
  for (let i = at >> 2; i < end; i++) {
    const word = words[i] ?? 0;
    even += word & 0xffff;
    odd += word >>> 16;
  }
  const folded = ~foldChecksum(even + odd) & 0xffff;
  return IS_LITTLE_ENDIAN ? ((folded & 0xff) << 8) | (folded >>> 8) : folded;
}

function patternOf(headers: Uint8Array, network: number): Pattern {
  const view = new DataView(headers.buffer);
  const transport = ETHERNET + network;
  const sum = (from: number, to: number): number => {
    let total = 0;
    for (let at = from; at < to; at += 2) total += view.getUint16(at);
    return total;
  };
  // Lengths and checksum (RFC 791 3.1; RFC 8200 3), numbers and checksum (RFC 9293 3.1).
  for (const at of network === 20 ? [2, 10] : [4]) view.setUint16(ETHERNET + at, 0);
  for (const at of [4, 8]) view.setUint32(transport + at, 0);
  view.setUint16(transport + 16, 0);
  const addresses = network === 20 ? sum(ETHERNET + 12, transport) : sum(ETHERNET + 8, transport);
  return { headers, network, ipSum: sum(ETHERNET, transport), tcpSum: addresses + 6 + sum(transport, transport + TCP) };
}
