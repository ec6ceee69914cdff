// Puts the packets of a view into another order, in slices: a merge sort over typed arrays that keeps equal ones in the order of the file.

import type { Breath } from './breath';
import { toldOf, type Step } from './step';

/** Packets that are sorted at once, before they are merged. */
const RUN = 4_096;
/** Steps between two looks at the clock. */
const LOOK = 4_096;

/** `packets` ordered by `keys` (one for each, NaN never). Rejects with Superseded. */
export async function sortRows(packets: Uint32Array, keys: Float64Array, descending: boolean, breath: Breath): Promise<Uint32Array> {
  const count = packets.length;
  const sign = descending ? -1 : 1;
  let order = Uint32Array.from({ length: count }, (_unused, at) => at);
  let spare = new Uint32Array(count);
  const compare = (a: number, b: number): number => sign * ((keys[a] ?? 0) - (keys[b] ?? 0)) || a - b;
  for (let start = 0; start < count; start += RUN) {
    order.subarray(start, start + RUN).sort(compare);
    if (breath.due) await breath.take();
  }
  for (let size = RUN; size < count; size *= 2) {
    let looked = 0;
    for (let start = 0; start < count; start += size * 2) {
      const middle = Math.min(start + size, count);
      const end = Math.min(start + size * 2, count);
      let [left, right] = [start, middle];
      for (let to = start; to < end; to++) {
        const fromLeft = left < middle && (right >= end || compare(order[left] ?? 0, order[right] ?? 0) <= 0);
        spare[to] = (fromLeft ? order[left++] : order[right++]) ?? 0;
        if (++looked % LOOK === 0 && breath.due) await breath.take();
      }
    }
    [order, spare] = [spare, order];
  }
  return order.map((at) => packets[at] ?? 0);
}

/** Numbers that order texts as `compare` does: equal texts have equal ones. `textOf` is asked for each packet in turn, in slices. */
export async function textKeys(packets: Uint32Array, textOf: Step<string>, compare: (a: string, b: string) => number, breath: Breath): Promise<Float64Array> {
  const seen = new Map<string, number>();
  const keys = new Float64Array(packets.length);
  for (const [at, packet] of packets.entries()) {
    const text = textOf(packet) ?? await toldOf(textOf, packet, breath);
    let id = seen.get(text);
    if (id === undefined) seen.set(text, (id = seen.size));
    keys[at] = id;
    if (breath.due) await breath.take();
  }
  const ranks = new Float64Array(seen.size);
  for (const [rank, text] of [...seen.keys()].sort(compare).entries()) ranks[seen.get(text) ?? 0] = rank;
  return keys.map((id) => ranks[id] ?? 0);
}
