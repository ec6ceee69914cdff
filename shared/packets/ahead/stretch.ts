// What is known of the packets of one stretch of a file that was read ahead of the rest: columns as a table has them, with rows from 0, and what its flows
// tell, in one piece of memory that two threads share. Filled by StretchIndexer, taken over by PacketIndexer.adopt. Knows nothing of the packets before it.

import type { FlowKeys } from '../flows/flowSlots';
import { LINK_LIMIT } from '../flows/linkTable';
import type { PacketChunk } from '../packetTable';

/** Rows that there is room for: room that nobody wrote to costs no memory. */
export const STRETCH_ROWS = 131_072;

/** What `eventTold` holds. */
export const STRETCH_EVENT = {
  /** It is known where its payload begins. */
  payload: 1,
  /** From this bit on: one more than the shift of a SYN's window scale option; 0: it has none. */
  shiftAt: 1,
} as const;

/** Where `head` has which number. */
export const STRETCH_HEAD = {
  /** Places in the file: of the first byte, and behind the last one. */
  start: 0,
  end: 1,
  rows: 2,
  runs: 3,
  events: 4,
  sacks: 5,
  links: 6,
  /** Of packets on the wire. */
  wireBytes: 7,
  /** Packets that have options. */
  options: 8,
  /** 1: of some packets not all is in the file; some are of another interface than the first; some are TCP. */
  cut: 9,
  interfaces: 10,
  tcp: 11,
  firstSeconds: 12,
  firstNanos: 13,
  lastSeconds: 14,
  lastNanos: 15,
  /** ScannerState.era in which it was read. */
  era: 16,
} as const;

/** A run: packets of one flow, a new run at each SYN. They are numbered from 1, in order of appearance. */
interface Runs extends FlowKeys {
  /** Two a run, as FlowColumns has them. */
  readonly packets: Uint32Array;
  readonly bytes: Float64Array;
  readonly last: Uint32Array;
}

/** `offset` counts from `start`, `flow` is a run, `link` one of `linkWords`. */
type Columns = { readonly [name in keyof Omit<PacketChunk, 'analysis'>]: Exclude<PacketChunk[name], Float64Array> };

export interface Stretch {
  readonly head: Float64Array;
  readonly columns: Columns;
  readonly runs: Runs;
  /** Rows of packets that begin a run or may tell something of a flow, rising, and what their columns do not tell: STRETCH_EVENT. */
  readonly eventRow: Uint32Array;
  readonly eventTold: Uint8Array;
  /** As SackList has them. */
  readonly sackRow: Uint32Array;
  readonly sackSize: Uint32Array;
  /** As LinkTable has them. */
  readonly linkWords: Int32Array;
  /** For who takes it over: the flow of a run, and PACKET_FLAG.reverse where its ends are that flow's the other way round; the number of a link. */
  readonly flowOf: Uint32Array;
  readonly turned: Uint16Array;
  readonly linkOf: Uint16Array;
}

const RUNS = STRETCH_ROWS + 1;
const LINKS = LINK_LIMIT + 1;
/** Bytes of all of it: columns of eight bytes, four, two, one. */
export const STRETCH_BYTES = 8 * (Object.keys(STRETCH_HEAD).length + 2 * RUNS) + 4 * (12 * STRETCH_ROWS + 13 * RUNS + 3 * LINKS) + 2 * (5 * STRETCH_ROWS + RUNS + LINKS) + 2 * STRETCH_ROWS + 2 * RUNS;

/** A stretch in this memory, of STRETCH_BYTES. */
export function stretchOn(buffer: ArrayBufferLike): Stretch {
  let used = 0;
  const place = (bytes: number): number => (used += bytes) - bytes;
  const one = (length: number): Uint8Array => new Uint8Array(buffer, place(length), length);
  const two = (length: number): Uint16Array => new Uint16Array(buffer, place(length * 2), length);
  const four = (length: number): Uint32Array => new Uint32Array(buffer, place(length * 4), length);
  const eight = (length: number): Float64Array => new Float64Array(buffer, place(length * 8), length);
  const rows = STRETCH_ROWS;
  // The widest first: so that all are aligned.
  const [head, bytes] = [eight(Object.keys(STRETCH_HEAD).length), eight(RUNS * 2)];
  const wide = { seconds: four(rows), nanos: four(rows), offset: four(rows), captured: four(rows), wire: four(rows), flow: four(rows), sequence: four(rows), acknowledgment: four(rows), payload: four(rows) };
  const ofRuns = { addresses: four(RUNS * 8), ports: four(RUNS), packets: four(RUNS * 2), last: four(RUNS) };
  const [eventRow, sackRow, sackSize, flowOf] = [four(rows), four(rows), four(rows), four(RUNS)];
  const linkWords = new Int32Array(buffer, place(LINKS * 12), LINKS * 3);
  const narrow = { iface: two(rows), flags: two(rows), window: two(rows), payloadAt: two(rows), link: two(rows) };
  const [turned, linkOf] = [two(RUNS), two(LINKS)];
  return {
    head, columns: { ...wide, ...narrow, kind: one(rows) }, runs: { kind: one(RUNS), version: one(RUNS), bytes, ...ofRuns }, eventRow, eventTold: one(rows), sackRow, sackSize, linkWords,
    flowOf, turned, linkOf,
  };
}
