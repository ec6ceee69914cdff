// Who talks with whom: the flow of each packet, a new one when there is none yet or when a port pair begins anew; and what flows tell of themselves. Filled
// by index/packetIndexer.ts, packet by packet or by whole stretches that were read ahead. No text and no object a packet; Flow objects are made on demand.

import { concatBytes } from '../../base/bytes';
import { ipv4Bytes, ipv6Bytes } from '../../codec/address';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { STRETCH_EVENT, STRETCH_HEAD, type Stretch } from '../ahead/stretch';
import { HeaderScan } from '../index/headers';
import { KIND } from '../index/linkHeader';
import { u8 } from '../index/numbers';
import { PACKET_FLAG } from '../packetTable';
import { flowAt, type Flow } from './flow';
import { FlowColumns, KNOWN } from './flowColumns';
import { flowKind, FlowSlots } from './flowSlots';
import { grown } from './growing';
import { SackList } from './sackList';

/** Where both ends' numbers count from is known. */
export const BOTH_BASES = KNOWN.base | (KNOWN.base << 1);
const SYN_ACK = TCP_FLAGS.SYN | TCP_FLAGS.ACK;
const WINDOW_SCALE = 3;
/** RFC 7323 2.3: greater shifts count as 14. */
const MAX_SHIFT = 14;
/** Entries of `rescaled`; the windows of what comes after are scaled as before. */
const RESCALED_LIMIT = 65_536;

type FlowEnd = Readonly<{ address: string; port: number }>;

export class FlowTable extends FlowSlots {
  readonly columns = new FlowColumns();
  /** Shifts of later SYNs of a flow whose shift is not the first one's, by packet: hardly ever any. -1: the SYN has no such option. */
  readonly rescaled = new Map<number, number>();
  /** Bytes that SACK options report, by packet. */
  readonly sacks = new SackList();
  #count = 0;
  /** The headers of a packet of a stretch. */
  readonly #read = new HeaderScan();
  readonly #streams = { tcp: new Uint32Array(256), udp: new Uint32Array(256) };
  #tcp = 0;
  #udp = 0;

  /** Flows so far; they are numbered from 1. */
  get count(): number {
    return this.#count;
  }

  /** Streams of a protocol so far; they are numbered from 0. */
  streams(kind: 'tcp' | 'udp'): number {
    return kind === 'tcp' ? this.#tcp : this.#udp;
  }

  /** Throws RangeError for a number that is not there. */
  flow(number: number): Flow {
    if (!Number.isInteger(number) || number < 1 || number > this.#count) throw new RangeError(`flow ${number} of ${this.#count}`);
    return flowAt(this.columns, number);
  }

  /** Flow number of tcp.stream or udp.stream; 0: there is none. */
  ofStream(kind: 'tcp' | 'udp', stream: number): number {
    return stream < this.streams(kind) ? this.#streams[kind][stream] ?? 0 : 0;
  }

  /** Flow number of these two ends, whoever sends; the latest one. 0: there is none. Throws RangeError for a text that is no address. */
  between(kind: 'tcp' | 'udp', source: FlowEnd, destination: FlowEnd): number {
    const four = !source.address.includes(':');
    const bytes = four ? concatBytes(ipv4Bytes(source.address), ipv4Bytes(destination.address)) : concatBytes(ipv6Bytes(source.address), ipv6Bytes(destination.address));
    // A scan of its own, of the same shape as all others.
    const scan = Object.assign(new HeaderScan(), { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), version: four ? 4 : 6, destinationAt: bytes.length / 2, sourcePort: source.port, destinationPort: destination.port });
    const number = kind === 'tcp' ? KIND.tcp : KIND.udp;
    return this.slots[this.find(scan, number)] ?? 0;
  }

  /** Flow number of a packet just scanned, whose address is in an IP header; sets the reverse flag of `scan`. 0: it has no addresses. */
  add(scan: HeaderScan, bytes: Uint8Array, packet: number, wire: number): number {
    if (scan.version === 0) return 0;
    const kind = flowKind(scan);
    const flow = this.#of(scan, kind, packet, this.find(scan, kind));
    const { columns, side } = this;
    const { flags } = scan;
    if (kind === KIND.tcp && ((flags & TCP_FLAGS.SYN) !== 0 || ((columns.known[flow] ?? 0) & BOTH_BASES) !== BOTH_BASES)) this.#learn(flow, side, scan, shiftOf(scan, bytes), packet);
    if (scan.optionsEnd > scan.optionsAt) this.sacks.add(packet, bytes, scan.view, scan.optionsAt, scan.optionsEnd);
    if (side === 1) scan.flags = flags | PACKET_FLAG.reverse;
    const at = (flow << 1) | side;
    columns.packets[at] = (columns.packets[at] ?? 0) + 1;
    columns.bytes[at] = (columns.bytes[at] ?? 0) + wire;
    columns.last[flow] = packet;
    return flow;
  }

