// Puts the rows of a stretch behind those of a table. Flows and links were taken over before: their numbers here are in the stretch.

import type { FillingChunk, PacketTable } from '../packetTable';
import { STRETCH_HEAD, STRETCH_ROWS, type Stretch } from './stretch';

export function adoptColumns(table: PacketTable, stretch: Stretch): void {
  const all = stretch.head[STRETCH_HEAD.rows] ?? 0;
  for (let from = 0; from < all;) {
    const { chunk, row, rows } = table.extend(all - from);
    copy(stretch, from, chunk, row, rows);
    number(stretch, from, chunk, row, rows);
    from += rows;
  }
}

/** On the way out of shared memory, from where V8 copies byte by byte to a place that is not aligned alike. */
const way = { 1: new Uint8Array(STRETCH_ROWS), 2: new Uint16Array(STRETCH_ROWS), 4: new Uint32Array(STRETCH_ROWS) };

function put(column: Uint8Array | Uint16Array | Uint32Array, from: number, rows: number, target: Uint8Array | Uint16Array | Uint32Array | Float64Array, row: number): void {
  const between = column instanceof Uint32Array ? way[4] : column instanceof Uint16Array ? way[2] : way[1];
  between.set(column.subarray(from, from + rows));
  target.set(between.subarray(0, rows), row);
}

/** What is 0 throughout is not written: memory that nobody wrote to costs none. */
function copy({ head, columns }: Stretch, from: number, chunk: FillingChunk, row: number, rows: number): void {
  const cut = head[STRETCH_HEAD.cut] === 1;
  // The last byte's place is the greatest; all seconds fit.
  chunk.widen(0, head[STRETCH_HEAD.end] ?? 0, cut ? 0 : 1, 1);
  put(columns.seconds, from, rows, chunk.seconds, row);
  put(columns.nanos, from, rows, chunk.nanos, row);
  put(columns.wire, from, rows, chunk.wire, row);
  if (chunk.captured !== chunk.wire) put(columns.captured, from, rows, chunk.captured, row);
  if (head[STRETCH_HEAD.interfaces] === 1) put(columns.iface, from, rows, chunk.iface, row);
  put(columns.kind, from, rows, chunk.kind, row);
  if (head[STRETCH_HEAD.tcp] === 1) {
    put(columns.sequence, from, rows, chunk.sequence, row);
    put(columns.acknowledgment, from, rows, chunk.acknowledgment, row);
    put(columns.window, from, rows, chunk.window, row);
  }
  put(columns.payloadAt, from, rows, chunk.payloadAt, row);
  put(columns.payload, from, rows, chunk.payload, row);
}

/** What counts otherwise there than here. */
function number({ head, columns, flowOf, turned, linkOf }: Stretch, from: number, chunk: FillingChunk, row: number, rows: number): void {
  const start = head[STRETCH_HEAD.start] ?? 0;
  const { offset, flow, flags } = chunk;
  for (let n = 0; n < rows; n++) {
    const run = columns.flow[from + n] ?? 0;
    offset[row + n] = start + (columns.offset[from + n] ?? 0);
    flow[row + n] = flowOf[run] ?? 0;
    flags[row + n] = (columns.flags[from + n] ?? 0) ^ (turned[run] ?? 0);
  }
  if (head[STRETCH_HEAD.links] === 0) return;
  const { link } = chunk;
  for (let n = 0; n < rows; n++) link[row + n] = linkOf[columns.link[from + n] ?? 0] ?? 0;
}
