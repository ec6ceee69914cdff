// Holds our trace against the kernel's packets: bytes, order and stream offsets of what was observed, and what was inferred.
// Returns differences in words; an empty list is the only good answer.

import type { ConnId } from '../../../shared/base/brand';
import { formatEndpoint, isPath } from '../../../shared/trace/endpoint';
import type { TraceStore } from '../../../shared/trace/store';
import type { ConnectionModel, Segment, SegmentKind, Story, StreamModel } from '../../../shared/trace/story';
import type { KernelPacket } from './capture';
import { firstCrossed } from './crossed';
import { withoutOvertaken } from './overtaken';

export interface Comparison {
  readonly differences: readonly string[];
  readonly connections: number;
  readonly datagrams: number;
  readonly bytes: number;
}

export function compareWithKernel(trace: TraceStore, story: Story, packets: readonly KernelPacket[]): Comparison {
  const differences: string[] = [];
  let bytes = 0;
  const tcp = livesOf(packets);
  const control = controlSegments(story);
  for (let index = 0; index < story.connections.count; index++) {
    const connection = story.connections.at(index);
    // AF_UNIX never comes to an interface: no packet of it is what is right, and one would be found below.
    if (isPath(connection.server.endpoint.address)) continue;
    const up = formatEndpoint(connection.client.endpoint);
    const down = formatEndpoint(connection.server.endpoint);
    const seen = tcp.get(pair(up, down))?.shift() ?? [];
    // A run that has the kernel's packets itself has that one, too.
    const mine = control.get(connection.id)?.some(({ kind, provenance }) => kind === 'rst' && provenance.evidence === 'captured') === true ? seen : withoutOvertaken(seen);
    const reset = mine.some(({ rst }) => rst);
    bytes += compareStream(trace, connection.up, streamOf(mine, up), reset, `#${connection.id} up`, differences);
    bytes += compareStream(trace, connection.down, streamOf(mine, down), reset, `#${connection.id} down`, differences);
    compareControl(control.get(connection.id) ?? [], connection, mine, up, differences);
  }
  const unfinished = unfinishedConnects(trace, story);
  for (const [first] of [...tcp.values()].flat()) {
    if (first?.syn !== true) continue;
    const at = unfinished.indexOf(`${first.from.replace(/:\d+$/, '')} > ${first.to}`);
    if (at >= 0) unfinished.splice(at, 1);
    else differences.push(`the kernel saw a connection that the trace does not have: ${first.from} > ${first.to}`);
  }
  const datagrams = compareDatagrams(trace, packets.filter((packet) => packet.transport === 'udp'), differences);
  return { differences, connections: story.connections.count, datagrams, bytes };
}

/** Connections that were being made when their program was killed: the system had not told which port they have. '127.0.0.1 > 127.0.0.2:80' */
function unfinishedConnects(trace: TraceStore, story: Story): string[] {
  const begun = new Map<number, string>();
  for (let seq = 0; seq < trace.count; seq++) {
    const { kind, sock, role, remote } = trace.at(seq);
    if (kind === 'connect.ended') begun.delete(sock);
    if (kind !== 'connect.started' || remote === null) continue;
    const host = story.role(role)?.host ?? null;
    begun.set(sock, `${(host === null ? null : story.host(host))?.address ?? ''} > ${formatEndpoint(remote)}`);
  }
  return [...begun.values()];
}

/** The bytes that one side sent, by sequence number; the first byte to arrive wins. Null when a byte is missing. */
function streamOf(packets: readonly KernelPacket[], from: string): Uint8Array | null {
  const own = packets.filter((packet) => packet.from === from);
  const syn = own.find((packet) => packet.syn);
  if (syn === undefined) return new Uint8Array(0);
  const at = (packet: KernelPacket): number => (packet.seq - syn.seq - 1) >>> 0;
  const data = own.filter((packet) => packet.payload.length > 0);
  const end = data.reduce((most, packet) => Math.max(most, at(packet) + packet.payload.length), 0);
  const stream = new Uint8Array(end);
  const seen = new Uint8Array(end);
  for (const packet of data) {
    packet.payload.forEach((byte, index) => {
      if (seen[at(packet) + index] === 1) return;
      stream[at(packet) + index] = byte;
      seen[at(packet) + index] = 1;
    });
  }
  return seen.includes(0) ? null : stream;
}

/**
 * Every send() and recv() must be exactly the kernel's bytes at its offset, in order, without a gap. After a RST the kernel throws away what
 * it had taken and not yet sent (RFC 9293 3.10.7.4): of a connection that was `reset` the last sends may be missing on the wire. Returns
 * bytes compared.
 */
