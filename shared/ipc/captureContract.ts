// The part of the IPC contract that is about an open capture file: what the page may ask of its session, bounded, and what main tells of it.
// Main passes questions on to the session's worker and its answers back; the page never names a file.

import * as v from 'valibot';
import { DECODE_AS_LIMITS, type DecodeChoice } from '../packets/decodeAs';
import type { ChosenExchanges } from '../packets/exchanges/exchange';
import { FOLLOW_LAYERS, type Conversation, type EndpointRow, type FlowPart, type FollowedStream, type GraphSeries, type HierarchyNode, type PacketRow, type CaptureSummary, type ShownPacket, type ViewState } from '../packets/session';

/** Rows of one answer, letters of a filter, columns beside the usual ones, curves of one picture, filters that paint rows or are counted. */
export const CAPTURE_ASK_LIMITS = { rows: 1_000, filter: 4_096, columns: 16, filters: 8, rules: 24 } as const;

const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32));
const row = v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(2 ** 32));
const filter = v.pipe(v.string(), v.maxLength(CAPTURE_ASK_LIMITS.filter));
/** Wireshark's name of a field. */
export const fieldName = v.pipe(v.string(), v.maxLength(80), v.regex(/^[a-z][a-zA-Z0-9_.-]*$/));
const kind = v.picklist(['ethernet', 'ip', 'tcp', 'udp']);
const dir = v.picklist(['up', 'down']);
const sort = v.object({ column: v.picklist(['number', 'time', 'source', 'destination', 'protocol', 'length', 'info']), descending: v.boolean() });

/** One question to the session, by its name in CaptureSession. */
export const captureQuestion = v.variant('name', [
  v.object({ name: v.literal('show'), request: v.object({ filter, sort }) }),
  v.object({ name: v.literal('rows'), view: whole, from: whole, count: v.pipe(whole, v.maxValue(CAPTURE_ASK_LIMITS.rows)), columns: v.pipe(v.array(fieldName), v.maxLength(CAPTURE_ASK_LIMITS.columns)) }),
  v.object({ name: v.literal('rowOf'), view: whole, packet: whole }),
  v.object({ name: v.literal('packet'), number: whole }),
  v.object({ name: v.literal('flowPart'), flow: whole, from: whole, count: v.pipe(whole, v.maxValue(CAPTURE_ASK_LIMITS.rows)) }),
  v.object({ name: v.literal('find'), view: whole, request: v.object({ what: v.picklist(['text', 'hex', 'regex', 'filter']), pattern: filter, matchCase: v.boolean(), from: row, backwards: v.boolean() }) }),
  /** `most`: the largest so many; left out: as many as a table has. */
  v.object({ name: v.literal('conversations'), kind, filter, most: v.optional(v.pipe(whole, v.minValue(1))) }),
  v.object({ name: v.literal('endpoints'), kind, filter }),
  v.object({ name: v.literal('hierarchy'), filter }),
  v.object({ name: v.literal('graph'), flow: whole, dir, kind: v.picklist(['sequence', 'throughput', 'rtt', 'window']) }),
  v.object({ name: v.literal('ioGraph'), request: v.object({ interval: v.pipe(v.number(), v.minValue(1_000), v.maxValue(1e16)), filters: v.pipe(v.array(filter), v.maxLength(CAPTURE_ASK_LIMITS.filters)) }) }),
  v.object({ name: v.literal('count'), filters: v.pipe(v.array(filter), v.maxLength(CAPTURE_ASK_LIMITS.rules)) }),
  v.object({ name: v.literal('follow'), flow: whole, layer: v.nullable(v.picklist(FOLLOW_LAYERS)), substream: v.nullable(whole) }),
  v.object({ name: v.literal('exchanges'), filter }),
  v.object({ name: v.literal('decodeAs'), choices: v.pipe(v.array(v.object({ transport: v.picklist(['tcp', 'udp']), port: v.pipe(whole, v.maxValue(0xffff)), protocol: v.pipe(v.string(), v.maxLength(32)) })), v.maxLength(DECODE_AS_LIMITS.choices)) }),
  v.object({ name: v.literal('names'), wanted: v.boolean() }),
  v.object({ name: v.literal('rules'), filters: v.pipe(v.array(filter), v.maxLength(CAPTURE_ASK_LIMITS.rules)) }),
  v.object({ name: v.literal('cancel') }),
]);
export type CaptureQuestion = v.InferOutput<typeof captureQuestion>;

/** What each question is answered with. */
export interface CaptureAnswers {
  show: ViewState;
  rows: readonly PacketRow[];
  rowOf: number;
  packet: ShownPacket;
  flowPart: FlowPart;
  find: number;
  conversations: readonly Conversation[];
  endpoints: readonly EndpointRow[];
  hierarchy: readonly HierarchyNode[];
  graph: readonly GraphSeries[];
  ioGraph: readonly GraphSeries[];
  count: readonly number[];
  follow: FollowedStream;
  exchanges: ChosenExchanges;
  decodeAs: readonly DecodeChoice[];
  names: number;
  rules: null;
  cancel: null;
}

const error = v.object({ code: v.string(), message: v.string(), where: v.string() });
const made = <T>() => v.custom<T>((given) => typeof given === 'object' && given !== null, 'not an object');

/** How it goes with an open capture: pushed while it is read, while a view is looked for, and when its worker has ended. */
export const captureState = v.object({
  capture: v.pipe(whole, v.minValue(1)),
  summary: made<CaptureSummary>(),
  view: v.nullable(made<ViewState>()),
  /** Why nothing more can be asked of it. */
  error: v.nullable(error),
});
export type CaptureFileState = v.InferOutput<typeof captureState>;