  /**
   * The same for all packets of a stretch, of which the first has the number `packet`: first those that begin or tell something, in their order, then
   * what only adds up. Leaves in the stretch which flow each of its runs is, and which of them that flow has the other way round.
   */
  adopt(stretch: Stretch, packet: number): void {
    const { head, runs, flowOf, turned, columns: rows, eventRow, eventTold } = stretch;
    const events = head[STRETCH_HEAD.events] ?? 0;
    const count = head[STRETCH_HEAD.runs] ?? 0;
    const { columns } = this;
    const scan = this.#read;
    for (let n = 0, begun = 0; n < events; n++) {
      const row = eventRow[n] ?? 0;
      const told = eventTold[n] ?? 0;
      const run = rows.flow[row] ?? 0;
      const kind = runs.kind[run] ?? 0;
      const flags = rows.flags[row] ?? 0;
      scan.flags = flags & ~PACKET_FLAG.reverse;
      scan.sequence = rows.sequence[row] ?? 0;
      scan.acknowledgment = rows.acknowledgment[row] ?? 0;
      scan.payloadAt = told & STRETCH_EVENT.payload;
      if (run > begun) {
        begun = run;
        scan.version = runs.version[run] ?? 0;
        scan.sourcePort = (runs.ports[run] ?? 0) >>> 16;
        scan.destinationPort = (runs.ports[run] ?? 0) & 0xffff;
        flowOf[run] = this.#of(scan, kind, packet + row, this.findRow(runs, run));
        turned[run] = this.side === 1 ? PACKET_FLAG.reverse : 0;
      }
      const flow = flowOf[run] ?? 0;
      if (kind !== KIND.tcp || ((flags & TCP_FLAGS.SYN) === 0 && ((columns.known[flow] ?? 0) & BOTH_BASES) === BOTH_BASES)) continue;
      this.#learn(flow, ((flags ^ (turned[run] ?? 0)) & PACKET_FLAG.reverse) === 0 ? 0 : 1, scan, (told >> STRETCH_EVENT.shiftAt) - 1, packet + row);
    }
    for (let run = 1; run <= count; run++) {
      const flow = flowOf[run] ?? 0;
      for (let end = 0; end < 2; end++) {
        const from = run * 2 + end;
        const to = flow * 2 + (turned[run] === 0 ? end : 1 - end);
        columns.packets[to] = (columns.packets[to] ?? 0) + (runs.packets[from] ?? 0);
        columns.bytes[to] = (columns.bytes[to] ?? 0) + (runs.bytes[from] ?? 0);
      }
      columns.last[flow] = packet + (runs.last[run] ?? 0);
    }
    this.sacks.adopt(stretch.sackRow, stretch.sackSize, head[STRETCH_HEAD.sacks] ?? 0, packet);
  }

  /** The flow that stands at `slot` for a packet, or a new one there; sets `side`. */
  #of(scan: HeaderScan, kind: number, packet: number, slot: number): number {
    let flow = this.slots[slot] ?? 0;
    if (flow === 0) flow = this.#begin(scan, kind, packet, this.take(slot));
    else if (kind === KIND.tcp && (scan.flags & SYN_ACK) === TCP_FLAGS.SYN && this.#beginsAnew(flow, this.side, scan)) {
      flow = this.#begin(scan, kind, packet, slot);
      this.columns.reused[flow] = 1;
    }
    return flow;
  }

  /** As Wireshark 4.0's tcp.stream: a SYN with another number than the connection began with is a new connection. */
  #beginsAnew(flow: number, side: 0 | 1, scan: HeaderScan): boolean {
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
      columns.addresses[flow * 8 + word] = this.words[word] ?? 0;
      columns.addresses[flow * 8 + 4 + word] = this.words[4 + word] ?? 0;
    }
    columns.ports[flow] = ((scan.sourcePort << 16) | scan.destinationPort) >>> 0;
    columns.first[flow] = packet;
    if (kind === KIND.tcp) columns.stream[flow] = this.#number('tcp', this.#tcp++, flow);
    else if (kind === KIND.udp) columns.stream[flow] = this.#number('udp', this.#udp++, flow);
    this.slots[slot] = flow;
    this.side = 0;
    return flow;
  }

  #number(kind: 'tcp' | 'udp', stream: number, flow: number): number {
    if (stream >= this.#streams[kind].length) this.#streams[kind] = grown(this.#streams[kind], stream * 2);
    this.#streams[kind][stream] = flow;
    return stream;
  }

  /** What a TCP header tells of its flow: where the numbers count from, how windows are scaled; `shift`: of a SYN. */
  #learn(flow: number, side: 0 | 1, scan: HeaderScan, shift: number, packet: number): void {
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
}

/** Shift of the window scale option of a SYN just scanned; -1: there is none, or it is no SYN. */
export const shiftOf = (scan: HeaderScan, bytes: Uint8Array): number => ((scan.flags & TCP_FLAGS.SYN) === 0 ? -1 : Math.min(windowScale(bytes, scan.optionsAt, scan.optionsEnd), MAX_SHIFT));

/** RFC 7323 2.2; -1: there is none. */
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
