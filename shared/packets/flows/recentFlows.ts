// Flows that packets were found to be of last, with what says so: packets of one flow come close together, and nearly all are known here from one line
// of the processor's cache, while the table of all flows and its columns lie anywhere in memory. Owned by FlowTable, which knows all the others.

import type { HeaderScan } from '../index/headers';
import type { FlowColumns } from './flowColumns';

/** A power of two; many more than talk at one time, for two of one place drive each other out. */
const ROWS = 2048;
/** Words a row, a power of two: flow, kind and version, ports, two of room, the first end's address, the second's. */
const ROW = 16;
const WHAT = 1;
const PORTS = 2;
const FIRST = 4;
const SECOND = 8;

const what = (kind: number, version: number): number => (kind << 8) | version;

export class RecentFlows {
  readonly #rows = new Int32Array(ROWS * ROW);
  #at = 0;
  /** Who sent the packet whose flow was found last: 1 is the flow's second end. */
  side = 0;

  /** Flow of a packet just scanned; 0: it is not here. (Signed numbers throughout: others would be objects of V8's where a call is not inlined.) */
  find(scan: HeaderScan, kind: number): number {
    const { view, version, sourceAt, destinationAt, sourcePort, destinationPort } = scan;
    const rows = this.#rows;
    // The same place for both directions.
    let near = sourcePort ^ destinationPort;
    for (let word = version === 4 ? 0 : 12; word >= 0; word -= 4) near ^= view.getInt32(sourceAt + word) ^ view.getInt32(destinationAt + word);
    const at = ((near ^ (near >>> 11) ^ (near >>> 22)) & (ROWS - 1)) * ROW;
    this.#at = at;
    const ports = rows[at + PORTS] ?? 0;
    let ahead = ports ^ ((sourcePort << 16) | destinationPort);
    let back = ports ^ ((destinationPort << 16) | sourcePort);
    for (let word = version === 4 ? 0 : 3; word >= 0; word--) {
      const source = view.getInt32(sourceAt + word * 4);
      const destination = view.getInt32(destinationAt + word * 4);
      const first = rows[at + FIRST + word] ?? 0;
      const second = rows[at + SECOND + word] ?? 0;
      ahead |= (source ^ first) | (destination ^ second);
      back |= (source ^ second) | (destination ^ first);
    }
    // 1 where they differ. No branch: nobody can guess who speaks next.
    const notAhead = (ahead | -ahead) >>> 31;
    const notBack = (back | -back) >>> 31;
    this.side = notAhead;
    return (notAhead & notBack) === 0 && rows[at + WHAT] === what(kind, version) ? rows[at] ?? 0 : 0;
  }

  /** That the packet asked for last is of this flow. */
  keep(columns: FlowColumns, flow: number): void {
    const rows = this.#rows;
    const at = this.#at;
    rows[at] = flow;
    rows[at + WHAT] = what(columns.kind[flow] ?? 0, columns.version[flow] ?? 0);
    rows[at + PORTS] = columns.ports[flow] ?? 0;
    for (let word = 0; word < 4; word++) {
      rows[at + FIRST + word] = columns.addresses[flow * 8 + word] ?? 0;
      rows[at + SECOND + word] = columns.addresses[flow * 8 + 4 + word] ?? 0;
    }
  }
}
