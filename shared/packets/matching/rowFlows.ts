// Which flow each row of a chunk is of, and in which direction, as a number: a chunk has few of them, so that a filter of flows is asked once a number, and
// a short look tells of a row. Rows that no flow tells of have numbers too. Found out once a chunk for all filters. Used by chunkLoops.ts.

import { grown } from '../flows/growing';
import { CHUNK, PACKET_FLAG, PACKET_KINDS, UNSURE, type PacketChunk } from '../packetTable';
import { perChunk } from './perChunk';

/** Places in a table of answers: rows without a flow by their kind, rows of which the columns do not tell all, then from FLOW_PLACES on flow << 1 | reverse. */
export const UNSURE_PLACE = PACKET_KINDS.length;
export const FLOW_PLACES = 16;

export interface RowFlows {
  /** By row: the number of its place. */
  readonly numbers: Uint16Array;
  /** Numbers, and the place that each stands for. */
  readonly count: number;
  readonly places: Int32Array;
}

interface Learned extends RowFlows {
  count: number;
  /** Rows that are looked at. */
  known: number;
}

/** The number that a place had last, in whichever chunk: it is believed where that number stands for the place, so that nothing is ever cleared. */
let latest = new Uint16Array(0);

/** What nobody writes to costs no memory. */
export const rowFlows: (chunk: PacketChunk, rows: number) => RowFlows = perChunk((): Learned => ({ numbers: new Uint16Array(CHUNK), count: 0, places: new Int32Array(CHUNK), known: 0 }), learn);

function learn({ flow, flags, kind }: PacketChunk, flows: Learned, until: number): void {
  const { numbers, places } = flows;
  for (; flows.known < until; flows.known++) {
    const row = flows.known;
    const bits = flags[row] ?? 0;
    const at = flow[row] ?? 0;
    const place = (bits & UNSURE) !== 0 ? UNSURE_PLACE : at === 0 ? kind[row] ?? 0 : FLOW_PLACES + ((at << 1) | ((bits & PACKET_FLAG.reverse) === 0 ? 0 : 1));
    if (place >= latest.length) latest = grown(latest, Math.max(1024, place * 2));
    let number = latest[place] ?? 0;
    if (number >= flows.count || places[number] !== place) {
      number = latest[place] = flows.count++;
      places[number] = place;
    }
    numbers[row] = number;
  }
}
