// When the trace's time 0 was on the calendar, as its run noted it: for files that have wall-clock times.

import { record, string } from './foldHosts';
import type { TraceStore } from './store';

/** The start of a run is among its first facts. */
const FIRST = 16;

/** Microseconds from 1970 to the origin of the trace; 0 when it does not tell. */
export function startedAt(trace: TraceStore): number {
  for (let seq = 0; seq < Math.min(trace.count, FIRST); seq++) {
    if (trace.kind(seq) !== 'lab.started') continue;
    const fact = trace.at(seq);
    const started = Date.parse(string(record(fact.text)['startedAt']));
    return Number.isNaN(started) ? 0 : started * 1000 - fact.t;
  }
  return 0;
}