function compareStream(trace: TraceStore, stream: StreamModel, kernel: Uint8Array | null, reset: boolean, name: string, differences: string[]): number {
  if (kernel === null) {
    differences.push(`${name}: the capture has a gap`);
    return 0;
  }
  for (const [call, list] of [['send', stream.writes], ['recv', stream.reads]] as const) {
    let next = 0;
    for (let index = 0; index < list.length; index++) {
      const fact = trace.at(list.at(index));
      if (fact.offset !== next) differences.push(`${name} ${call} ${fact.seq}: offset ${fact.offset}, expected ${next}`);
      const taken = call === 'send' && fact.err !== '' ? 0 : fact.size;
      const theirs = kernel.subarray(fact.offset, fact.offset + Math.min(taken, fact.kept));
      const wanted = reset && call === 'send' ? Math.min(taken, Math.max(0, kernel.length - fact.offset)) : taken;
      if (taken > 0 && !Buffer.from(theirs).equals(Buffer.from(trace.payload(fact.seq).subarray(0, wanted)))) differences.push(`${name} ${call} ${fact.seq}: other bytes than the kernel's at ${fact.offset}`);
      next = fact.offset + taken;
    }
    if (call === 'send' && list.length > 0 && (reset ? next < kernel.length : next !== kernel.length)) differences.push(`${name}: we sent ${next} B, the kernel saw ${kernel.length} B`);
    if (call === 'recv' && next > kernel.length) differences.push(`${name}: we received ${next} B, the kernel saw only ${kernel.length} B`);
  }
  return kernel.length;
}

/** The inferred SYN, FIN and RST must be those that the kernel sent: as many, at the same place of the stream, in the same order, until ends crossed. */
function compareControl(ours: readonly Segment[], connection: ConnectionModel, packets: readonly KernelPacket[], up: string, differences: string[]): void {
  const initial = { up: packets.find((packet) => packet.syn && packet.from === up)?.seq, down: packets.find((packet) => packet.syn && packet.from !== up)?.seq };
  const theirs: string[] = [];
  // A segment that the kernel had to send again (its accept queue was full) is one segment: told apart by its place in the stream.
  const seen = new Set<string>();
  const crossed = firstCrossed(packets);
  let told = Infinity;
  for (const [index, packet] of packets.entries()) {
    const dir = packet.from === up ? 'up' : 'down';
    if (index === crossed) told = theirs.length;
    if (packet.rst) add('RST', '');
    else if (packet.syn) add('SYN', '');
    else if (packet.fin) add('FIN', ` after ${(packet.seq + packet.payload.length - (initial[dir] ?? 0) - 1) >>> 0} B`);

    function add(name: string, place: string): void {
      const text = `${dir} ${name}${place}`;
      if (!seen.has(text)) theirs.push(text);
      seen.add(text);
    }
  }
  const reset = packets.some(({ rst }) => rst);
  const carried = { up: streamOf(packets, up)?.length ?? 0, down: streamOf(packets, formatEndpoint(connection.server.endpoint))?.length ?? 0 };
  const mine = ours.flatMap((segment) => {
    const name = CONTROL[segment.kind];
    // A FIN waits in the queue behind the bytes; a RST that comes before they are all sent throws it away with them (RFC 9293 3.10.7.4).
    if (segment.dir !== null && name === 'FIN' && reset && carried[segment.dir] < segment.offset) return [];
    return name === undefined || segment.dir === null ? [] : [`${segment.dir} ${name}${name === 'FIN' ? ` after ${segment.offset} B` : ''}`];
  });
  const once = mine.filter((text, index) => mine.indexOf(text) === index || !text.endsWith('RST'));
  const foreign = connection.client.sock === null ? 'up' : connection.server.sock === null ? 'down' : null;
  const same = foreign === null ? once.join(', ') === theirs.join(', ') : mayBe(once, theirs, foreign);
  if (!same && !mayHaveCrossed(once, theirs, told, foreign)) differences.push(`#${connection.id}: inferred ${once.join(', ')}; the kernel saw ${theirs.join(', ')}`);
}

/**
 * Calls tell no more than the first `told` of what the kernel sent: then ends crossed (crossed.ts). All that we say must still be true, and of each side
 * in its order; what is missing may only be what came then, or is of a peer that is not ours.
 */
function mayHaveCrossed(mine: readonly string[], theirs: readonly string[], told: number, foreign: 'up' | 'down' | null): boolean {
  const inOrder = (part: readonly string[]): boolean => mine.filter((text) => part.includes(text)).join() === part.filter((text) => mine.includes(text)).join();
  const side = (dir: 'up' | 'down'): string[] => theirs.filter((text) => text.startsWith(dir));
  const isTold = theirs.slice(0, told).every((text) => mine.includes(text) || (foreign !== null && text.startsWith(foreign))) && inOrder(theirs.slice(0, told));
  return told < Infinity && isTold && mine.every((text) => theirs.includes(text)) && inOrder(side('up')) && inOrder(side('down'));
}

