// The fields of a plain packet as `tshark -T fields` prints them, made of its columns and of its headers where they stand: no tree, no object. The same
// texts as those of a dissection (fieldLines.test.ts compares each); fields that are not here take one.

import { hex } from '../../codec/layout';
import { ipv6Text, macText } from '../../codec/address';
import { encapsulationOf } from '../../codec/frame/encapsulation';
import { toHex } from '../../base/bytes';
import { Memo } from '../../base/memo';
import { FIELD_TYPES } from '../../codec/schema';
import { STAND_INS } from '../../codec/standIns';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { TCP_ANALYSIS, type Span, type TcpNumbers } from '../analysis/tcpAnalysis';
import { TcpNumbersReader } from '../analysis/tcpNumbers';
import type { CaptureFacts } from '../captureFacts';
import { dateText } from '../dissection/frameLayer';
import { momentOf, spanText, type Moment } from '../dissection/times';
import type { FlowTable } from '../flows/flowTable';
import { KIND } from '../index/linkHeader';
import { u16, u32, u8 } from '../index/numbers';
import { PACKET_FLAG, type PacketTable } from '../packetTable';
import { digitsOf } from '../text/fieldText';
import { ETHERNET_LENGTH, type PlainPacket } from './plainPacket';

export interface PlainInput {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly facts: Pick<CaptureFacts, 'interfaces' | 'format'>;
}

/** What all fields of a capture share. */
interface Capture extends PlainInput {
  readonly packet: PlainPacket;
  /** Of the packet. */
  numbers(): TcpNumbers | null;
  /** Texts of addresses, by their number or their place in a flow. */
  readonly addresses: Memo<number, string>;
  readonly displayed: { before: number | null };
}

/** Null: it is not there. Undefined: only the dissection can tell. */
export type PlainText = () => string | null | undefined;
type NumberOf = (of: Capture) => number | null | undefined;
type TextOf = (of: Capture) => string | null | undefined;

/** Texts that are kept of them. */
const ADDRESSES = 16_384;
const EPOCH: Moment = [0, 0];
const IP = ETHERNET_LENGTH;

const v4 = (read: (bytes: Uint8Array, ip: number) => number | undefined): NumberOf => ({ packet }) => (packet.version === 4 ? read(packet.bytes, packet.at + IP) : null);
const v6 = (read: (bytes: Uint8Array, ip: number) => number | undefined): NumberOf => ({ packet }) => (packet.version === 6 ? read(packet.bytes, packet.at + IP) : null);
const tcp = (read: (bytes: Uint8Array, at: number) => number): NumberOf => ({ packet }) => (packet.kind === KIND.tcp ? read(packet.bytes, packet.transport) : null);
const udp = (read: (bytes: Uint8Array, at: number) => number): NumberOf => ({ packet }) => (packet.kind === KIND.udp ? read(packet.bytes, packet.transport) : null);
const flagsAt = (bytes: Uint8Array, at: number): number => u16(bytes, at + 12) & 0xfff;
const flag = (mask: number): NumberOf => tcp((bytes, at) => ((flagsAt(bytes, at) & mask) === 0 ? 0 : 1));
/** Three flags may be one counter (RFC 9768 3.2). */
const mark = (mask: number): NumberOf => (of) => (of.packet.kind !== KIND.tcp ? null : of.numbers()?.accurateEcn === false ? flag(mask)(of) : undefined);
const analysed = (of: (numbers: TcpNumbers) => number | null): NumberOf => (capture) => {
  if (capture.packet.kind !== KIND.tcp) return null;
  const numbers = capture.numbers();
  return numbers === null ? undefined : of(numbers);
};
const packetOf = (of: (numbers: TcpNumbers) => number | null): NumberOf => analysed((numbers) => {
  const found = of(numbers);
  return found === null ? null : found + 1;
});
const streamOf = (kind: number): NumberOf => ({ packet, table, flows }) => {
  if (packet.kind !== kind) return null;
  const { chunk, row } = table.locate(packet.number);
  return flows.columns.stream[chunk.flow[row] ?? 0];
};
const column = (read: (chunk: PacketTable['chunks'][number], row: number) => number | undefined): NumberOf => ({ packet, table }) => {
  const { chunk, row } = table.locate(packet.number);
  return read(chunk, row);
};

