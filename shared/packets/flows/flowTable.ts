// Who talks with whom: finds the flow of each packet by hashing numbers, and makes a new one when nobody did yet or when a port pair begins anew.
// An open-addressing table on typed arrays: no text and no object a packet. Filled by index/packetIndexer.ts; Flow objects are made on demand.

import { concatBytes } from '../../base/bytes';
import { ipv4Bytes, ipv6Bytes } from '../../codec/address';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { HeaderScan } from '../index/headers';
import { KIND } from '../index/linkHeader';
import { u8 } from '../index/numbers';
import { PACKET_FLAG } from '../packetTable';
import { flowAt, type Flow } from './flow';
import { FlowColumns, KNOWN } from './flowColumns';
import { RecentFlows } from './recentFlows';
import { SackList } from './sackList';
import { StreamNumbers } from './streamNumbers';

const SYN_ACK = TCP_FLAGS.SYN | TCP_FLAGS.ACK;
const BOTH_BASES = KNOWN.base | (KNOWN.base << 1);
const WINDOW_SCALE = 3;
/** RFC 7323 2.3: greater shifts count as 14. */
const MAX_SHIFT = 14;
/** Entries of `rescaled`; the windows of what comes after are scaled as before. */
const RESCALED_LIMIT = 65_536;
/** Where #words has the hash. */
const HASH = 8;

type FlowEnd = Readonly<{ address: string; port: number }>;

export class FlowTable {
  readonly columns = new FlowColumns();
  /** Shifts of later SYNs of a flow whose shift is not the first one's, by packet: hardly ever any. -1: the SYN has no such option. */
  readonly rescaled = new Map<number, number>();
  /** Bytes that SACK options report, by packet. */
  readonly sacks = new SackList();
  #count = 0;
  /** Flow number (0: free) and hash of each slot. The length is a power of two, at most half are taken. */
  #slots = new Int32Array(2048);
  #taken = 0;
  readonly #recent = new RecentFlows();
  /** Differs from run to run, so that nobody can prepare a file whose flows all fall into one place. */
  readonly #seed = Math.floor(Math.random() * 0x1_0000_0000) | 0;
  /** Source's four words, destination's four, the hash. */
  readonly #words = new Int32Array(9);
  #side = 0;
  readonly #streams = { tcp: new StreamNumbers(), udp: new StreamNumbers() };

  /** Flows so far; they are numbered from 1. */
  get count(): number {
    return this.#count;
  }

  /** Streams of a protocol so far; they are numbered from 0. */
  streams(kind: 'tcp' | 'udp'): number {
    return this.#streams[kind].count;
  }

  /** Throws RangeError for a number that is not there. */
  flow(number: number): Flow {
    if (!Number.isInteger(number) || number < 1 || number > this.#count) throw new RangeError(`flow ${number} of ${this.#count}`);
    return flowAt(this.columns, number);
  }

  /** Flow number of tcp.stream or udp.stream; 0: there is none. */
  ofStream(kind: 'tcp' | 'udp', stream: number): number {
    return this.#streams[kind].flow(stream);
  }

  /** Flow number of these two ends, whoever sends; the latest one. 0: there is none. Throws RangeError for a text that is no address. */
  between(kind: 'tcp' | 'udp', source: FlowEnd, destination: FlowEnd): number {
    const four = !source.address.includes(':');
    const bytes = four ? concatBytes(ipv4Bytes(source.address), ipv4Bytes(destination.address)) : concatBytes(ipv6Bytes(source.address), ipv6Bytes(destination.address));
    // A scan of its own, of the same shape as all others.
    const scan = Object.assign(new HeaderScan(), { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), version: four ? 4 : 6, destinationAt: bytes.length / 2, sourcePort: source.port, destinationPort: destination.port });
    const number = kind === 'tcp' ? KIND.tcp : KIND.udp;
    return this.#slots[this.#find(scan, number)] ?? 0;
  }

