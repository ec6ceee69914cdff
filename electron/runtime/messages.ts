// What crosses the border between main and the engine's worker thread, with the schemas that both sides check. Requests go in;
// answers, states and batches come out. Batches are transferred, not copied.

import * as v from 'valibot';
import { PUSHES, REQUESTS } from '../../shared/ipc/contract';
import type { Batch } from '../../shared/trace/columns';
import { ROW_BYTES, roundUp4 } from '../../shared/trace/columns';
import { runHead, runNotes, runPackets } from '../../shared/trace/runFile/meta';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const runNumber = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Bytes on a buffer of their own, as transferred. */
const ownBytes = v.custom<Uint8Array<ArrayBuffer>>((given) => given instanceof Uint8Array && given.buffer instanceof ArrayBuffer, 'not bytes');

const batchSchema = v.pipe(
  v.object({
    first: count, count, columns: ownBytes, payload: ownBytes,
    dict: v.array(v.string()), dictFirst: v.pipe(count, v.minValue(1)), thinned: v.boolean(),
  }),
  v.check((batch) => batch.columns.byteLength === roundUp4(batch.count) * ROW_BYTES, 'columns do not fit the count'),
);

export const engineRequestSchema = v.variant('name', [
  v.object({ id: count, name: v.literal('start'), input: REQUESTS['lab.start'].input }),
  v.object({ id: count, name: v.literal('stop'), input: REQUESTS['lab.stop'].input }),
  v.object({ id: count, name: v.literal('act'), input: REQUESTS['role.act'].input }),
  v.object({ id: count, name: v.literal('setRelay'), input: REQUESTS['relay.set'].input }),
  v.object({ id: count, name: v.literal('setCapture'), input: REQUESTS['capture.set'].input }),
  v.object({ id: count, name: v.literal('cutRelay'), input: REQUESTS['relay.cut'].input }),
  v.object({ id: count, name: v.literal('share'), input: REQUESTS['share.start'].input }),
  v.object({ id: count, name: v.literal('unshare'), input: REQUESTS['share.stop'].input }),
  v.object({ id: count, name: v.literal('join'), input: REQUESTS['share.join'].input }),
  v.object({ id: count, name: v.literal('leave'), input: REQUESTS['share.leave'].input }),
  v.object({ id: count, name: v.literal('open'), input: v.object({ path: v.string() }) }),
  v.object({ id: count, name: v.literal('startRecording'), input: v.object({ run: runNumber, wish: v.object({ path: v.string(), application: v.string(), packets: runPackets, keys: v.boolean() }) }) }),
  v.object({ id: count, name: v.literal('fillRecording'), input: v.object({ run: runNumber, batch: batchSchema }) }),
  v.object({ id: count, name: v.literal('noteRecording'), input: REQUESTS['record.note'].input }),
  v.object({ id: count, name: v.literal('stopRecording'), input: REQUESTS['record.stop'].input }),
  v.object({ id: count, name: v.literal('dispose') }),
]);
export type EngineRequest = v.InferOutput<typeof engineRequestSchema>;
export type EngineRequestName = EngineRequest['name'];

export const engineMessageSchema = v.variant('type', [
  v.object({ type: v.literal('answer'), id: count, ok: v.literal(true), value: v.unknown() }),
  v.object({ type: v.literal('error'), id: count, error: PUSHES['engine.failed'] }),
  v.object({ type: v.literal('state'), state: PUSHES['lab.state'] }),
  v.object({ type: v.literal('share'), state: PUSHES['share.state'] }),
  v.object({ type: v.literal('batch'), run: v.pipe(v.number(), v.integer(), v.minValue(1)), batch: batchSchema }),
]);
export type EngineMessage = v.InferOutput<typeof engineMessageSchema>;

/** What the worker is started with. */
export const workerDataSchema = v.object({ firstRun: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/** What came of opening a run file: OpenedRunFile of engine.ts. */
export const openedRunSchema = v.object({
  run: v.pipe(count, v.minValue(1)), head: runHead, notes: runNotes, facts: count, damage: v.nullable(v.object({ offset: count, why: v.string() })),
});

/** The buffers of a batch, to be transferred. */
export const transferOf = (batch: Batch): ArrayBuffer[] => [batch.columns.buffer, batch.payload.buffer];

/** One line that says where a message is not as it should be. */
export const describeIssues = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues.map((issue) => `${v.getDotPath(issue) ?? 'message'}: ${issue.message}`).join('; ').slice(0, 500);