/** By Wireshark's names; printed in the base of their type. */
const NUMBERS: ReadonlyMap<string, NumberOf> = new Map<string, NumberOf>([
  ['frame.number', ({ packet }) => packet.number + 1], ['frame.len', column((chunk, row) => chunk.wire[row])], ['frame.cap_len', column((chunk, row) => chunk.captured[row])],
  ['frame.marked', () => 0], ['frame.ignored', () => 0], ['frame.interface_id', (of) => (of.facts.format === 'pcapng' ? column((chunk, row) => chunk.iface[row])(of) : null)],
  ['frame.encap_type', (of) => column((chunk, row) => encapsulationOf(of.facts.interfaces[chunk.iface[row] ?? 0]?.linkType ?? -1))(of)],
  ['eth.type', ({ packet }) => u16(packet.bytes, packet.at + 12)],
  ['ip.version', ({ packet }) => packet.version], ['ip.hdr_len', v4((bytes, ip) => (u8(bytes, ip) & 15) * 4)], ['ip.dsfield', v4((bytes, ip) => u8(bytes, ip + 1))],
  ['ip.dsfield.dscp', v4((bytes, ip) => u8(bytes, ip + 1) >> 2)], ['ip.dsfield.ecn', v4((bytes, ip) => u8(bytes, ip + 1) & 3)],
  // Length 0 is that of what a card was given to cut up.
  ['ip.len', v4((bytes, ip) => u16(bytes, ip + 2) || undefined)], ['ip.id', v4((bytes, ip) => u16(bytes, ip + 4))],
  ['ip.flags', v4((bytes, ip) => u8(bytes, ip + 6) >> 5)], ['ip.flags.rb', v4((bytes, ip) => u8(bytes, ip + 6) >> 7)], ['ip.flags.df', v4((bytes, ip) => (u8(bytes, ip + 6) >> 6) & 1)], ['ip.flags.mf', v4((bytes, ip) => (u8(bytes, ip + 6) >> 5) & 1)],
  ['ip.frag_offset', v4((bytes, ip) => u16(bytes, ip + 6) & 0x1fff)], ['ip.ttl', v4((bytes, ip) => u8(bytes, ip + 8))], ['ip.proto', v4((bytes, ip) => u8(bytes, ip + 9))], ['ip.checksum', v4((bytes, ip) => u16(bytes, ip + 10))],
  ['ipv6.version', v6(() => 6)], ['ipv6.tclass', v6((bytes, ip) => (u16(bytes, ip) >> 4) & 0xff)], ['ipv6.tclass.dscp', v6((bytes, ip) => (u16(bytes, ip) >> 6) & 0x3f)], ['ipv6.tclass.ecn', v6((bytes, ip) => (u16(bytes, ip) >> 4) & 3)],
  ['ipv6.flow', v6((bytes, ip) => u32(bytes, ip) & 0xfffff)], ['ipv6.plen', v6((bytes, ip) => u16(bytes, ip + 4))], ['ipv6.nxt', v6((bytes, ip) => u8(bytes, ip + 6))], ['ipv6.hlim', v6((bytes, ip) => u8(bytes, ip + 7))],
  ['tcp.srcport', tcp(u16)], ['tcp.dstport', tcp((bytes, at) => u16(bytes, at + 2))], ['tcp.seq_raw', tcp((bytes, at) => u32(bytes, at + 4))], ['tcp.ack_raw', tcp((bytes, at) => u32(bytes, at + 8))],
  ['tcp.hdr_len', tcp((bytes, at) => (u8(bytes, at + 12) >> 4) * 4)], ['tcp.flags', tcp(flagsAt)], ['tcp.flags.res', tcp((bytes, at) => (flagsAt(bytes, at) >> 9) & 7)], ['tcp.flags.urg', flag(TCP_FLAGS.URG)], ['tcp.flags.ack', flag(TCP_FLAGS.ACK)], ['tcp.flags.push', flag(TCP_FLAGS.PSH)],
  ['tcp.flags.reset', flag(TCP_FLAGS.RST)], ['tcp.flags.syn', flag(TCP_FLAGS.SYN)], ['tcp.flags.fin', flag(TCP_FLAGS.FIN)], ['tcp.flags.ae', mark(TCP_FLAGS.AE)], ['tcp.flags.cwr', mark(TCP_FLAGS.CWR)], ['tcp.flags.ece', mark(TCP_FLAGS.ECE)],
  ['tcp.window_size_value', tcp((bytes, at) => u16(bytes, at + 14))], ['tcp.checksum', tcp((bytes, at) => u16(bytes, at + 16))], ['tcp.urgent_pointer', tcp((bytes, at) => u16(bytes, at + 18))],
  ['tcp.len', ({ packet }) => (packet.kind === KIND.tcp ? packet.end - packet.payload : null)], ['tcp.stream', streamOf(KIND.tcp)],
  ['tcp.seq', analysed(({ sequence }) => sequence)], ['tcp.nxtseq', analysed(({ nextSequence }) => nextSequence)], ['tcp.window_size', analysed(({ windowSize }) => windowSize)], ['tcp.window_size_scalefactor', analysed(({ scaleFactor }) => scaleFactor)],
  ['tcp.ack', (of) => (of.packet.kind !== KIND.tcp ? null : of.numbers()?.acknowledgment ?? u32(of.packet.bytes, of.packet.transport + 8))], ['tcp.completeness', analysed(({ completeness }) => completeness)],
  ['tcp.analysis.acks_frame', packetOf(({ acksFrame }) => acksFrame)], ['tcp.analysis.bytes_in_flight', analysed(({ bytesInFlight }) => bytesInFlight)], ['tcp.analysis.push_bytes_sent', analysed(({ pushBytesSent }) => pushBytesSent)],
  ['tcp.analysis.duplicate_ack_num', analysed(({ duplicateAckNumber }) => duplicateAckNumber)], ['tcp.analysis.duplicate_ack_frame', packetOf(({ duplicateAckFrame }) => duplicateAckFrame)], ['tcp.analysis.rto_frame', packetOf(({ rtoFrame }) => rtoFrame)],
  ...Object.entries(TCP_ANALYSIS).map(([name, bit]): [string, NumberOf] => [name, analysed(({ bits }) => ((bits & bit) === 0 ? null : 1))]),
  ['udp.srcport', udp(u16)], ['udp.dstport', udp((bytes, at) => u16(bytes, at + 2))], ['udp.length', udp((bytes, at) => u16(bytes, at + 4))], ['udp.checksum', udp((bytes, at) => u16(bytes, at + 6))], ['udp.stream', streamOf(KIND.udp)],
]);

