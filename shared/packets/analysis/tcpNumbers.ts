// The numbers behind a packet's analysis, on demand: the pass is run once more up to that packet. In rising order this is one pass for all; a packet
// out of order costs one look at its flow from the beginning.

import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { FlowTable } from '../flows/flowTable';
import { KIND } from '../index/linkHeader';
import { PACKET_FLAG, type PacketTable } from '../packetTable';
import { TcpAnalyser } from './tcpAnalyser';
import type { Span, TcpNumbers } from './tcpAnalysis';

/** Packets that the common pass runs ahead for a question; a farther one is asked of its flow alone. */
const AHEAD = 4096;

export class TcpNumbersReader {
  #all: TcpAnalyser;
  #one: { readonly flow: number; readonly analyser: TcpAnalyser } | null = null;

  constructor(private readonly table: PacketTable, private readonly flows: FlowTable) {
    this.#all = new TcpAnalyser(table, flows, 0);
  }

  /** Null for a packet that is not TCP, a fragment but the first, or one whose TCP header is not there. */
  numbers(packet: number): TcpNumbers | null {
    const { chunk, row } = this.table.locate(packet);
    const flow = chunk.flow[row] ?? 0;
    if (chunk.kind[row] !== KIND.tcp || flow === 0 || chunk.payloadAt[row] === 0) return null;
    return this.#numbers(packet, flow, this.#at(packet, flow));
  }

  /** An analyser that has just analysed the packet. */
  #at(packet: number, flow: number): TcpAnalyser {
    const ahead = packet - this.#all.next;
    if (ahead >= 0 && ahead < AHEAD) {
      this.#all.advance(packet + 1);
      return this.#all;
    }
    if (this.#one === null || this.#one.flow !== flow || this.#one.analyser.next > packet) this.#one = { flow, analyser: new TcpAnalyser(this.table, this.flows, flow) };
    this.#one.analyser.advance(packet + 1);
    return this.#one.analyser;
  }

  #span(from: number, to: number): Span {
    const [a, b] = [this.table.locate(from), this.table.locate(to)];
    return [(b.chunk.seconds[b.row] ?? 0) - (a.chunk.seconds[a.row] ?? 0), (b.chunk.nanos[b.row] ?? 0) - (a.chunk.nanos[a.row] ?? 0)];
  }

  /** The time between two packets where one was measured. Wireshark shows none of zero. */
  #measured(time: number, from: number, to: number): Span | null {
    if (Number.isNaN(time)) return null;
    const span = this.#span(from, to);
    return span[0] === 0 && span[1] === 0 ? null : span;
  }

  #numbers(packet: number, flow: number, found: TcpAnalyser): TcpNumbers {
    const { chunk, row } = this.table.locate(packet);
    const flags = chunk.flags[row] ?? 0;
    const side = (flags & PACKET_FLAG.reverse) === 0 ? 0 : 1;
    const { base } = found.directions;
    const own = found.rowOf(flow);
    const sequence = ((chunk.sequence[row] ?? 0) - (base[own * 2 + side] ?? 0)) >>> 0;
    const counts = (flags & (TCP_FLAGS.SYN | TCP_FLAGS.FIN)) === 0 ? 0 : 1;
    const syn = (flags & TCP_FLAGS.SYN) !== 0;
    const scale = found.directions.scale[own * 2 + side] ?? -1;
    return {
      bits: found.bits, looked: found.looked, sequence, nextSequence: (flags & PACKET_FLAG.fragment) === 0 ? (sequence + (chunk.payload[row] ?? 0) + counts) >>> 0 : null,
      acknowledgment: (flags & TCP_FLAGS.ACK) === 0 ? null : ((chunk.acknowledgment[row] ?? 0) - (base[own * 2 + 1 - side] ?? 0)) >>> 0,
      windowSize: (chunk.window[row] ?? 0) * (syn || scale < 0 ? 1 : 2 ** scale), scaleFactor: syn ? null : scale < 0 ? scale : 2 ** scale,
      acksFrame: packetOrNull(found.acksFrame), ackRtt: this.#measured(found.ackRtt, found.acksFrame, packet), initialRtt: timeOrNull(found.connections.firstRtt[own] ?? Number.NaN),
      bytesInFlight: found.inFlight || null, pushBytesSent: found.pushBytes || null,
      duplicateAckNumber: found.duplicateNumber || null, duplicateAckFrame: packetOrNull(found.duplicateFrame),
      rto: this.#measured(found.rto, found.rtoFrame, packet), rtoFrame: found.rto === 0 ? null : packetOrNull(found.rtoFrame), completeness: found.completenessBefore,
      timeRelative: this.#span(found.connections.first[own] ?? packet, packet), timeDelta: this.#span(found.before, packet),
      closes: (flags & TCP_FLAGS.FIN) === 0 ? null : found.connections.closer[own] === side + 1 ? 'first' : 'after',
      accurateEcn: !syn && found.connections.accurateEcn[own] === 2,
    };
  }
}

const packetOrNull = (number: number): number | null => (number < 0 ? null : number);
const timeOrNull = (time: number): number | null => (Number.isNaN(time) || time === 0 ? null : time);
