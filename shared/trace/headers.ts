// Rebuilds the frame of a segment as it stood on the loopback interface: Ethernet, IP, TCP, UDP or ICMP headers, encoded by the
// codecs around the bytes that our calls carried. All of the headers is `headers.reconstructed`: lengths, checksums, flags and
// relative numbers are right; what nobody told us (window, options, identification) has the plainest value.

import { NO_BYTES, concatBytes } from '../base/bytes';
import { assemble, part, type Part } from '../codec/assemble';
import { codec as ethernet } from '../codec/ethernet/codec';
import { codec as icmp } from '../codec/icmp/codec';
import { codec as icmpv6 } from '../codec/icmpv6/codec';
import { codec as ipv4 } from '../codec/ipv4/codec';
import { codec as ipv6 } from '../codec/ipv6/codec';
import { TCP_FLAGS, codec as tcp } from '../codec/tcp/codec';
import { codec as udp } from '../codec/udp/codec';
import { tcpFlags } from './describe';
import { groundsOf, type InferenceRule } from './event';
import { segmentPayload } from './segmentPayload';
import type { TraceStore } from './store';
import type { ConnectionModel, Segment, Story } from './story';

export interface Reconstruction {
  /** The frame from its Ethernet header on. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly networkStart: number;
  readonly transportStart: number;
  readonly payloadStart: number;
  /**
   * Bytes of the segment's payload that are not in the frame: the trace kept only a part, or one send() carried more than one
   * IP packet can. The headers speak of the bytes that are there.
   */
  readonly omitted: number;
  readonly rule: Extract<InferenceRule, 'headers.reconstructed'>;
}

/** On lo all MAC addresses are zero. */
const NO_MAC = '00:00:00:00:00:00';
const ETHERNET = 14;
const IPV4 = { header: 20, type: 0x0800 } as const;
const IPV6 = { header: 40, type: 0x86dd } as const;
const TCP = { header: 20, protocol: 6 } as const;
const UDP = { header: 8, protocol: 17 } as const;
/** ICMP: RFC 792, and how much of the datagram Linux quotes (576 B in all, RFC 1812 4.3.2.3). ICMPv6: RFC 4443 2.4 (1280 B in all). */
const ICMP = { header: 8, protocol: 1, whole: 576 } as const;
const ICMPV6 = { header: 8, protocol: 58, whole: 1280 } as const;
/** The window field. What was really announced, and its scale, is known to the kernels alone. */
const WINDOW = 65_535;
const LARGEST = 65_535;

/**
 * The frame of a segment; null when an endpoint of it is not known (a connect() that failed before it had a port). `from`: bytes of its
 * payload that frames before this one carry, when one send() took more than one packet.
 */
export function reconstruct(story: Story, trace: TraceStore, segmentId: number, from = 0): Reconstruction | null {
  const segment = story.segments.at(segmentId);
  if (segment.from.port === 0 || segment.to.port === 0 || segment.from.address === '' || segment.to.address === '') return null;
  const version = segment.from.address.includes(':') ? IPV6 : IPV4;
  const transport = segment.transport === 'tcp' ? TCP : segment.transport === 'udp' ? UDP : version === IPV6 ? ICMPV6 : ICMP;
  const payload = segment.transport === 'icmp' ? quoted(story, trace, segment) : carried(trace, segment, from, LARGEST - version.header - transport.header);
  if (payload === null) return null;
  const bytes = assemble([ethernetPart(version.type), networkPart(segment, version, transport.protocol), transportPart(story, segment, version, from)], payload);
  const transportStart = ETHERNET + version.header;
  const payloadStart = transportStart + transport.header;
  return {
    bytes, networkStart: ETHERNET, transportStart, payloadStart,
    omitted: segment.transport === 'icmp' ? 0 : segment.size - from - payload.length, rule: 'headers.reconstructed',
  };
}

function carried(trace: TraceStore, segment: Segment, from: number, most: number): Uint8Array {
  return (segmentPayload(trace, segment) ?? NO_BYTES).subarray(from, from + most);
}

const ethernetPart = (type: number): Part => part(ethernet, { destination: NO_MAC, source: NO_MAC, type });