const mac = (from: number): TextOf => ({ packet: { bytes, at }, addresses }) => {
  const start = at + from;
  return addresses.of(u16(bytes, start) * 0x1_0000_0000 + u32(bytes, start + 2), () => macText(bytes.subarray(start, start + 6)));
};
const address4 = (from: number): TextOf => ({ packet: { bytes, at, version } }) => {
  if (version !== 4) return null;
  const start = at + IP + from;
  return `${u8(bytes, start)}.${u8(bytes, start + 1)}.${u8(bytes, start + 2)}.${u8(bytes, start + 3)}`;
};
const address6 = (source: boolean): TextOf => ({ packet: { bytes, at, version, number }, addresses, table }) => {
  if (version !== 6) return null;
  const start = at + IP + (source ? 8 : 24);
  const make = (): string => ipv6Text(bytes.subarray(start, start + 16));
  const { chunk, row } = table.locate(number);
  const flow = chunk.flow[row] ?? 0;
  // A flow's ends are the same two addresses in all its packets.
  const second = (((chunk.flags[row] ?? 0) & PACKET_FLAG.reverse) !== 0) === source;
  return flow === 0 ? make() : addresses.of(-2 * flow - (second ? 1 : 0), make);
};
const span = (from: (of: Capture) => Moment): TextOf => (of) => spanText(from(of), momentOf(of.table, of.packet.number));
const time = (of: (numbers: TcpNumbers) => Span | null): TextOf => (capture) => {
  if (capture.packet.kind !== KIND.tcp) return null;
  const numbers = capture.numbers();
  if (numbers === null) return undefined;
  const span = of(numbers);
  return span === null ? null : spanText(EPOCH, span);
};
const carried = (kind: number): TextOf => ({ packet: { kind: own, bytes, payload, end, transport } }) => {
  // What comes with a reset is no payload.
  if (own !== kind || end <= payload || (kind === KIND.tcp && (flagsAt(bytes, transport) & TCP_FLAGS.RST) !== 0)) return null;
  return toHex(bytes.subarray(payload, end));
};

