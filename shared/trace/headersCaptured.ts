// Finds the captured frames of a segment: packets that the kernel gave us (`packet.captured`), matched by addresses, ports, and sequence
// range or payload. Reads each packet once. Fragments but the first, and what carries no TCP or UDP, are left out.

import { equalBytes } from '../base/bytes';
import type { EventSeq } from '../base/brand';
import type { Codec, Context } from '../codec/codec';
import { codec as ethernet } from '../codec/ethernet/codec';
import { codec as ipv4 } from '../codec/ipv4/codec';
import { codec as ipv6 } from '../codec/ipv6/codec';
import { codec as loopback } from '../codec/null/codec';
import { codec as raw } from '../codec/raw/codec';
import { codec as cooked } from '../codec/sll/codec';
import { TCP_FLAGS, codec as tcp } from '../codec/tcp/codec';
import { codec as udp } from '../codec/udp/codec';
import { KIND_CODE, type Endpoint } from './event';
import type { TraceStore } from './store';
import type { Segment, Story } from './story';

export interface CapturedFrame {
  /** Its fact. */
  readonly seq: EventSeq;
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Bytes of it that were on the wire and were not kept. */
  readonly missing: number;
  readonly payload: { readonly start: number; readonly end: number };
  /** Bytes of the segment before its payload; below 0 when it begins with bytes of the one before. */
  readonly offset: number;
  /** Bytes of payload on the wire. */
  readonly size: number;
}

interface Packet extends Omit<CapturedFrame, 'offset'> {
  readonly sequence: number;
  readonly flags: number;
}

const CODECS: readonly Codec<unknown>[] = [ethernet, cooked, loopback, raw, ipv4, ipv6, tcp, udp] as unknown as Codec<unknown>[];
/** Link, Internet (twice, for a tunnel), transport. */
const DEPTH = 5;
const NO_FLAGS = 0;

class CapturedPackets {
  /** By direction, in the order of capture. */
  private readonly ways = new Map<string, Packet[]>();
  private read = 0;

  constructor(private readonly trace: TraceStore) {}

  advance(): void {
    for (; this.read < this.trace.count; this.read++) {
      const { columns, row } = this.trace.locate(this.read);
      if (columns.kind[row] !== KIND_CODE['packet.captured']) continue;
      const fact = this.trace.at(this.read);
      const bytes = this.trace.payload(fact.seq);
      const head = headOf(bytes, fact.a, Math.max(0, fact.size - bytes.length));
      if (head === null) continue;
      const packet: Packet = { seq: fact.seq, linkType: fact.a, bytes, missing: Math.max(0, fact.size - bytes.length), ...head.packet };
      const way = this.ways.get(head.way);
      if (way === undefined) this.ways.set(head.way, [packet]);
      else way.push(packet);
    }
  }

  way(transport: string, from: Endpoint, to: Endpoint): readonly Packet[] {
    return this.ways.get(wayOf(transport, from.address, from.port, to.address, to.port)) ?? [];
  }
}

const wayOf = (transport: string, source: string, from: number, destination: string, to: number): string => `${transport} ${source} ${from} ${destination} ${to}`;

/** The ends and the place of a packet; null when it is no TCP or UDP that can be read. */
function headOf(bytes: Uint8Array, linkType: number, missing: number): { readonly way: string; readonly packet: Pick<Packet, 'payload' | 'size' | 'sequence' | 'flags'> } | null {
  let codec = CODECS.find(({ claims }) => claims.includes(`linktype:${linkType}`));
  let context: Context = { missing };
  let start = 0;
  let end = bytes.length;
  for (let depth = 0; codec !== undefined && depth < DEPTH; depth++) {
    const slice = bytes.subarray(start, end);
    const network = context.network;
    if (network !== undefined && (codec.protocol === 'tcp' || codec.protocol === 'udp')) {
      const decoded = codec.protocol === 'tcp' ? tcp.decode(slice, context) : udp.decode(slice, context);
      if (decoded.status !== 'complete') return null;
      const { value } = decoded;
      const payload = { start: start + decoded.payload.start, end: start + decoded.payload.end };
      return {
        way: wayOf(codec.protocol, network.source, value.sourcePort, network.destination, value.destinationPort),
        packet: { payload, size: payload.end - payload.start + decoded.payload.missing, sequence: 'sequence' in value ? value.sequence : 0, flags: 'flags' in value ? value.flags : NO_FLAGS },
      };
    }
    const decoded = codec.decode(slice, context);
    if (decoded.status !== 'complete') return null;
    [start, end] = [start + decoded.payload.start, start + decoded.payload.end];
    context = { ...decoded.inside, missing: decoded.payload.missing };
    codec = CODECS.find(({ claims }) => decoded.next.some((claim) => claims.includes(claim)));
  }
  return null;
}

const indexes = new WeakMap<TraceStore, CapturedPackets>();

