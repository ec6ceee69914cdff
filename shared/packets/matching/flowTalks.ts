// Which packets of TCP are nothing but data, whoever reads them: told from the first bytes of each segment, in one pass over the packets, so that filters of
// HTTP or TLS dissect no packet of which nobody knows anything. Where these bytes leave it open, the connection is really read, until nobody knows it any more.

import { TCP_FLAGS } from '../../codec/tcp/codec';
import { KeyLog } from '../../codec/tls/decrypt/keyLog';
import { FlowStreams, type Joined } from '../dissection/flowStreams';
import type { FlowTable } from '../flows/flowTable';
import { EMPTY, segmentOf } from '../follow/segment';
import { KIND } from '../index/linkHeader';
import { CHUNK, PACKET_FLAG, type PacketChunk, type PacketTable } from '../packetTable';
import type { StreamDir } from '../reassembly/tcpStream';
import { mayBegin, standsFor } from './beginnings';
import type { PacketWindow } from './packetWindow';

/** Of a connection. `data`: each segment is judged by its bytes; `first`: it is really read from its first packet on; `read`: it is; `open`: the dissection tells of all that follows. */
const MODE = { data: 0, first: 1, read: 2, open: 3 } as const;
/** Bits of what was seen of it: bytes; which end is the client, once that is known. */
const SEEN = { bytes: 1, client: 2, down: 4, up: 8 } as const;

/** Segments with bytes that are read of a connection before it is left to the dissection: where something may begin, and where bytes are missing. */
const READ = { begun: 4, gap: 1024, flows: 4096 } as const;
/** How often something may seem to begin: so often, and once for so many packets. */
const DOUBTS = { most: 8, packets: 8 } as const;
/** A message may end with its stream. */
const ENDS = TCP_FLAGS.FIN | TCP_FLAGS.RST;
const NO_KEYS = new KeyLog();

interface Reading {
  readonly streams: FlowStreams;
  /** Segments with bytes that may still be read. */
  left: number;
}

export class FlowTalks {
  /** By chunk: a bit for each packet, set where it is data. */
  readonly #data: Uint32Array[] = [];
  #mode = new Uint8Array(0);
  #seen = new Uint8Array(0);
  /** Of those that are open: bytes may wait for others. */
  #gaps = new Uint8Array(0);
  #doubts = new Uint16Array(0);
  /** By flow << 1 | reverse: the number behind the last byte, and whether there is one. */
  #end = new Uint32Array(0);
  #begun = new Uint8Array(0);
  /** The highest number that the other end acknowledged. */
  #acked = new Uint32Array(0);
  #flows = 0;
  #next = 0;
  readonly #reading = new Map<number, Reading>();
  readonly #packets = { bytes: (packet: number): Uint8Array => this.#copy(packet) };
  readonly #payloadOf = (packet: number): Uint8Array => segmentOf(this.table, this.#packets, packet).bytes;

  /** `bytes`: false: somebody said what ports speak, and bytes need not tell. */
  constructor(private readonly table: PacketTable, private readonly flows: FlowTable, private readonly window: PacketWindow, private readonly bytes = true) {}

  /** Packets that were looked at. */
  get next(): number {
    return this.#next;
  }

