// TCP headers (RFC 9293 3.1; ECN flags RFC 3168, accurate ECN RFC 9768). A segment in, its fields out; streams are put together
// elsewhere. Sequence numbers are those of the wire, never relative.

import { concatBytes, readUint } from '../../base/bytes';
import { internetChecksum, rightChecksum } from '../../base/checksum';
import { pseudoHeader } from '../address';
import { incomplete, malformed, type Codec, type Context } from '../codec';
import { calculated, generated, group, verdict, type FieldNode } from '../field';
import { bit, hex, layoutNodes, readLayout, uint, unit, view, writeLayout, type ValuesOf } from '../layout';
import { decodeTcpOptions, encodeTcpOptions, tcpOptionNodes, type TcpOption } from './options';

const LEAST = 20;
const PROTOCOL = 6;

/** Bits of `flags`. The three above AE are reserved. */
export const TCP_FLAGS = { FIN: 0x001, SYN: 0x002, RST: 0x004, PSH: 0x008, ACK: 0x010, URG: 0x020, ECE: 0x040, CWR: 0x080, AE: 0x100 } as const;
export type TcpFlag = keyof typeof TCP_FLAGS;

/** In the order in which people say them: 'SYN, ACK', 'FIN, ACK'. */
const SPOKEN: readonly TcpFlag[] = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'];

/** 'SYN, ACK'; '' when none is set. */
export const tcpFlagsText = (flags: number): string => SPOKEN.filter((flag) => (flags & TCP_FLAGS[flag]) !== 0).join(', ');

const layout = {
  sourcePort: uint('tcp.srcport', 0, 2),
  destinationPort: uint('tcp.dstport', 2, 2),
  sequence: uint('tcp.seq_raw', 4, 4),
  acknowledgment: uint('tcp.ack_raw', 8, 4),
  headerLength: uint('tcp.hdr_len', 12, 1, { mask: 0xf0, scale: 4, format: unit('B') }),
  flags: uint('tcp.flags', 12, 2, { mask: 0x0fff, format: (value) => tcpFlagsText(value) || hex(3)(value) }),
  reserved: view(uint('tcp.flags.res', 12, 2, { mask: 0x0e00 }), 'flags'),
  ae: view(bit('tcp.flags.ae', 12, 2, TCP_FLAGS.AE), 'flags'),
  cwr: view(bit('tcp.flags.cwr', 12, 2, TCP_FLAGS.CWR), 'flags'),
  ece: view(bit('tcp.flags.ece', 12, 2, TCP_FLAGS.ECE), 'flags'),
  urg: view(bit('tcp.flags.urg', 12, 2, TCP_FLAGS.URG), 'flags'),
  ack: view(bit('tcp.flags.ack', 12, 2, TCP_FLAGS.ACK), 'flags'),
  psh: view(bit('tcp.flags.push', 12, 2, TCP_FLAGS.PSH), 'flags'),
  rst: view(bit('tcp.flags.reset', 12, 2, TCP_FLAGS.RST), 'flags'),
  syn: view(bit('tcp.flags.syn', 12, 2, TCP_FLAGS.SYN), 'flags'),
  fin: view(bit('tcp.flags.fin', 12, 2, TCP_FLAGS.FIN), 'flags'),
  window: uint('tcp.window_size_value', 14, 2, { format: unit('B') }),
  checksum: uint('tcp.checksum', 16, 2, { format: hex(4) }),
  urgentPointer: uint('tcp.urgent_pointer', 18, 2),
};

export type TcpHeader = ValuesOf<typeof layout> & { readonly options: readonly TcpOption[] };
/** Left out: acknowledgment 0, window 65535, no options, and the header length and checksum that are right. */
export type TcpInput = Pick<TcpHeader, 'sourcePort' | 'destinationPort' | 'sequence' | 'flags'> & Partial<TcpHeader>;

export const codec: Codec<TcpHeader, TcpInput> = {
  protocol: 'tcp',
  title: 'TCP',
  layer: 'transport',
  claims: ['ip.proto:6'],
  decode(bytes, context) {
    if (bytes.length < LEAST) return incomplete(LEAST);
    const header = readLayout(layout, bytes);
    const length = header.headerLength;
    if (length < LEAST) return malformed(12, `header length ${length} is shorter than ${LEAST}`);
    if (bytes.length < length) return incomplete(length);
    return {
      status: 'complete', value: { ...header, options: decodeTcpOptions(bytes.subarray(0, length), LEAST) }, length,
      payload: { start: length, end: bytes.length, missing: context.missing ?? 0 },
      next: [`tcp.port:${header.destinationPort}`, `tcp.port:${header.sourcePort}`], inside: { transport: 'tcp' }, quotes: false,
    };
  },
  encode(value, payload, context) {
    const options = encodeTcpOptions(value.options ?? []);
    const header = concatBytes(new Uint8Array(LEAST), options);
    const whole = {
      acknowledgment: 0, headerLength: header.length, window: 65_535, urgentPointer: 0, ...value, checksum: value.checksum ?? 0,
    };
    writeLayout(layout, header, whole);
    if (value.checksum === undefined) writeLayout(layout, header, { ...whole, checksum: checksumOf(header, payload, context) });
    return concatBytes(header, payload);
  },
  fields(bytes, context, base) {
    const announced = bytes.length > 12 ? ((bytes[12] ?? 0) >> 4) * 4 : LEAST;
    const end = Math.min(Math.max(announced, LEAST), bytes.length);
    const nodes = layoutNodes(layout, bytes.subarray(0, end), base);
    if (bytes.length >= LEAST) nodes.push(...checksumNodes(bytes, context, base + 16));
    if (announced > LEAST && end > LEAST) nodes.push(tcpOptionNodes(bytes.subarray(0, end), LEAST, base));
    const carried = bytes.length - announced + (context.missing ?? 0);
    if (announced >= LEAST && bytes.length >= LEAST && carried >= 0 && context.fragment !== true && context.quoted !== true) {
      nodes.push(generated('tcp.len', carried, `${carried} B`, base + end, bytes.length - end));
    }
    return group('tcp', 'TCP', base, end, nodes);
  },
};

function checksumOf(header: Uint8Array, payload: Uint8Array, context: Context): number {
  if (context.network === undefined) throw new TypeError('a TCP checksum needs the addresses');
  return internetChecksum(pseudoHeader(context.network, PROTOCOL, header.length + payload.length), header, payload);
}

function checksumNodes(bytes: Uint8Array, context: Context, at: number): FieldNode[] {
  if (context.network === undefined || context.quoted === true || (context.missing ?? 0) > 0) return [verdict('tcp.checksum.status', 'unverified', at)];
  const left = internetChecksum(pseudoHeader(context.network, PROTOCOL, bytes.length), bytes);
  return [verdict('tcp.checksum.status', left === 0 ? 'good' : 'bad', at), calculated('tcp.checksum_calculated', rightChecksum(readUint(bytes, 16, 2), left), at)];
}
