// Packet blocks of plain data - what a call sent, in one frame - straight into the bytes of a file: for runs of a million of them, where an object for each
// header would take longer than all the rest. A frame that headers.ts made is the pattern of its direction: only lengths, numbers and checksums change.

import { IS_LITTLE_ENDIAN } from '../../base/byteOrder';
import { foldChecksum } from '../../base/checksum';
import { packetBlockSize, putPacketBlock } from '../../codec/pcapng/write';
import { reconstruct } from '../headers';
import { startedAt } from '../startedAt';
import type { TraceStore } from '../store';
import type { DataRow, Story } from '../story';

const ETHERNET = 14;
const TCP = 20;
const LARGEST = 65_535;
const PIECE = 256 * 1024;
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

export class DataFrames {
  #piece = new Uint8Array(PIECE);
  #view = new DataView(this.#piece.buffer);
  #filled = 0;
  /** Two bytes into its memory, so that payloads begin at a multiple of four. */
  readonly #frame = new Uint8Array(new ArrayBuffer(2 + ETHERNET + 40 + LARGEST + 3), 2);
  readonly #frameView = new DataView(this.#frame.buffer, 2);
  readonly #words = new Uint32Array(this.#frame.buffer, 0, this.#frame.buffer.byteLength >> 2);
  readonly #patterns = new Map<number, Pattern | null>();
  readonly #row: DataRow = { segment: 0, way: 0, t: 0, offset: 0, size: 0, payload: -1, skip: 0, acknowledged: 0 };
  readonly #seconds: number;
  readonly #rest: number;

  constructor(private readonly story: Story, private readonly trace: TraceStore) {
    const origin = startedAt(trace);
    this.#seconds = Math.floor(origin / 1_000_000);
    this.#rest = origin % 1_000_000;
  }

  /** Adds the packet block of a moment; false: it is no plain data, and nothing was added. */
  add(index: number): boolean {
    const row = this.#row;
    if (!this.story.dataAt(index, row) || row.payload < 0) return false;
    const pattern = this.#pattern(row);
    const kept = this.trace.payload(row.payload);
    const length = Math.min(kept.length - row.skip, row.size);
    const nanos = Math.round((this.#rest + row.t) * 1000);
    if (pattern === null || length <= 0 || nanos < 0 || this.#seconds < 0) return false;
    const { headers, network } = pattern;
    if (network + TCP + length > LARGEST) return false;
    const block = packetBlockSize(headers.length + length);
    if (this.#filled + block > PIECE) return false;
    this.#fill(pattern, row, kept, length);
    const seconds = this.#seconds + Math.floor(nanos / BILLION);
    const parts = nanos % BILLION;
    // As the writer of captures has it: a double cannot hold the count, but each half of it.
    const low = (Math.imul(seconds, BILLION) + parts) >>> 0;
    const high = Math.round((seconds * BILLION + parts - low) / TWO_32);
    const size = headers.length + length;
    this.#filled = putPacketBlock(this.#piece, this.#view, this.#filled, 0, high, low, this.#frame, 0, size, size);
    return true;
  }

  /** True when the next one may find no room: `take` first. */
  get full(): boolean {
    return this.#filled > PIECE - LARGEST - 256;
  }

  /** The blocks since the last time; the caller's own. Null: there are none. */
  take(): Uint8Array<ArrayBuffer> | null {
    if (this.#filled === 0) return null;
    const taken = this.#piece.slice(0, this.#filled);
    this.#filled = 0;
    return taken;
  }

  #fill({ headers, network, ipSum, tcpSum }: Pattern, row: DataRow, kept: Uint8Array, length: number): void {
    const frame = this.#frame;
    const view = this.#frameView;
    const transport = ETHERNET + network;
    frame.set(headers);
    const sequence = (1 + row.offset) >>> 0;
    const acknowledgment = (1 + row.acknowledged) >>> 0;
    if (network === 20) {
      view.setUint16(ETHERNET + 2, network + TCP + length);
      view.setUint16(ETHERNET + 10, foldChecksum(ipSum + network + TCP + length));
    } else view.setUint16(ETHERNET + 4, TCP + length);
    view.setUint32(transport + 4, sequence);
    view.setUint32(transport + 8, acknowledgment);
    const sum = tcpSum + TCP + length + (sequence >>> 16) + (sequence & 0xffff) + (acknowledgment >>> 16) + (acknowledgment & 0xffff);
    const to = transport + TCP;
    frame.set(kept.subarray(row.skip, row.skip + length), to);
    view.setUint16(transport + 16, foldChecksum(sum + this.#sum(to, length)));
  }

  /** Of the payload, as a sum of 16-bit words: four bytes at a step, in the machine's order, which a sum of this kind does not mind (RFC 1071 2 B). */
  #sum(at: number, length: number): number {
    const words = this.#words;
    this.#frame.fill(0, at + length, at + length + 3);
    const end = (at + 2 + length + 3) >> 2;
    let sum = 0;
    for (let i = (at + 2) >> 2; i < end; i++) {
      const word = words[i] ?? 0;
      sum += (word & 0xffff) + (word >>> 16);
    }
    const folded = ~foldChecksum(sum) & 0xffff;
    return IS_LITTLE_ENDIAN ? ((folded & 0xff) << 8) | (folded >>> 8) : folded;
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
