// The packets of one flow, found by one look over a column.

import type { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { CHUNK } from '../../../shared/packets/packetTable';

/** Numbers of a flow's packets so far, rising. */
export function flowPackets({ flows: { columns }, table }: PacketIndexer, flow: number): Uint32Array {
  const [first, last] = [columns.first[flow] ?? 0, columns.last[flow] ?? 0];
  const found = new Uint32Array((columns.packets[flow * 2] ?? 0) + (columns.packets[flow * 2 + 1] ?? 0));
  let count = 0;
  for (let number = first; number <= last && count < found.length; number++) {
    if (table.chunks[Math.floor(number / CHUNK)]?.flow[number % CHUNK] === flow) found[count++] = number;
  }
  return found.subarray(0, count);
}
