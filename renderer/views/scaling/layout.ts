// The chart of distribution times over the number of receivers: measured points over the curves of both formulas. Pure: from the runs
// that have begun and the numbers of the formulas to places in px. What is measured and what is model stays apart in the types.

import { timeByServer, timeBySwarm, type Distribution } from '../../../shared/lab/distribution';
import type { DistributionRun, RunSoFar } from '../../../shared/trace/distribution/distributionRuns';
import type { DistributionWay } from '../../../shared/trace/notes';
import { scaleOf, ticksOf, type AxisKind, type Scale } from './axes';

export const WAYS: readonly DistributionWay[] = ['server', 'swarm'];
export const MILLION = 1_000_000;
export type Range = 'measured' | 'million';

/** Milliseconds that the formula of a way says. Evidence: model. */
export const modelMs = (way: DistributionWay, given: Distribution, receivers: number): number => (way === 'server' ? timeByServer(given, receivers) : timeBySwarm(given, receivers));

export interface Point {
  readonly key: string;
  readonly so: RunSoFar;
  readonly x: number;
  readonly y: number;
}

export interface Curve {
  readonly way: DistributionWay;
  /** SVG path; '' where the formula says 0 (no caps) and the axis is logarithmic. */
  readonly d: string;
  /** Where its name stands. */
  readonly nameX: number;
  readonly nameY: number;
  /** At the number of receivers that is asked for. */
  readonly at: { readonly x: number; readonly y: number; readonly ms: number } | null;
}

export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  readonly curves: readonly Curve[];
  readonly points: readonly Point[];
}

export interface PlotGiven {
  /** All runs of the trace, so that the axes stand still while the playhead moves. */
  readonly runs: readonly DistributionRun[];
  /** Those that have begun. */
  readonly begun: readonly RunSoFar[];
  readonly given: Distribution;
  /** The number of receivers that the formulas are asked for. */
  readonly asked: number;
  readonly axes: AxisKind;
  readonly range: Range;
  readonly width: number;
  readonly height: number;
  /** Size of text, 1 as designed. */
  readonly scale: number;
}

const SAMPLES = 160;

export function plotOf({ runs, begun, given, asked, axes, range, width, height, scale }: PlotGiven): Plot {
  const [left, top, right, bottom] = [52 * scale, 12, Math.max(width - 14, 80), Math.max(height - 34 * scale, 60)];
  const most = Math.max(...runs.map((run) => run.receivers), 5);
  // A million peers fit on no linear axis.
  const xKind: AxisKind = range === 'million' ? 'log' : axes;
  const [xMin, xMax] = [xKind === 'log' ? 1 : 0, range === 'million' ? MILLION : most * (xKind === 'log' ? 1.25 : 1.05)];
  const x = scaleOf(xKind, xMin, xMax, left + (xKind === 'log' ? 10 : 0), right);
  const times = [
    ...WAYS.flatMap((way) => [modelMs(way, given, xMax), modelMs(way, given, 1)]),
    ...runs.map((run) => run.end?.ms ?? 0), ...begun.map(({ ms }) => ms),
  ].filter((ms) => ms > 0);
  const longest = Math.max(...times, 1);
  const y = scaleOf(axes, axes === 'log' ? Math.max(Math.min(...times, longest) / 1.6, longest / 1e12) : 0, longest * (axes === 'log' ? 1.6 : 1.08), bottom, top);
  const points = apart(begun.map((so) => ({ key: `${so.run.way}-${so.run.index}`, so, x: x.place(so.run.receivers), y: y.place(so.ms) })));
  return {
    left, top, right, bottom, x, y,
    xTicks: ticksOf(x, right - left, 46 * scale, 'number').filter((tick) => tick > 0), yTicks: ticksOf(y, bottom - top, 30 * scale, 'time'),
    curves: named(WAYS.map((way) => curveOf(way, given, x, y, xKind, asked)), points, top, bottom, scale),
    points,
  };
}

function curveOf(way: DistributionWay, given: Distribution, x: Scale, y: Scale, kind: AxisKind, asked: number): Curve {
  const [low, high] = [1, x.max];
  const values = Array.from({ length: SAMPLES + 1 }, (_unused, at) => (kind === 'log' ? low * (high / low) ** (at / SAMPLES) : low + ((high - low) * at) / SAMPLES));
  const nothing = y.kind === 'log' && modelMs(way, given, high) === 0;
  const places = values.map((value) => [x.place(value), y.place(modelMs(way, given, value))] as const);
  const last = places.at(-1) ?? [0, 0];
  const ms = modelMs(way, given, asked);
  return {
    way, d: nothing ? '' : `M${places.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join('L')}`, nameX: last[0], nameY: last[1],
    at: asked >= 1 && asked <= high && !nothing ? { x: x.place(asked), y: y.place(ms), ms } : null,
  };
}

