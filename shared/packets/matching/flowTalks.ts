// Which TCP connections may speak a protocol that is known here, and from which packet on: told from the first bytes of each segment, in one pass over the
// packets, so that filters of HTTP or TLS dissect no connection whose bytes nobody knows. In doubt it may; what it says 'no' of is data to the dissection.

import type { Claim } from '../../codec/codec';
import { claimed } from '../../codec/dissect';
import { isToken } from '../../codec/http/chars';
import { KNOWN_BY_BYTES, recognize } from '../../codec/recognize';
import type { FlowTable } from '../flows/flowTable';
import { KIND } from '../index/linkHeader';
import { CHUNK, PACKET_FLAG, type PacketTable } from '../packetTable';
import { DISSECTION_LIMITS } from '../dissection/limits';
import type { PacketWindow } from './packetWindow';

const NEVER = 0xffff_ffff;
/** Their segments count as empty (follow/segment.ts). */
const EMPTY = PACKET_FLAG.fragment | PACKET_FLAG.damaged;

export class FlowTalks {
  /** By flow: the first packet from which on something may be known; NEVER: none so far. */
  #since = new Uint32Array(0);
  /** By flow << 1 | reverse: behind the last byte so far, and whether there was one. */
  #end = new Uint32Array(0);
  #begun = new Uint8Array(0);
  #flows = 0;
  #next = 0;

  constructor(private readonly table: PacketTable, private readonly flows: FlowTable, private readonly window: PacketWindow) {}

  /** Packets that were looked at. */
  get next(): number {
    return this.#next;
  }

  /** By flow, for packets before `next`: from which packet on it may be more than data. */
  get since(): Uint32Array {
    return this.#since;
  }

  /** Looks at the packets up to before `until`; at most `most` of them. True: it is there. */
  advance(until: number, most = Infinity): boolean {
    this.#grow();
    const end = Math.min(until, this.table.count, this.#next + most);
    while (this.#next < end) {
      const chunk = this.table.chunks[Math.floor(this.#next / CHUNK)];
      const row = this.#next % CHUNK;
      const rows = Math.min(CHUNK, row + end - this.#next);
      if (chunk === undefined) return true;
      const { kind, flags, flow, payload, sequence, captured } = chunk;
      for (let i = row; i < rows; i++) {
        const length = payload[i] ?? 0;
        if (kind[i] !== KIND.tcp || length === 0) continue;
        const bits = flags[i] ?? 0;
        const own = flow[i] ?? 0;
        if ((bits & EMPTY) === 0 && this.#since[own] === NEVER && this.#isKnown(own, bits, sequence[i] ?? 0, length, chunk.payloadAt[i] ?? 0, captured[i] ?? 0, this.#next + i - row)) this.#since[own] = this.#next + i - row;
      }
      this.#next += rows - row;
    }
    return this.#next >= Math.min(until, this.table.count);
  }

  #isKnown(flow: number, flags: number, sequence: number, length: number, at: number, captured: number, packet: number): boolean {
    const side = (flow << 1) | ((flags & PACKET_FLAG.reverse) === 0 ? 0 : 1);
    const first = (sequence + ((flags & 2) === 0 ? 0 : 1)) >>> 0;
    // What came twice, or later than what follows it, is cut where it overlaps: a piece of it may begin anywhere.
    const overlaps = this.#begun[side] === 1 && ((first - (this.#end[side] ?? 0)) | 0) < 0;
    this.#begun[side] = 1;
    this.#end[side] = (first + length) >>> 0;
    if (overlaps) return true;
    const start = this.window.place(packet);
    return mayBegin(this.window.bytes, start + at, Math.min(start + at + length, start + captured), length);
  }

  #grow(): void {
    const { count, columns } = this.flows;
    if (this.#since.length <= count) {
      const room = Math.max(256, columns.room, count + 1);
      const [since, end, begun] = [new Uint32Array(room).fill(NEVER), new Uint32Array(room * 2), new Uint8Array(room * 2)];
      since.set(this.#since);
      end.set(this.#end);
      begun.set(this.#begun);
      [this.#since, this.#end, this.#begun] = [since, end, begun];
    }
    for (; this.#flows <= count; this.#flows++) {
      const ports = columns.ports[this.#flows] ?? 0;
      if (this.#flows === 0 || (columns.kind[this.#flows] === KIND.tcp && standsFor(ports >>> 16, ports & 0xffff))) this.#since[this.#flows] = 0;
    }
  }
}

/** By port: it alone makes something of what is said there, as dissection/streams/detect.ts has it; of those known by their bytes only HTTP on 80. */
const known = new Int8Array(65_536).fill(-1);

function standsFor(a: number, b: number): boolean {
  const one = (port: number): boolean => {
    if (known[port] === -1) {
      const codec = claimed([`tcp.port:${port}` satisfies Claim]);
      known[port] = port === 80 || (codec !== null && !KNOWN_BY_BYTES.has(codec.protocol)) ? 1 : 0;
    }
    return known[port] === 1;
  };
  return one(a) || one(b);
}

/** Whether a stream that is read from `at` on, by whoever sent it, may turn out to be something, now or with more bytes: `stop` is behind those that were captured of `length`. */
function mayBegin(bytes: Uint8Array, at: number, stop: number, length: number): boolean {
  if (at >= stop) return false;
  const first = bytes[at] ?? 0;
  // TLS records, of a stream that was joined in its middle too; handshakes of BitTorrent.
  if (first >= 0x13 && first <= 0x18) return length < 2 || stop <= at + 1 || bytes[at + 1] === (first === 0x13 ? 0x42 : 3);
  if (!isToken(first)) return false;
  const end = Math.min(stop, at + DISSECTION_LIMITS.recognize);
  // A method and a space, or "HTTP/1." and the preface of HTTP/2; what is neither so far, and not at its end, is none of them.
  let space = at;
  while (space < end && isToken(bytes[space] ?? 0)) space++;
  if (space < end && bytes[space] !== 0x20 && bytes[space] !== 0x2f) return false;
  const begun = bytes.subarray(at, end);
  return recognize(begun, 'up', null, false) !== 'none' || recognize(begun, 'down', null, false) !== 'none';
}