  /** Of the packets of a chunk before `next`: bit row & 31 of word row >> 5 is set where no message ends that anybody knows. */
  data(chunk: number): Uint32Array {
    return (this.#data[chunk] ??= new Uint32Array(CHUNK >> 5));
  }

  /** Looks at the packets up to before `until`; at most `most` of them. True: it is there. */
  advance(until: number, most = Infinity): boolean {
    this.#grow();
    const end = Math.min(until, this.table.count, this.#next + most);
    while (this.#next < end) {
      const number = Math.floor(this.#next / CHUNK);
      const chunk = this.table.chunks[number];
      const row = this.#next % CHUNK;
      const rows = Math.min(CHUNK, row + end - this.#next);
      if (chunk === undefined) return true;
      const data = this.data(number);
      const { kind, flow } = chunk;
      for (let i = row; i < rows; i++) {
        if (kind[i] !== KIND.tcp || flow[i] === 0) continue;
        if (this.#isData(flow[i] ?? 0, number * CHUNK + i, chunk, i)) data[i >> 5] = (data[i >> 5] ?? 0) | (1 << (i & 31));
      }
      this.#next += rows - row;
    }
    return this.#next >= Math.min(until, this.table.count);
  }

  #isData(flow: number, packet: number, chunk: PacketChunk, row: number): boolean {
    const flags = chunk.flags[row] ?? 0;
    const dir = (flags & PACKET_FLAG.reverse) === 0 ? 'up' : 'down';
    const side = (flow << 1) | (dir === 'up' ? 0 : 1);
    const empty = (flags & EMPTY) !== 0;
    const syn = !empty && (flags & TCP_FLAGS.SYN) !== 0;
    const first = ((chunk.sequence[row] ?? 0) + (syn ? 1 : 0)) >>> 0;
    const length = empty ? 0 : chunk.payload[row] ?? 0;
    if (this.#mode[flow] === MODE.first) this.#reads(flow, new FlowStreams(NO_KEYS, this.#ports(flow), this.#payloadOf), READ.begun);
    if (this.#mode[flow] === MODE.read) return this.#read(flow, packet, length);
    // What is no whole header may count as the beginning of a stream, or not: it depends on who reads it.
    if (this.#begun[side] === 0 && empty) this.#leave(flow, false);
    if (syn && this.#seen[flow] === 0) this.#seen[flow] = clientBits((flags & TCP_FLAGS.ACK) === 0 ? dir : dir === 'up' ? 'down' : 'up');
    if (this.#begun[side] === 0) {
      this.#begun[side] = 1;
      this.#end[side] = first;
      this.#acked[side] = first - 1;
    }
    const other = side ^ 1;
    if ((flags & TCP_FLAGS.ACK) !== 0 && this.#begun[other] === 1) this.#acked[other] = later(chunk.acknowledgment[row] ?? 0, this.#acked[other] ?? 0);
    const ahead = (first - (this.#end[side] ?? 0)) | 0;
    if (this.#mode[flow] === MODE.open) {
      if (length === 0) return (flags & ENDS) === 0 && this.#gaps[flow] === 0;
      if (ahead > 0) this.#gaps[flow] = 1;
      if (ahead + length > 0) this.#end[side] = (first + length) >>> 0;
      return false;
    }
    if (length === 0) return true;
    // All of it came before.
    if (ahead + length <= 0) return true;
    const start = this.window.place(packet);
    const at = start + (chunk.payloadAt[row] ?? 0);
    const stop = start + (chunk.captured[row] ?? 0);
    const gap = ahead > 0 || at + length > stop;
    if (gap || mayBegin(this.window.bytes, at - ahead, at + length, length + ahead, ((this.#seen[flow] ?? 0) & SEEN.bytes) !== 0)) {
      if (this.#doubt(flow, gap)) return this.#read(flow, packet, length);
      this.#end[side] = (first + length) >>> 0;
      return false;
    }
    this.#end[side] = (first + length) >>> 0;
    this.#seen[flow] = (this.#seen[flow] ?? 0) | SEEN.bytes;
    return true;
  }

  /** Begins to read a connection from its next packet on. False: that is left to the dissection. */
  #doubt(flow: number, gap: boolean): boolean {
    const { packets } = this.flows.columns;
    const doubts = (this.#doubts[flow] = Math.min((this.#doubts[flow] ?? 0) + (gap ? 0 : 1), 0xffff));
    const seen = this.#seen[flow] ?? 0;
    const [a, b] = this.#ports(flow);
    const late = (seen & SEEN.bytes) !== 0;
    // Who spoke first of two ends alike was not kept.
    if (doubts > DOUBTS.most + ((packets[flow * 2] ?? 0) + (packets[flow * 2 + 1] ?? 0)) / DOUBTS.packets || (late && a === b && seen < SEEN.client)) return this.#leave(flow, !gap);
    const client = seen >= SEEN.client ? ((seen & SEEN.up) === 0 ? 'down' : 'up') : late ? (a > b ? 'up' : 'down') : null;
    const base = (side: number): Joined['bases']['up'] => (this.#begun[side] === 0 ? null : { sequence: this.#end[side] ?? 0, acknowledged: this.#acked[side] ?? 0 });
    this.#reads(flow, new FlowStreams(NO_KEYS, [a, b], this.#payloadOf, undefined, undefined, { client, late, bases: { up: base(flow << 1), down: base((flow << 1) | 1) } }), gap ? READ.gap : READ.begun);
    return true;
  }

  #ports(flow: number): readonly [number, number] {
    const ports = this.flows.columns.ports[flow] ?? 0;
    return [ports >>> 16, ports & 0xffff];
  }

  #reads(flow: number, streams: FlowStreams, left: number): void {
    this.#mode[flow] = MODE.read;
    this.#reading.set(flow, { streams, left });
    const [oldest] = this.#reading.keys();
    if (this.#reading.size > READ.flows && oldest !== undefined) this.#leave(oldest, false);
  }

  /** What the dissection would make of it. */
  #read(flow: number, packet: number, length: number): boolean {
    const reading = this.#reading.get(flow);
    if (reading === undefined) return this.#leave(flow, false);
    const { streams } = reading;
    const { items } = streams.push(segmentOf(this.table, this.#packets, packet)).outcome;
    if (streams.isData) this.#judge(flow, streams);
    else if (length > 0 && --reading.left <= 0) {
      this.#place(flow, streams);
      this.#leave(flow, streams.reassembly.settled);
    }
    return items.every((item) => item.kind === 'message' && item.protocol === 'data');
  }

  /** Each segment says by itself what it is, again. */
  #judge(flow: number, streams: FlowStreams): void {
    const { client } = streams;
    this.#place(flow, streams);
    // Its next bytes tell who that is.
    if (client === null) return void this.#leave(flow, false);
    this.#reading.delete(flow);
    this.#mode[flow] = MODE.data;
    this.#seen[flow] = SEEN.bytes | clientBits(client);
  }

  /** Where its directions stand. */
  #place(flow: number, { reassembly }: FlowStreams): void {
    for (const dir of ['up', 'down'] as const) {
      const side = (flow << 1) | (dir === 'up' ? 0 : 1);
      const base = reassembly.base(dir);
      this.#begun[side] = base === null ? 0 : 1;
      this.#end[side] = (base ?? 0) + reassembly.next(dir);
      this.#acked[side] = (base ?? 0) + reassembly.acknowledged(dir);
    }
  }

  /** The dissection tells of all that follows. `settled`: nothing waits for bytes that are missing, which any packet could bring forth. */
  #leave(flow: number, settled: boolean): false {
    this.#reading.delete(flow);
    this.#mode[flow] = MODE.open;
    if (!settled) this.#gaps[flow] = 1;
    return false;
  }

  #copy(packet: number): Uint8Array {
    const at = this.window.place(packet);
    const { chunk, row } = this.table.locate(packet);
    return new Uint8Array(this.window.bytes.subarray(at, at + (chunk.captured[row] ?? 0)));
  }

  #grow(): void {
    const { count, columns } = this.flows;
    if (this.#mode.length <= count) {
      const room = Math.max(256, columns.room, count + 1);
      const wider = <T extends Uint8Array | Uint16Array | Uint32Array>(column: T, made: T): T => {
        made.set(column);
        return made;
      };
      this.#mode = wider(this.#mode, new Uint8Array(room));
      this.#seen = wider(this.#seen, new Uint8Array(room));
      this.#gaps = wider(this.#gaps, new Uint8Array(room));
      this.#doubts = wider(this.#doubts, new Uint16Array(room));
      this.#end = wider(this.#end, new Uint32Array(room * 2));
      this.#begun = wider(this.#begun, new Uint8Array(room * 2));
      this.#acked = wider(this.#acked, new Uint32Array(room * 2));
    }
    for (; this.#flows <= count; this.#flows++) {
      const flow = this.#flows;
      if (flow === 0) this.#mode[flow] = MODE.open;
      else if (columns.kind[flow] === KIND.tcp) {
        const stands = this.bytes ? standsFor(...this.#ports(flow)) : 'all';
        this.#mode[flow] = stands === 'all' ? MODE.open : stands === 'first' ? MODE.first : MODE.data;
      }
    }
  }
}

/** Numbers wrap. */
const later = (a: number, b: number): number => (((a - b) | 0) > 0 ? a : b);

const clientBits = (dir: StreamDir): number => SEEN.client | (dir === 'up' ? SEEN.up : SEEN.down);