/** How near to each other two points may lie, in px, before they step aside: half of that each. */
const NEAR = 9;

/** The two ways of the same number of receivers, where their times are alike, stand side by side. */
function apart(points: readonly Point[]): Point[] {
  return points.map((point) => {
    const covered = points.some((other) => other.so.run.way !== point.so.run.way && Math.abs(other.x - point.x) < NEAR && Math.abs(other.y - point.y) < NEAR);
    return covered ? { ...point, x: point.x + (point.so.run.way === 'server' ? -NEAR / 2 : NEAR / 2) } : point;
  });
}

/** About what the name of a curve takes, in px, and a sign beside it. */
const NAME = { width: 132, height: 15 };

/** Names stand at the ends of their curves: above if nothing is there, else below; on no point and not on each other. */
function named(curves: readonly Curve[], points: readonly Point[], top: number, bottom: number, scale: number): Curve[] {
  const line = NAME.height * scale;
  const placed: Curve[] = [];
  for (const curve of [...curves].sort((a, b) => a.nameY - b.nameY)) {
    const covers = (y: number): boolean =>
      points.some((point) => point.x > curve.nameX - NAME.width * scale && Math.abs(point.y - (y - line / 3)) < line) || placed.some((other) => Math.abs(other.nameY - y) < line);
    const places = [curve.nameY - 6 * scale, curve.nameY + line, curve.nameY - line * 1.6, curve.nameY + line * 2].map((y) => Math.min(Math.max(y, top + line * 0.7), bottom - 4));
    const free = places.find((y) => !covers(y)) ?? Math.max(places[0] ?? 0, (placed.at(-1)?.nameY ?? Number.NEGATIVE_INFINITY) + line);
    placed.push({ ...curve, nameY: free });
  }
  return placed;
}

/** A row of the table: what was measured for one number of receivers, each way, the last time that it was. */
export interface ScalingRow {
  readonly receivers: number;
  readonly cells: Readonly<Record<DistributionWay, { readonly so: RunSoFar; readonly model: number; readonly ratio: number | null } | null>>;
}

export function rowsOf(begun: readonly RunSoFar[]): ScalingRow[] {
  const sizes = [...new Set(begun.map(({ run }) => run.receivers))].sort((a, b) => a - b);
  const cell = (way: DistributionWay, receivers: number): ScalingRow['cells'][DistributionWay] => {
    const so = begun.findLast(({ run }) => run.way === way && run.receivers === receivers);
    if (so === undefined) return null;
    const model = modelMs(way, so.run.given, receivers);
    return { so, model, ratio: ratioOf(so, model) };
  };
  return sizes.map((receivers) => ({ receivers, cells: { server: cell('server', receivers), swarm: cell('swarm', receivers) } }));
}

/** Measured time in times of the formula's; null while it is not measured or the formula says 0. */
export const ratioOf = (so: RunSoFar, model: number): number | null => (so.state === 'done' && model > 0 ? so.ms / model : null);

/** Points in the order of the keyboard: by number of receivers, then the server's before the swarm's, then by time. */
export const inOrder = (begun: readonly RunSoFar[]): RunSoFar[] => [...begun].sort((a, b) => a.run.receivers - b.run.receivers || WAYS.indexOf(a.run.way) - WAYS.indexOf(b.run.way) || a.run.index - b.run.index);

/** The point that an arrow leads to: left and right along its own way, up and down to the other way's nearest; null for other keys. */
export function pointAfter(begun: readonly RunSoFar[], from: RunSoFar | null, key: string): RunSoFar | null {
  const all = inOrder(begun);
  if (from === null) return key.startsWith('Arrow') || key === 'Home' || key === 'End' ? (all[0] ?? null) : null;
  const own = all.filter(({ run }) => run.way === from.run.way);
  const at = own.findIndex(({ run }) => run.index === from.run.index);
  switch (key) {
    case 'ArrowRight': return own[Math.min(at + 1, own.length - 1)] ?? null;
    case 'ArrowLeft': return own[Math.max(at - 1, 0)] ?? null;
    case 'Home': return own[0] ?? null;
    case 'End': return own.at(-1) ?? null;
    case 'ArrowUp':
    case 'ArrowDown': {
      const distance = (so: RunSoFar): number => Math.abs(so.run.receivers - from.run.receivers);
      return all.filter(({ run }) => run.way !== from.run.way).reduce<RunSoFar | null>((best, so) => (best === null || distance(so) <= distance(best) ? so : best), null) ?? from;
    }
    default: return null;
  }
}
