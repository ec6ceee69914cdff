// Packets and bytes over time, all and those of filters: the I/O graph, counted over columns.

import type { PacketTable } from '../packetTable';
import type { GraphSeries } from '../session';
import { forChosen, originOf, timeIn, type Chosen } from './chosen';
import type { Sliced } from './sliced';

const IO_LIMITS = {
  /** ns. */
  shortest: 1000,
  /** Intervals of a graph: a shorter interval than fits is doubled until it does, which the distance of the samples shows. */
  intervals: 10_000,
} as const;

/** `interval` in ns. The series 'packets' and 'bytes' of all, then one 'filter' (packets) for each of `filters`. Samples stand at the beginning of their interval. */
export function* ioGraph(table: PacketTable, interval: number, filters: readonly NonNullable<Chosen>[]): Sliced<GraphSeries[]> {
  if (table.count === 0) return [];
  const origin = originOf(table);
  let first = Infinity;
  let last = -Infinity;
  yield* forChosen(table, null, (chunk, row) => {
    const time = timeIn(chunk, row, origin);
    if (time < first) first = time;
    if (time > last) last = time;
  });
  let width = Number.isFinite(interval) ? Math.max(IO_LIMITS.shortest, interval) : IO_LIMITS.shortest;
  const begin = (): number => Math.floor(first / width);
  const count = (): number => Math.floor(last / width) - begin() + 1;
  while (count() > IO_LIMITS.intervals) width *= 2;
  const x = Array.from({ length: count() }, (_, n) => (begin() + n) * width);
  const from = begin();
  const packets = new Array<number>(x.length).fill(0);
  const bytes = new Array<number>(x.length).fill(0);
  yield* forChosen(table, null, (chunk, row) => {
    const at = Math.floor(timeIn(chunk, row, origin) / width) - from;
    packets[at] = (packets[at] ?? 0) + 1;
    bytes[at] = (bytes[at] ?? 0) + (chunk.wire[row] ?? 0);
  });
  const matched: GraphSeries[] = [];
  for (const chosen of filters) {
    const y = new Array<number>(x.length).fill(0);
    yield* forChosen(table, chosen, (chunk, row) => {
      const at = Math.floor(timeIn(chunk, row, origin) / width) - from;
      y[at] = (y[at] ?? 0) + 1;
    });
    matched.push({ name: 'filter', unit: 'packets', x, y, packets: [] });
  }
  return [{ name: 'packets', unit: 'packets', x, y: packets, packets: [] }, { name: 'bytes', unit: 'B', x, y: bytes, packets: [] }, ...matched];
}