const TEXTS: ReadonlyMap<string, TextOf> = new Map<string, TextOf>([
  ['frame.time', ({ table, packet }) => dateText(momentOf(table, packet.number))], ['frame.time_epoch', span(() => EPOCH)], ['frame.time_relative', span(({ table }) => momentOf(table, 0))], ['frame.offset_shift', () => spanText(EPOCH, EPOCH)],
  ['frame.time_delta', span(({ table, packet }) => momentOf(table, Math.max(0, packet.number - 1)))], ['frame.time_delta_displayed', span(({ table, packet, displayed }) => momentOf(table, displayed.before ?? packet.number))],
  ['eth.dst', mac(0)], ['eth.src', mac(6)], ['ip.src', address4(12)], ['ip.dst', address4(16)], ['ipv6.src', address6(true)], ['ipv6.dst', address6(false)],
  ['tcp.time_relative', time(({ timeRelative }) => timeRelative)], ['tcp.time_delta', time(({ timeDelta }) => timeDelta)], ['tcp.analysis.ack_rtt', time(({ ackRtt }) => ackRtt)], ['tcp.analysis.rto', time(({ rto }) => rto)],
  ['tcp.payload', carried(KIND.tcp)], ['udp.payload', carried(KIND.udp)],
]);

export class PlainTexts {
  readonly #capture: Capture;

  constructor(input: PlainInput, packet: PlainPacket) {
    const reader = new TcpNumbersReader(input.table, input.flows);
    let [known, numbers]: [number, TcpNumbers | null] = [-1, null];
    this.#capture = {
      ...input, packet, addresses: new Memo(ADDRESSES), displayed: { before: null },
      numbers: () => {
        if (known !== packet.number) [known, numbers] = [packet.number, reader.numbers(packet.number)];
        return numbers;
      },
    };
  }

  /** The packet that was shown before, for frame.time_delta_displayed. */
  displayed(number: number): void {
    this.#capture.displayed.before = number;
  }

  /** The values of a field of the placed packet, each a text of its own; null: a field that takes a dissection. */
  of(name: string): readonly PlainText[] | null {
    const capture = this.#capture;
    const text = TEXTS.get(name);
    if (text !== undefined) return [() => text(capture)];
    const number = NUMBERS.get(name);
    if (number !== undefined) {
      const digits = digitsOf(name);
      const show = digits === null ? String : hex(digits);
      return [() => {
        const value = number(capture);
        return value === null || value === undefined ? value : show(value);
      }];
    }
    const standIn = STAND_INS.get(name);
    if (standIn === undefined || standIn.as === 'oui') return null;
    const parts = standIn.of.map((one) => this.of(one));
    return parts.includes(null) ? null : parts.flatMap((one) => one ?? []);
  }
}

/** The fields that are read so, for tests. */
export const PLAIN_FIELDS: readonly string[] = [...FIELD_TYPES.keys()].filter((name) => NUMBERS.has(name) || TEXTS.has(name) || (STAND_INS.get(name)?.as ?? 'oui') !== 'oui' && STAND_INS.get(name)?.of.every((one) => NUMBERS.has(one) || TEXTS.has(one)));