/** Addresses; an ICMP error has the precedence "internetwork control" (RFC 1812 4.3.2.5; Linux icmp_send). */
function networkPart(segment: Segment, version: typeof IPV4 | typeof IPV6, protocol: number): Part {
  const ends = { source: segment.from.address, destination: segment.to.address };
  if (version === IPV6) return part(ipv6, { ...ends, nextHeader: protocol });
  return part(ipv4, { ...ends, protocol, ...(protocol === ICMP.protocol ? { services: 0xc0, flags: 0 } : {}) });
}

function transportPart(story: Story, segment: Segment, version: typeof IPV4 | typeof IPV6, from: number): Part {
  const network = { network: { source: segment.from.address, destination: segment.to.address } };
  const ports = { sourcePort: segment.from.port, destinationPort: segment.to.port };
  if (segment.transport === 'udp') return part(udp, ports, network);
  if (segment.transport === 'icmp') {
    // Port unreachable: RFC 792 type 3 code 3, RFC 4443 3.1 type 1 code 4.
    return version === IPV6 ? part(icmpv6, { type: 1, code: 4 }, network) : part(icmp, { type: 3, code: 3 });
  }
  const { sequence, acknowledgment } = numbers(story, segment);
  const flags = tcpFlags(segment).reduce((sum, flag) => sum | TCP_FLAGS[flag], 0);
  // A RST announces nothing, and its window is 0.
  return part(tcp, { ...ports, sequence: (sequence + from) >>> 0, acknowledgment: acknowledgment >>> 0, flags, window: segment.kind === 'rst' ? 0 : WINDOW }, network);
}

/** The IP packet that an ICMP error answers, as much of it as it quotes; null when it is not known. */
function quoted(story: Story, trace: TraceStore, segment: Segment): Uint8Array | null {
  const [sent] = groundsOf(segment.provenance);
  const index = sent === undefined ? -1 : story.momentOfFact(sent);
  const datagram = index < 0 ? null : story.moments.at(index).segment;
  const frame = datagram === null ? null : reconstruct(story, trace, datagram);
  if (frame === null) return null;
  const most = segment.from.address.includes(':') ? ICMPV6.whole - IPV6.header - ICMPV6.header : ICMP.whole - IPV4.header - ICMP.header;
  return concatBytes(frame.bytes.subarray(ETHERNET, ETHERNET + most));
}

interface Numbers {
  readonly sequence: number;
  readonly acknowledgment: number;
}

/**
 * Relative sequence and acknowledgment numbers, as Wireshark shows them: SYN is 0, the first byte 1 (RFC 9293 3.4). What the
 * other side had sent by then is acknowledged: on loopback it had come.
 */
function numbers(story: Story, segment: Segment): Numbers {
  const connection = segment.conn === null ? null : story.connection(segment.conn);
  if (connection === null || segment.kind === 'syn') return { sequence: 0, acknowledgment: 0 };
  if (segment.kind === 'syn-ack') return { sequence: 0, acknowledgment: 1 };
  if (segment.kind === 'ack') return { sequence: 1, acknowledgment: 1 };
  const moment = story.momentOfSegment(segment.id);
  const acknowledgment = nextOf(story, connection, segment.dir !== 'up', moment);
  if (segment.kind !== 'rst') return { sequence: 1 + segment.offset, acknowledgment };
  // A refused connection: the RST acknowledges the SYN (RFC 9293 3.10.7.1). A RST without ACK takes its number from what it answers.
  if (connection.outcome === 'refused') return { sequence: 0, acknowledgment: 1 };
  const sequence = nextOf(story, connection, segment.dir === 'up', moment);
  return tcpFlags(segment).includes('ACK') ? { sequence, acknowledgment } : { sequence, acknowledgment: 0 };
}

/** The next number of a direction when `moment` comes: SYN, the bytes sent so far, and FIN if it has gone. */
function nextOf(story: Story, connection: ConnectionModel, up: boolean, moment: number): number {
  const stream = up ? connection.up : connection.down;
  const seq = factBefore(story, moment);
  const fin = stream.fin !== null && story.momentOfSegment(stream.fin) < moment ? 1 : 0;
  return 1 + Math.max(stream.sentAt(seq), stream.receivedAt(seq)) + fin;
}

/** The last fact up to a moment; inferred moments stand in short runs. */
function factBefore(story: Story, moment: number): number {
  for (let index = moment; index >= 0; index--) {
    const { seq } = story.moments.at(index);
    if (seq !== null) return seq;
  }
  return -1;
}