/**
 * Of a peer that is not ours no call tells everything: what it sends after our last call, a FIN that we never came to read, a RST that
 * came before our close() and made it silent, bytes of it that lay unread at our close() and made a RST of our FIN, and what our kernel
 * answers to a late segment of a connection that was reset. All that we say must be true and in order; what is missing may only be that.
 */
function mayBe(mine: readonly string[], theirs: readonly string[], foreign: 'up' | 'down'): boolean {
  const own = foreign === 'up' ? 'down' : 'up';
  const reset = theirs.some((text) => text.endsWith('RST') && !mine.includes(text));
  const sure = mine.filter((text) => theirs.includes(text) || !(reset && text.startsWith(`${own} FIN`)));
  const missing = theirs.filter((text) => !sure.includes(text));
  const inOrder = theirs.filter((text) => sure.includes(text));
  return inOrder.join() === sure.join() && missing.every((text) => text.startsWith(foreign) || (text === `${own} RST` && (sure.length < mine.length || theirs.includes(`${foreign} RST`))));
}

const CONTROL: Partial<Record<SegmentKind, 'SYN' | 'FIN' | 'RST'>> = { syn: 'SYN', 'syn-ack': 'SYN', fin: 'FIN', rst: 'RST' };

/** Each connection's SYN, FIN and RST in the order of the picture. */
function controlSegments(story: Story): ReadonlyMap<ConnId, readonly Segment[]> {
  const found = new Map<ConnId, Segment[]>();
  for (let id = 0; id < story.segments.count; id++) {
    if (CONTROL[story.segmentKind(id)] === undefined) continue;
    const segment = story.segments.at(id);
    // What the kernel sent again (on a busy machine a SYN, after a second) is one segment here, as it is of the judge's packets.
    if (segment.conn !== null && segment.special !== 'retransmission') found.set(segment.conn, [...(found.get(segment.conn) ?? []), segment]);
  }
  for (const list of found.values()) list.sort((one, other) => story.momentOfSegment(one.id) - story.momentOfSegment(other.id));
  return found;
}

const pair = (one: string, other: string): string => [one, other].sort().join(' ');

/** The packets of each pair of endpoints; those of a pair that was used again are the lives of it in order, each beginning with its SYN. */
function livesOf(packets: readonly KernelPacket[]): ReadonlyMap<string, KernelPacket[][]> {
  const found = new Map<string, KernelPacket[][]>();
  for (const packet of packets) {
    if (packet.transport !== 'tcp') continue;
    const key = pair(packet.from, packet.to);
    const lives = found.get(key) ?? [];
    found.set(key, lives);
    const life = lives.at(-1);
    // The SYN of a client, and not the one before once more.
    if (life === undefined || (packet.syn && packet.ack === 0 && life[0]?.seq !== packet.seq)) lives.push([packet]);
    else life.push(packet);
  }
  return found;
}

/** Datagrams that we sent must be on the wire in the order and with the bytes of our calls; what we received must have been there. */
function compareDatagrams(trace: TraceStore, packets: readonly KernelPacket[], differences: string[]): number {
  const wire = packets.map((packet) => `${packet.from} > ${packet.to} ${Buffer.from(packet.payload).toString('hex')}`);
  const sent: string[] = [];
  const received: string[] = [];
  for (let seq = 0; seq < trace.count; seq++) {
    const fact = trace.at(seq);
    if ((fact.kind !== 'datagram.sent' && fact.kind !== 'datagram.received') || fact.local === null || fact.remote === null) continue;
    const bytes = Buffer.from(trace.payload(seq)).toString('hex');
    if (fact.kind === 'datagram.received') received.push(`${formatEndpoint(fact.remote)} > ${formatEndpoint(fact.local)} ${bytes}`);
    else if (fact.err === '') sent.push(`${formatEndpoint(fact.local)} > ${formatEndpoint(fact.remote)} ${bytes}`);
  }
  let from = 0;
  for (const one of sent) {
    const at = wire.indexOf(one, from);
    if (at < 0) differences.push(`datagram not on the wire, or out of order: ${one.slice(0, 120)}`);
    else from = at + 1;
  }
  for (const one of received) if (!wire.some((packet) => packet.startsWith(one))) differences.push(`received a datagram that the kernel did not see: ${one.slice(0, 120)}`);
  return wire.length;
}
