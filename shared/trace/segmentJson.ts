// A segment or datagram as JSON, beside the facts of eventJson.ts: for programs that want what went over the wire, with the rule
// and the facts that each inferred one follows from. The schema is the documentation that a test checks.

import * as v from 'valibot';
import { toBase64 } from '../base/base64';
import { NO_BYTES } from '../base/bytes';
import { tcpFlags } from './describe';
import { segmentPayload } from './segmentPayload';
import type { TraceStore } from './store';
import type { SegmentKind, Story } from './story';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const endpoint = v.strictObject({ address: v.string(), port: v.pipe(count, v.maxValue(65_535)) });
const KINDS = ['syn', 'syn-ack', 'ack', 'data', 'fin', 'rst', 'datagram', 'unreachable'] as const satisfies readonly SegmentKind[];

/** One segment. Its number is stable; its time orders it. */
export const segmentJsonSchema = v.strictObject({
  segment: count,
  /** Microseconds since the run began: when it left, and when it was first known to have come (null: never). */
  t_us: v.number(),
  arrive_us: v.nullable(v.number()),
  evidence: v.picklist(['captured', 'observed', 'inferred', 'model']),
  /** Of an inferred one: its rule, and the facts (`seq`) that it follows from. */
  rule: v.nullable(v.string()),
  from: v.array(count),
  kind: v.picklist(KINDS),
  transport: v.picklist(['tcp', 'udp', 'icmp', 'unix']),
  conn: v.nullable(positive),
  /** Ids of the hosts; null where it is not known whose the address is. */
  from_host: v.nullable(v.string()),
  to_host: v.nullable(v.string()),
  source: endpoint,
  destination: endpoint,
  flags: v.array(v.picklist(['SYN', 'ACK', 'PSH', 'FIN', 'RST'])),
  /** Bytes of this direction of the stream before it; bytes that it carries, and what became of them. */
  offset: count,
  size: count,
  fate: v.picklist(['read', 'partly', 'unread', 'lost', 'unknown', 'none']),
  /** The facts at both ends: send(), and the first recv() with a byte of it. */
  sent: v.nullable(count),
  received: v.nullable(count),
  /** Base64 of the bytes that the trace keeps, when asked for. */
  payload: v.optional(v.string()),
});
export type SegmentJson = v.InferOutput<typeof segmentJsonSchema>;

/** Segment `id` of the story. */
export function segmentJson(trace: TraceStore, story: Story, id: number, options: { readonly payload?: boolean } = {}): SegmentJson {
  const segment = story.segments.at(id);
  const { provenance } = segment;
  const inferred = provenance.evidence === 'inferred';
  return {
    segment: id, t_us: segment.depart, arrive_us: segment.arrive, evidence: provenance.evidence,
    rule: inferred ? provenance.rule : null, from: inferred ? [...provenance.from] : [],
    kind: segment.kind, transport: segment.transport, conn: segment.conn,
    from_host: story.host(segment.fromHost)?.id ?? null, to_host: story.host(segment.toHost)?.id ?? null,
    source: { ...segment.from }, destination: { ...segment.to }, flags: [...tcpFlags(segment)],
    offset: segment.offset, size: segment.size, fate: segment.fate, sent: segment.sentSeq, received: segment.receivedSeq,
    ...(options.payload === true && segment.payloadSeq !== null && { payload: toBase64(segmentPayload(trace, segment) ?? NO_BYTES) }),
  };
}