  /** Flow number of a packet just scanned, whose address is in an IP header; sets the reverse flag of `scan`. 0: it has no addresses. */
  add(scan: HeaderScan, bytes: Uint8Array, packet: number, wire: number): number {
    const { version } = scan;
    if (version === 0) return 0;
    const kind = scan.ported || scan.kind === KIND.icmp || scan.kind === KIND.icmpv6 ? scan.kind : version === 4 ? KIND.ip : KIND.ipv6;
    const { columns } = this;
    const { flags } = scan;
    let flow = this.#recent.find(scan, kind);
    let { side } = this.#recent;
    if (flow === 0) {
      flow = this.#findOrBegin(scan, kind, packet);
      side = this.#side;
    }
    if (kind === KIND.tcp) {
      if ((flags & SYN_ACK) === TCP_FLAGS.SYN && this.#beginsAnew(flow, side, scan)) {
        flow = this.#begin(scan, kind, packet, this.#find(scan, kind));
        columns.reused[flow] = 1;
        side = 0;
      }
      if ((flags & TCP_FLAGS.SYN) !== 0 || ((columns.known[flow] ?? 0) & BOTH_BASES) !== BOTH_BASES) this.#learn(flow, side, scan, bytes, packet);
    }
    if (scan.optionsEnd > scan.optionsAt) this.sacks.add(packet, bytes, scan.view, scan.optionsAt, scan.optionsEnd);
    scan.flags = flags | (side * PACKET_FLAG.reverse);
    const at = (flow << 1) | side;
    columns.packets[at] = (columns.packets[at] ?? 0) + 1;
    columns.bytes[at] = (columns.bytes[at] ?? 0) + wire;
    columns.last[flow] = packet;
    return flow;
  }

