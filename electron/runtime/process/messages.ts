// What crosses between the engine and a program's process: how it is started, and what it tells. Both ends check it. Beside the facts,
// which travel as batches of the process's own recorder, only what the engine must know of the role.

import * as v from 'valibot';
import type { Batch } from '../../../shared/trace/columns';
import { ROW_BYTES, roundUp4 } from '../../../shared/trace/columns';

/** Descriptors of a program's process. */
export const SETUP_FD = 0;
export const REPORT_FD = 3;
/** The connection of a child process that has one. */
export const CONNECTION_FD = 4;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const options = v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.array(v.string())]));
const endpoint = v.object({ address: v.string(), port: count });

/** A connection that was accepted elsewhere, by the id of its facts. */
const connection = v.object({ sock: count, sent: count, received: count, fd: count, local: endpoint, remote: endpoint });

export const setupSchema = v.variant('kind', [
  v.object({ kind: v.literal('program'), origin: v.string(), program: v.string(), options, role: v.string(), host: v.string(), address: v.string() }),
  v.object({ kind: v.literal('connection'), origin: v.string(), program: v.string(), options, writer: count, connection }),
]);
export type Setup = v.InferOutput<typeof setupSchema>;
export type ConnectionSetup = Extract<Setup, { readonly kind: 'connection' }>;
export type ProgramSetup = Extract<Setup, { readonly kind: 'program' }>;

const bytes = v.custom<Uint8Array>((given) => given instanceof Uint8Array, 'not bytes');

export const reportSchema = v.variant('type', [
  v.object({
    type: v.literal('facts'),
    batch: v.pipe(
      v.object({ first: count, count, columns: bytes, payload: bytes, dict: v.array(v.string()), dictFirst: v.pipe(count, v.minValue(1)), thinned: v.boolean() }),
      v.check((batch) => batch.columns.byteLength === roundUp4(batch.count) * ROW_BYTES, 'columns do not fit the count'),
    ),
  }),
  v.object({ type: v.literal('listening'), protocol: v.picklist(['tcp', 'udp']), address: v.string(), port: count }),
  v.object({ type: v.literal('ended'), failed: v.boolean(), code: v.string(), message: v.string() }),
  /** A thread or child process of the program has told everything. */
  v.object({ type: v.literal('gone') }),
]);
export type Report = v.InferOutput<typeof reportSchema>;

/** As it is sent: the batch of the process's recorder. */
export type Told = Exclude<Report, { readonly type: 'facts' }> | { readonly type: 'facts'; readonly batch: Batch };
