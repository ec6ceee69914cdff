// What of the waterfall has happened at a time, and where it is drawn: bars cut at the playhead, totals so far, the axis with its ticks.
// Pure; times in µs of the trace, places in shares of the axis' width.

import type { Bar, RunRow, Waterfall, WaterfallItem, WaterfallRow } from './layout';

export interface CutBar extends Bar {
  /** Left edge and width, from 0 to 1 of the axis. */
  readonly from: number;
  readonly share: number;
  /** False: the playhead is within it. */
  readonly done: boolean;
}

/** Place of a time on the axis of a run, from 0 to 1 (and past it). */
export const placeOf = (fall: Waterfall, run: number, t: number): number => (t - (fall.aligned ? (fall.runs[run]?.start ?? 0) : fall.origin)) / fall.span;

/** The bars that have begun. */
export function cutBars(fall: Waterfall, row: WaterfallRow, now: number): CutBar[] {
  return row.bars.filter((bar) => bar.start <= now).map((bar) => {
    const from = placeOf(fall, row.run, bar.start);
    const end = Math.min(bar.end, now);
    return { ...bar, end, from, share: placeOf(fall, row.run, end) - from, done: bar.end <= now };
  });
}

/** Items that have begun: a run with its first row or its visit. */
export const begun = (items: readonly WaterfallItem[], now: number): WaterfallItem[] => items.filter((item) => item.start <= now);

export interface RunTotal {
  /** µs so far, from the start of the run. */
  readonly took: number;
  readonly objects: number;
  readonly connections: number;
  /** Bytes of the bodies that are whole. */
  readonly bytes: number;
  readonly cached: number;
  /** Everything of the run has happened. */
  readonly done: boolean;
}

export function totalOf(run: RunRow, now: number): RunTotal {
  const rows = run.rows.filter((row) => row.start <= now);
  const whole = rows.filter((row) => row.end !== null && row.end <= now);
  return {
    took: Math.max(Math.min(run.end, now) - run.start, 0),
    objects: rows.length,
    connections: new Set(rows.flatMap((row) => row.conn ?? [])).size,
    bytes: whole.reduce((sum, row) => sum + (row.exchange?.response?.bodySize ?? 0), 0),
    cached: rows.filter((row) => row.cached === 'client' || row.cached === 'relay').length,
    done: run.end <= now && rows.length === run.rows.length,
  };
}

/** µs between the ticks: 1, 2 or 5 times a power of ten, at least `room` px apart on an axis of `width` px. */
export function tickStep(span: number, width: number, room = 70): number {
  const least = (span * room) / Math.max(width, room);
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

export const ticksOf = (span: number, width: number): number[] => {
  const step = tickStep(span, width);
  return Array.from({ length: Math.floor(span / step) + 1 }, (_unused, index) => index * step);
};
