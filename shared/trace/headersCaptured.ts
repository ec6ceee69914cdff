// Finds the captured frames of a segment, by addresses, ports, and sequence range or payload (capturedPackets.ts has them).

import { equalBytes } from '../base/bytes';
import { TCP_FLAGS } from '../codec/tcp/codec';
import { capturedWay, type CapturedPacket } from './capturedPackets';
import type { Endpoint } from './event';
import type { TraceStore } from './store';
import type { Segment, Story } from './story';

export interface CapturedFrame extends CapturedPacket {
  /** Bytes of the segment before its payload; below 0 when it begins with bytes of the one before. */
  readonly offset: number;
}

/** The frames that carried a segment, in order of its bytes; none when nothing was captured. */
export function capturedFrames(story: Story, trace: TraceStore, id: number): readonly CapturedFrame[] {
  const segment = story.segments.at(id);
  const way = segment.transport === 'icmp' || segment.transport === 'unix' ? [] : capturedWay(trace, segment.transport, segment.from, segment.to);
  if (way.length === 0) return [];
  return segment.transport === 'udp' ? datagram(story, trace, segment, way) : stream(story, trace, segment, way);
}

/** The nth datagram with these bytes is the nth packet with them. */
function datagram(story: Story, trace: TraceStore, segment: Segment, way: readonly CapturedPacket[]): CapturedFrame[] {
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
function carries(packet: CapturedPacket, bytes: Uint8Array): boolean {
  const there = packet.bytes.subarray(packet.payload.start, packet.payload.end);
  const most = Math.min(there.length, bytes.length);
  return equalBytes(there.subarray(0, most), bytes.subarray(0, most));
}

const sequenceOf = (packet: CapturedPacket): number => packet.tcp?.sequence ?? 0;
const has = (packet: CapturedPacket, flag: keyof typeof TCP_FLAGS): boolean => ((packet.tcp?.flags ?? 0) & TCP_FLAGS[flag]) !== 0;

function stream(story: Story, trace: TraceStore, segment: Segment, way: readonly CapturedPacket[]): CapturedFrame[] {
  const life = lifeOf(story, segment, way);
  const [first] = life;
  if (first === undefined) return [];
  const whole = (packet: CapturedPacket | undefined): CapturedFrame[] => (packet === undefined ? [] : [{ ...packet, offset: 0 }]);
  const begins = has(first, 'SYN') ? (sequenceOf(first) + 1) >>> 0 : begunAt(trace, segment, life);
  switch (segment.kind) {
    case 'syn': return whole(life.find((one) => has(one, 'SYN') && !has(one, 'ACK')));
    case 'syn-ack': return whole(life.find((one) => has(one, 'SYN') && has(one, 'ACK')));
    case 'ack': return whole(life.find((one) => one.size === 0 && ((one.tcp?.flags ?? 0) & 0x1ff) === TCP_FLAGS.ACK && one.tcp?.sequence === begins));
    case 'fin': return whole(life.find((one) => has(one, 'FIN')));
    case 'rst': return whole(life.find((one) => has(one, 'RST')));
    case 'data': break;
    default: return [];
  }
  if (begins === null) return [];
  // Sequence numbers go round at 2^32 (RFC 9293 3.4); the nearer way round is meant.
  return life
    .filter(({ size }) => size > 0)
    .map((packet): CapturedFrame => ({ ...packet, offset: ((sequenceOf(packet) - begins - segment.offset) | 0) }))
    .filter(({ offset, size }) => offset < segment.size && offset + size > 0)
    .sort((one, other) => one.offset - other.offset);
}

/** The packets of this connection's direction: four numbers can be used again, and each time there is a SYN. */
function lifeOf(story: Story, segment: Segment, way: readonly CapturedPacket[]): readonly CapturedPacket[] {
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
function begunAt(trace: TraceStore, segment: Segment, life: readonly CapturedPacket[]): number | null {
  const bytes = bytesOf(trace, segment);
  const found = bytes.length === 0 ? undefined : life.find((packet) => packet.size > 0 && carries(packet, bytes));
  return found === undefined ? null : (sequenceOf(found) - segment.offset) >>> 0;
}
