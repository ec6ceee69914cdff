// When a chunk's packets came, from the earliest to the latest, found out once for all filters: nearly all chunks lie on one side of the time that a filter
// asks for.

import type { PacketChunk } from '../packetTable';
import { perChunk } from './perChunk';

/** Whole seconds and nanoseconds, of the packet that came first and of the one that came last. */
interface TimeSpan {
  firstSecond: number;
  firstNano: number;
  lastSecond: number;
  lastNano: number;
}

interface Learned extends TimeSpan {
  /** Rows that are looked at. */
  known: number;
}

export const timeSpan: (chunk: PacketChunk, rows: number) => Readonly<TimeSpan> = perChunk((): Learned => ({ firstSecond: Infinity, firstNano: 0, lastSecond: -Infinity, lastNano: 0, known: 0 }), learn);

function learn({ seconds, nanos }: PacketChunk, span: Learned, until: number): void {
  for (; span.known < until; span.known++) {
    const second = seconds[span.known] ?? 0;
    const nano = nanos[span.known] ?? 0;
    if (isBefore(second, nano, span.firstSecond, span.firstNano)) [span.firstSecond, span.firstNano] = [second, nano];
    if (isBefore(span.lastSecond, span.lastNano, second, nano)) [span.lastSecond, span.lastNano] = [second, nano];
  }
}

/** Whether a moment comes before another one. */
export const isBefore = (second: number, nano: number, otherSecond: number, otherNano: number): boolean => second < otherSecond || (second === otherSecond && nano < otherNano);