/** The frames that carried a segment, in order of its bytes; none when nothing was captured. */
export function capturedFrames(story: Story, trace: TraceStore, id: number): readonly CapturedFrame[] {
  const packets = indexes.get(trace) ?? new CapturedPackets(trace);
  indexes.set(trace, packets);
  packets.advance();
  const segment = story.segments.at(id);
  const way = segment.transport === 'icmp' ? [] : packets.way(segment.transport, segment.from, segment.to);
  if (way.length === 0) return [];
  return segment.transport === 'udp' ? datagram(story, trace, segment, way) : stream(story, trace, segment, way);
}

/** The nth datagram with these bytes is the nth packet with them. */
function datagram(story: Story, trace: TraceStore, segment: Segment, way: readonly Packet[]): CapturedFrame[] {
  const bytes = bytesOf(trace, segment);
  const alike = (other: Segment): boolean => other.transport === 'udp' && sameEnd(other.from, segment.from) && sameEnd(other.to, segment.to) && other.size === segment.size && equalBytes(bytesOf(trace, other), bytes);
  let before = 0;
  for (let id = 0; id < segment.id; id++) if (alike(story.segments.at(id))) before++;
  const packet = way.filter((one) => one.size === segment.size && carries(one, bytes))[before];
  return packet === undefined ? [] : [{ ...packet, offset: 0 }];
}

const sameEnd = (one: Endpoint, other: Endpoint): boolean => one.address === other.address && one.port === other.port;
const bytesOf = (trace: TraceStore, segment: Segment): Uint8Array => (segment.payloadSeq === null ? new Uint8Array(0) : trace.payload(segment.payloadSeq));

/** As far as both were kept. */
function carries(packet: Packet, bytes: Uint8Array): boolean {
  const there = packet.bytes.subarray(packet.payload.start, packet.payload.end);
  const most = Math.min(there.length, bytes.length);
  return equalBytes(there.subarray(0, most), bytes.subarray(0, most));
}

const has = (packet: Packet, flag: keyof typeof TCP_FLAGS): boolean => (packet.flags & TCP_FLAGS[flag]) !== 0;

function stream(story: Story, trace: TraceStore, segment: Segment, way: readonly Packet[]): CapturedFrame[] {
  const life = lifeOf(story, segment, way);
  const [first] = life;
  if (first === undefined) return [];
  const whole = (packet: Packet | undefined): CapturedFrame[] => (packet === undefined ? [] : [{ ...packet, offset: 0 }]);
  const begins = has(first, 'SYN') ? (first.sequence + 1) >>> 0 : begunAt(trace, segment, life);
  switch (segment.kind) {
    case 'syn': return whole(life.find((one) => has(one, 'SYN') && !has(one, 'ACK')));
    case 'syn-ack': return whole(life.find((one) => has(one, 'SYN') && has(one, 'ACK')));
    case 'ack': return whole(life.find((one) => one.size === 0 && (one.flags & 0x1ff) === TCP_FLAGS.ACK && one.sequence === begins));
    case 'fin': return whole(life.find((one) => has(one, 'FIN')));
    case 'rst': return whole(life.find((one) => has(one, 'RST')));
    case 'data': break;
    default: return [];
  }
  if (begins === null) return [];
  // Sequence numbers go round at 2^32 (RFC 9293 3.4); the nearer way round is meant.
  return life
    .filter(({ size }) => size > 0)
    .map((packet): CapturedFrame => ({ ...packet, offset: ((packet.sequence - begins - segment.offset) | 0) }))
    .filter(({ offset, size }) => offset < segment.size && offset + size > 0)
    .sort((one, other) => one.offset - other.offset);
}

/** The packets of this connection's direction: four numbers can be used again, and each time there is a SYN. */
function lifeOf(story: Story, segment: Segment, way: readonly Packet[]): readonly Packet[] {
  const starts = way.flatMap((packet, index) => (has(packet, 'SYN') ? [index] : []));
  if (starts.length < 2 || segment.conn === null) return way;
  const connection = story.connection(segment.conn);
  if (connection === null) return way;
  let before = 0;
  for (let index = 0; index < story.connections.count; index++) {
    const other = story.connections.at(index);
    if (other.id < connection.id && sameEnd(other.client.endpoint, connection.client.endpoint) && sameEnd(other.server.endpoint, connection.server.endpoint)) before++;
  }
  return way.slice(starts[before] ?? way.length, starts[before + 1] ?? way.length);
}

/** Of a connection whose SYN was not captured: the sequence number of its first byte, by the packet that begins with this segment's bytes. */
function begunAt(trace: TraceStore, segment: Segment, life: readonly Packet[]): number | null {
  const bytes = bytesOf(trace, segment);
  const found = bytes.length === 0 ? undefined : life.find((packet) => packet.size > 0 && carries(packet, bytes));
  return found === undefined ? null : (found.sequence - segment.offset) >>> 0;
}
