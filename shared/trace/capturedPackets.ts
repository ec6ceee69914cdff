// The TCP segments and UDP datagrams that the kernel gave us (`packet.captured`), by direction, in the order of capture. Reads each packet once.
// Fragments but the first are left out, and what carries neither TCP nor UDP nor an ICMP error about a datagram.

import type { EventSeq, Micros } from '../base/brand';
import type { Codec, Context } from '../codec/codec';
import { codec as ethernet } from '../codec/ethernet/codec';
import { codec as icmp } from '../codec/icmp/codec';
import { codec as icmpv6 } from '../codec/icmpv6/codec';
import { codec as ipv4 } from '../codec/ipv4/codec';
import { codec as ipv6 } from '../codec/ipv6/codec';
import { codec as loopback } from '../codec/null/codec';
import { codec as raw } from '../codec/raw/codec';
import { codec as cooked } from '../codec/sll/codec';
import { codec as tcp } from '../codec/tcp/codec';
import type { TcpOption } from '../codec/tcp/options';
import { codec as udp } from '../codec/udp/codec';
import { KIND_CODE, type Endpoint } from './event';
import type { TraceStore } from './store';

export interface CapturedPacket {
  /** Its fact. */
  readonly seq: EventSeq;
  readonly t: Micros;
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Bytes of it that were on the wire and were not kept. */
  readonly missing: number;
  readonly payload: { readonly start: number; readonly end: number };
  /** Bytes of payload on the wire. */
  readonly size: number;
  /** Null: UDP. */
  readonly tcp: { readonly sequence: number; readonly acknowledgment: number; readonly flags: number; readonly window: number; readonly options: readonly TcpOption[] } | null;
}

type Head = Pick<CapturedPacket, 'payload' | 'size' | 'tcp'>;

/** Of 'icmp' (port unreachable): `from` and `to` are the ends of the datagram that it answers, the other way round. */
export interface PacketHead {
  readonly transport: 'tcp' | 'udp' | 'icmp';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly packet: Head;
}

const CODECS: readonly Codec<unknown>[] = [ethernet, cooked, loopback, raw, ipv4, ipv6, tcp, udp, icmp, icmpv6] as unknown as Codec<unknown>[];
/** Link, Internet (twice, for a tunnel or a quotation), ICMP, transport. */
const DEPTH = 5;

class CapturedPackets {
  private readonly ways = new Map<string, CapturedPacket[]>();
  private read = 0;

  constructor(private readonly trace: TraceStore) {}

  advance(): void {
    for (; this.read < this.trace.count; this.read++) {
      const { columns, row } = this.trace.locate(this.read);
      if (columns.kind[row] !== KIND_CODE['packet.captured']) continue;
      const { seq, t, a, size } = this.trace.at(this.read);
      const bytes = this.trace.payload(seq);
      const missing = Math.max(0, size - bytes.length);
      const head = headOf(bytes, a, missing);
      if (head === null || head.transport === 'icmp') continue;
      const packet: CapturedPacket = { seq, t, linkType: a, bytes, missing, ...head.packet };
      const key = wayOf(head.transport, head.from.address, head.from.port, head.to.address, head.to.port);
      const way = this.ways.get(key);
      if (way === undefined) this.ways.set(key, [packet]);
      else way.push(packet);
    }
  }

  way(transport: string, from: Endpoint, to: Endpoint): readonly CapturedPacket[] {
    return this.ways.get(wayOf(transport, from.address, from.port, to.address, to.port)) ?? [];
  }
}

const wayOf = (transport: string, source: string, from: number, destination: string, to: number): string => `${transport} ${source} ${from} ${destination} ${to}`;

/** The ends and the place of a packet; null when it is no TCP or UDP that can be read. */
export function headOf(bytes: Uint8Array, linkType: number, missing: number): PacketHead | null {
  let codec = CODECS.find(({ claims }) => claims.includes(`linktype:${linkType}`));
  let context: Context = { missing };
  let start = 0;
  let end = bytes.length;
  let answers = false;
  for (let depth = 0; codec !== undefined && depth < DEPTH; depth++) {
    const slice = bytes.subarray(start, end);
    const network = context.network;
    if (network !== undefined && (codec.protocol === 'tcp' || codec.protocol === 'udp')) {
      const decoded = codec.protocol === 'tcp' ? tcp.decode(slice, context) : udp.decode(slice, context);
      if (decoded.status !== 'complete') return null;
      const { value } = decoded;
      const payload = { start: start + decoded.payload.start, end: start + decoded.payload.end };
      const from = { address: network.source, port: value.sourcePort };
      const to = { address: network.destination, port: value.destinationPort };
      if (answers) return 'sequence' in value ? null : { transport: 'icmp', from: to, to: from, packet: { payload, size: 0, tcp: null } };
      const numbers = 'sequence' in value ? { sequence: value.sequence, acknowledgment: value.acknowledgment, flags: value.flags, window: value.window, options: value.options } : null;
      return { transport: numbers === null ? 'udp' : 'tcp', from, to, packet: { payload, size: payload.end - payload.start + decoded.payload.missing, tcp: numbers } };
    }
    const decoded = codec.decode(slice, context);
    if (decoded.status !== 'complete') return null;
    // Port unreachable: RFC 792 type 3 code 3, RFC 4443 3.1 type 1 code 4.
    if (codec.protocol === 'icmp' || codec.protocol === 'icmpv6') answers = codec.protocol === 'icmp' ? slice[0] === 3 && slice[1] === 3 : slice[0] === 1 && slice[1] === 4;
    if (decoded.quotes && !answers) return null;
    [start, end] = [start + decoded.payload.start, start + decoded.payload.end];
    context = { ...decoded.inside, missing: decoded.payload.missing };
    codec = CODECS.find(({ claims }) => decoded.next.some((claim) => claims.includes(claim)));
  }
  return null;
}

const indexes = new WeakMap<TraceStore, CapturedPackets>();

/** Those of one direction so far. */
export function capturedWay(trace: TraceStore, transport: 'tcp' | 'udp', from: Endpoint, to: Endpoint): readonly CapturedPacket[] {
  const packets = indexes.get(trace) ?? new CapturedPackets(trace);
  indexes.set(trace, packets);
  packets.advance();
  return packets.way(transport, from, to);
}
