// Bytes a second of one direction: throughput counts every payload byte that was sent, goodput those that the other end acknowledged for the first
// time. Over equal intervals, as many as a picture can show.

import type { GraphSeries } from '../session';

/** Intervals of a picture, and the shortest: 1 ms. */
const RATE_LIMITS = { intervals: 400, shortest: 1_000_000 } as const;

interface Sent {
  readonly time: number;
  readonly own: boolean;
  readonly payload: number;
  readonly acknowledged: number;
}

/** Samples stand in the middle of their interval. */
export function rates(seen: Iterable<Sent>): GraphSeries[] {
  const times: number[] = [];
  const bytes: number[] = [];
  const good: number[] = [];
  let most = Number.NaN;
  for (const { time, own, payload, acknowledged } of seen) {
    times.push(time);
    bytes.push(own ? payload : 0);
    const fresh = !own && acknowledged > most ? acknowledged - most : 0;
    good.push(fresh);
    if (!own && !Number.isNaN(acknowledged) && !(most >= acknowledged)) most = acknowledged;
  }
  const first = times.reduce((least, time) => Math.min(least, time), Infinity);
  const last = times.reduce((greatest, time) => Math.max(greatest, time), -Infinity);
  if (times.length === 0) return [];
  const interval = Math.max(RATE_LIMITS.shortest, (last - first) / RATE_LIMITS.intervals);
  const count = Math.floor((last - first) / interval) + 1;
  const sum = (values: readonly number[]): number[] => {
    const total = new Array<number>(count).fill(0);
    times.forEach((time, n) => {
      const at = Math.floor((time - first) / interval);
      total[at] = (total[at] ?? 0) + (values[n] ?? 0);
    });
    return total.map((amount) => (amount * 1e9) / interval);
  };
  const x = Array.from({ length: count }, (_, n) => first + (n + 0.5) * interval);
  return [{ name: 'throughput', unit: 'B/s', x, y: sum(bytes), packets: [] }, { name: 'goodput', unit: 'B/s', x, y: sum(good), packets: [] }];
}
