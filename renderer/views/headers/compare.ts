// The three ways of one message side by side: which headers each puts on, taken from this run's frames where it went that way, else
// calculated from the specifications. Also what this run tells of a link's size. Pure.

import type { Layer } from '../../../shared/codec/codec';
import { HEADER_BYTES } from '../../../shared/codec/packetSizes';
import { KIND_CODE, type EventKind, type Evidence, type Fact } from '../../../shared/trace/event';
import { headersFrames } from '../../../shared/trace/headersFrames';
import { parseNote } from '../../../shared/trace/notes';
import type { TraceStore } from '../../../shared/trace/store';
import type { Segment, Story } from '../../../shared/trace/story';
import { frameModel } from './model';

export const CARRIERS = ['tcp', 'udp', 'unix'] as const;
export type Carrier = (typeof CARRIERS)[number];

export interface HeaderPart {
  readonly layer: Layer;
  readonly title: string;
  readonly bytes: number;
}

export interface Column {
  readonly carrier: Carrier;
  /** Outermost first; none of AF_UNIX. */
  readonly headers: readonly HeaderPart[];
  readonly total: number;
  /** 'model': nothing went this way in this run. */
  readonly evidence: Evidence;
  /** Its first message of this run. */
  readonly segment: number | null;
  /** Segments of that connection that carry no byte; null where nothing is known of it. */
  readonly empty: number | null;
}

/** Segments that are looked at. */
const MOST = 5000;

export function columnsOf(story: Story, trace: TraceStore): readonly Column[] {
  return CARRIERS.map((carrier): Column => {
    const segment = firstOf(story, carrier);
    const [frame] = segment === null ? [] : headersFrames(story, trace, segment.id);
    const headers = segment === null || frame === undefined ? plain(carrier) : frameModel(frame, segment).headers.map(({ layer, title, length }) => ({ layer, title, bytes: length }));
    const evidence: Evidence = segment === null ? 'model' : carrier === 'unix' ? 'observed' : frame?.source === 'captured' ? 'captured' : 'inferred';
    return { carrier, headers, total: headers.reduce((sum, { bytes }) => sum + bytes, 0), evidence, segment: segment?.id ?? null, empty: segment === null ? null : emptyOf(story, segment) };
  });
}

function plain(carrier: Carrier): HeaderPart[] {
  if (carrier === 'unix') return [];
  return [
    { layer: 'link', title: 'Ethernet', bytes: HEADER_BYTES.ethernet },
    { layer: 'internet', title: 'IPv4', bytes: HEADER_BYTES.ip[4] },
    { layer: 'transport', title: carrier.toUpperCase(), bytes: HEADER_BYTES[carrier] },
  ];
}

function firstOf(story: Story, carrier: Carrier): Segment | null {
  for (let id = 0; id < Math.min(story.segments.count, MOST); id++) {
    const kind = story.segmentKind(id);
    if (kind !== 'data' && kind !== 'datagram') continue;
    const segment = story.segments.at(id);
    if (segment.transport === carrier) return segment;
  }
  return null;
}

function emptyOf(story: Story, { conn, transport }: Segment): number | null {
  if (transport !== 'tcp') return 0;
  if (conn === null) return null;
  let count = 0;
  for (let id = 0; id < Math.min(story.segments.count, MOST); id++) if (story.segmentKind(id) !== 'data' && story.segments.at(id).conn === conn) count++;
  return count;
}

/** Facts of a kind that programs made. */
function* factsOf(trace: TraceStore, story: Story, kind: EventKind): Generator<Fact> {
  for (const { facts } of story.roles) {
    for (let index = 0; index < facts.length; index++) {
      const seq = facts.at(index);
      const { columns, row } = trace.locate(seq);
      if (columns.kind[row] === KIND_CODE[kind]) yield trace.at(seq);
    }
  }
}

/** What the system said of the MTU of lo, as a program noted it; null when nobody did. */
export function toldMtu(trace: TraceStore, story: Story): number | null {
  for (const { text } of factsOf(trace, story, 'role.noted')) {
    const note = parseNote(text);
    if (note?.topic === 'link.mtu' && Number.isInteger(note.mtu) && note.mtu > 0) return note.mtu;
  }
  return null;
}

/** A datagram that the system refused to send because it was too long; null when it refused none. */
export function refusedDatagram(trace: TraceStore, story: Story): Fact | null {
  for (const fact of factsOf(trace, story, 'datagram.sent')) if (fact.err === 'EMSGSIZE') return fact;
  return null;
}