  /** Of a packet that is not of a recent flow; sets #side. */
  #findOrBegin(scan: HeaderScan, kind: number, packet: number): number {
    const slot = this.#find(scan, kind);
    const flow = this.#slots[slot] ?? 0;
    if (flow === 0) return this.#begin(scan, kind, packet, this.#take(slot));
    this.#recent.keep(this.columns, flow);
    return flow;
  }

  /**
   * Where the packet's flow stands in #slots, or would: the flow there is 0. Sets #side: 1 when the flow's second end sent the packet, 0 also for a flow
   * that is not there; keeps addresses and hash in #words. (Signed numbers throughout: others would be objects of V8's where a call is not inlined.)
   */
  #find(scan: HeaderScan, kind: number): number {
    const { view, version, sourceAt, destinationAt, sourcePort, destinationPort } = scan;
    const words = this.#words;
    const count = version === 4 ? 1 : 4;
    for (let word = 0; word < count; word++) {
      words[word] = view.getInt32(sourceAt + word * 4);
      words[4 + word] = view.getInt32(destinationAt + word * 4);
    }
    this.#side = 0;
    return this.#search(kind, version, (sourcePort << 16) | destinationPort, (destinationPort << 16) | sourcePort);
  }

  /** By the hash of the addresses in #words, ports and kind, which is the same for both directions. */
  #search(kind: number, version: number, ahead: number, back: number): number {
    const slots = this.#slots;
    const words = this.#words;
    const mask = slots.length - 2;
    let source = ahead >>> 16;
    let destination = back >>> 16;
    for (let word = 0; word < (version === 4 ? 1 : 4); word++) {
      source = mix(source ^ (words[word] ?? 0) ^ this.#seed);
      destination = mix(destination ^ (words[4 + word] ?? 0) ^ this.#seed);
    }
    const hash = mix((source + destination + kind) | 0);
    words[HASH] = hash;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const flow = slots[slot] ?? 0;
      if (flow === 0 || (slots[slot + 1] === hash && this.#is(flow, kind, version, ahead, back))) return slot;
    }
  }

  /** Whether it is the flow of the packet whose addresses are in #words; sets #side then. */
  #is(flow: number, kind: number, version: number, ahead: number, back: number): boolean {
    const { ports, kind: kinds, version: versions } = this.columns;
    const both = (ports[flow] ?? 0) | 0;
    if (kinds[flow] !== kind || versions[flow] !== version) return false;
    if (both === ahead && this.#addressed(flow, version, 0)) this.#side = 0;
    else if (both === back && this.#addressed(flow, version, 4)) this.#side = 1;
    else return false;
    return true;
  }

  /** True when the flow's first end is the source (turn 0) or the destination (turn 4), and its second the other. */
  #addressed(flow: number, version: number, turn: number): boolean {
    const { addresses } = this.columns;
    const words = this.#words;
    const at = flow * 8;
    if (version === 4) return ((addresses[at] ?? 0) | 0) === words[turn] && ((addresses[at + 4] ?? 0) | 0) === words[4 ^ turn];
    for (let word = 0; word < 4; word++) {
      if (((addresses[at + word] ?? 0) | 0) !== words[word ^ turn] || ((addresses[at + 4 + word] ?? 0) | 0) !== words[(4 + word) ^ turn]) return false;
    }
    return true;
  }

  /** As Wireshark 4.0's tcp.stream: a SYN with another number than the connection began with is a new connection. */
  #beginsAnew(flow: number, side: number, scan: HeaderScan): boolean {
    return ((this.columns.known[flow] ?? 0) & (KNOWN.base << side)) !== 0 && this.columns.base[flow * 2 + side] !== scan.sequence;
  }

  #begin(scan: HeaderScan, kind: number, packet: number, slot: number): number {
    const flow = ++this.#count;
    const { columns } = this;
    columns.ensure(flow + 1);
    columns.kind[flow] = kind;
    columns.version[flow] = scan.version;
    const count = scan.version === 4 ? 1 : 4;
    for (let word = 0; word < count; word++) {
      columns.addresses[flow * 8 + word] = this.#words[word] ?? 0;
      columns.addresses[flow * 8 + 4 + word] = this.#words[4 + word] ?? 0;
    }
    columns.ports[flow] = ((scan.sourcePort << 16) | scan.destinationPort) >>> 0;
    columns.first[flow] = packet;
    if (kind === KIND.tcp) columns.stream[flow] = this.#streams.tcp.add(flow);
    else if (kind === KIND.udp) columns.stream[flow] = this.#streams.udp.add(flow);
    this.#slots[slot] = flow;
    this.#recent.keep(columns, flow);
    return flow;
  }

  /** What a TCP header tells of its flow: where the numbers count from, how windows are scaled. */
  #learn(flow: number, side: number, scan: HeaderScan, bytes: Uint8Array, packet: number): void {
    const { columns } = this;
    const at = flow * 2 + side;
    let known = columns.known[flow] ?? 0;
    const { flags } = scan;
    if ((flags & SYN_ACK) === SYN_ACK && (known & (KNOWN.base << side)) !== 0) columns.base[at] = scan.sequence;
    // Where the segment's length is not known, Wireshark does not count from it.
    if (scan.payloadAt > 0 && (flags & PACKET_FLAG.fragment) === 0) {
      if ((known & (KNOWN.base << side)) === 0) {
        columns.base[at] = (flags & TCP_FLAGS.SYN) === 0 ? scan.sequence - 1 : scan.sequence;
        known |= KNOWN.base << side;
      }
      const other = 1 - side;
      if ((flags & TCP_FLAGS.ACK) !== 0 && (known & (KNOWN.base << other)) === 0) {
        columns.base[flow * 2 + other] = scan.acknowledgment - 1;
        known |= KNOWN.base << other;
      }
    }
    if ((flags & TCP_FLAGS.SYN) !== 0) {
      known |= KNOWN.syn << side;
      const shift = Math.min(windowScale(bytes, scan.optionsAt, scan.optionsEnd), MAX_SHIFT);
      if ((known & (KNOWN.scale << side)) !== 0) {
        if (columns.shift[at] !== shift && this.rescaled.size < RESCALED_LIMIT) this.rescaled.set(packet, shift);
      } else if (shift >= 0) {
        known |= KNOWN.scale << side;
        columns.scaledAt[at] = packet;
        columns.shift[at] = shift;
      }
    }
    columns.known[flow] = known;
  }

  /** Takes a free slot for the packet that was looked for; where it is, after the table was made larger if it had to be. */
  #take(slot: number): number {
    const hash = this.#words[HASH] ?? 0;
    let at = slot;
    if (++this.#taken * 4 > this.#slots.length) {
      this.#widen();
      const mask = this.#slots.length - 2;
      for (at = (hash << 1) & mask; this.#slots[at] !== 0;) at = (at + 2) & mask;
    }
    this.#slots[at + 1] = hash;
    return at;
  }

  #widen(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      let slot = ((old[from + 1] ?? 0) << 1) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[from] ?? 0;
      slots[slot + 1] = old[from + 1] ?? 0;
    }
    this.#slots = slots;
  }
}

/** Spreads the bits of a 32-bit number: the finish of MurmurHash3. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Shift of a window scale option (RFC 7323 2.2); -1: there is none. */
function windowScale(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end;) {
    const kind = u8(bytes, at);
    if (kind === 0) return -1;
    if (kind === 1) at++;
    else {
      const length = at + 1 < end ? u8(bytes, at + 1) : 0;
      if (length < 2 || at + length > end) return -1;
      if (kind === WINDOW_SCALE && length === 3) return u8(bytes, at + 2);
      at += length;
    }
  }
  return -1;
}
