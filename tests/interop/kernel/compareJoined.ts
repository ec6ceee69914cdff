// Holds the joined story of a captured run against the kernel's packets: each packet is one segment, at its place in its stream, with its flags and
// bytes; each segment that went over the wire has its packet; and none arrives before it left, or leaves before the call that sent it. Returns
// differences in words; an empty list is the only good answer.

import { TCP_FLAGS } from '../../../shared/codec/tcp/codec';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import { segmentPayload } from '../../../shared/trace/segmentPayload';
import type { TraceStore } from '../../../shared/trace/store';
import type { Segment, Story } from '../../../shared/trace/story';
import type { KernelPacket } from './capture';

export interface Joined {
  readonly differences: readonly string[];
  /** Segments with a packet. */
  readonly captured: number;
}

export function compareJoined(trace: TraceStore, story: Story, packets: readonly KernelPacket[]): Joined {
  const differences: string[] = [];
  const segments = Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id)).filter(({ transport }) => transport !== 'unix');
  const captured = segments.filter(({ within, provenance }) => within === null && provenance.evidence === 'captured');
  const byPacket = new Map<number, Segment>();
  for (const segment of captured) {
    if (segment.provenance.evidence !== 'captured') continue;
    if (byPacket.has(segment.provenance.packet)) differences.push(`packet ${segment.provenance.packet} is shown twice`);
    byPacket.set(segment.provenance.packet, segment);
    if (story.momentOfSegment(segment.id) < 0) differences.push(`${nameOf(segment)} is no moment`);
    if (segment.arrive !== null && segment.arrive < segment.depart) differences.push(`${nameOf(segment)} arrives ${segment.depart - segment.arrive} us before it leaves`);
    if (segment.sentSeq !== null && segment.depart < trace.t(segment.sentSeq)) differences.push(`${nameOf(segment)} leaves before its call`);
  }
  const shown = [...byPacket.entries()].sort(([one], [other]) => one - other).map(([, segment]) => segment).filter(({ transport }) => transport !== 'icmp');
  const bases = basesOf(packets);
  for (const way of new Set([...packets.map(wayOf), ...shown.map(segmentWay)])) {
    const theirs = packets.filter((packet) => wayOf(packet) === way).map((packet) => packetText(packet, bases));
    const ours = shown.filter((segment) => segmentWay(segment) === way).map((segment) => segmentText(trace, segment));
    if (ours.join('\n') === theirs.join('\n')) continue;
    const at = theirs.findIndex((text, index) => text !== ours[index]);
    differences.push(`${way}: ${ours.length} segments, ${theirs.length} packets; the first that differs: ${ours[at < 0 ? theirs.length : at] ?? 'none'} | ${theirs[at] ?? 'none'}`);
  }
  for (const segment of segments) {
    if (segment.provenance.evidence === 'captured' || neverLeft(story, segment)) continue;
    differences.push(`${nameOf(segment)} is ${segment.provenance.evidence}${segment.provenance.evidence === 'inferred' ? ` (${segment.provenance.rule})` : ''}, without a packet`);
  }
  return { differences, captured: byPacket.size };
}

const wayOf = ({ transport, from, to }: KernelPacket): string => `${transport} ${from} > ${to}`;
const segmentWay = ({ transport, from, to }: Segment): string => `${transport} ${formatEndpoint(from)} > ${formatEndpoint(to)}`;
const nameOf = (segment: Segment): string => `#${segment.conn ?? 0} ${segment.kind} ${segment.id} ${segmentWay(segment)}`;

/** The number of a direction's first byte, by packet: each SYN begins a new life of the four numbers. */
function basesOf(packets: readonly KernelPacket[]): ReadonlyMap<KernelPacket, number> {
  const now = new Map<string, number>();
  const bases = new Map<KernelPacket, number>();
  for (const packet of packets) {
    if (packet.syn) now.set(wayOf(packet), packet.seq + 1);
    bases.set(packet, now.get(wayOf(packet)) ?? packet.seq);
  }
  return bases;
}

/** The beginning of a payload, as both keep it. */
const START = 64;
const bytesText = (bytes: Uint8Array | null): string => Buffer.from((bytes ?? new Uint8Array(0)).subarray(0, START)).toString('base64');
const flagText = (syn: boolean, fin: boolean, rst: boolean): string => [syn && 'SYN', fin && 'FIN', rst && 'RST'].filter((flag) => flag !== false).join(' ');

function packetText(packet: KernelPacket, bases: ReadonlyMap<KernelPacket, number>): string {
  const { syn, fin, rst, payload, seq, transport } = packet;
  const place = payload.length > 0 && transport === 'tcp' ? ` at ${(seq - (bases.get(packet) ?? seq)) >>> 0}` : '';
  return `${flagText(syn, fin, rst)} ${payload.length} B${place} ${bytesText(payload)}`;
}

function segmentText(trace: TraceStore, segment: Segment): string {
  const flags = segment.flags ?? 0;
  const place = segment.size > 0 && segment.transport === 'tcp' ? ` at ${segment.offset}` : '';
  return `${flagText((flags & TCP_FLAGS.SYN) !== 0, (flags & TCP_FLAGS.FIN) !== 0, (flags & TCP_FLAGS.RST) !== 0)} ${segment.size} B${place} ${bytesText(segmentPayload(trace, segment))}`;
}

/** After a RST the kernel throws away what it has not sent, bytes and FIN (RFC 9293 3.10.7.4); of a connection that was reset those need no packet. */
function neverLeft(story: Story, segment: Segment): boolean {
  if (segment.conn === null || (segment.kind !== 'data' && segment.kind !== 'fin')) return false;
  return story.connection(segment.conn)?.outcome === 'reset';
}
