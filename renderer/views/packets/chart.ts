// Curves over time as SVG paths: scales, ticks, and as many points as the screen has columns (of each column the lowest and the highest, so that no
// peak is lost). Pure: series and size in, places out.

import type { GraphSeries } from '../../../shared/packets/session';

export interface ChartFrame {
  /** px of the plot alone. */
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
  readonly most: number;
}

export const chartX = ({ width, from, to }: ChartFrame, x: number): number => ((x - from) / Math.max(to - from, 1)) * width;
export const chartY = ({ height, most }: ChartFrame, y: number): number => height - (y / Math.max(most, 1e-9)) * height;

/** The stretch of time and the greatest value of all series, with air above. */
export function frameOf(series: readonly GraphSeries[], width: number, height: number): ChartFrame {
  let [from, to, most] = [Infinity, -Infinity, 0];
  for (const { x, y } of series) {
    for (const value of x) {
      if (value < from) from = value;
      if (value > to) to = value;
    }
    for (const value of y) if (value > most) most = value;
  }
  return { width, height, from: Number.isFinite(from) ? from : 0, to: Number.isFinite(to) ? Math.max(to, from + 1) : 1, most: most === 0 ? 1 : most * 1.06 };
}

/** Indices that are drawn: all of few, of many the lowest and the highest of each column. `x` rises. */
export function drawn({ x, y }: GraphSeries, frame: ChartFrame): number[] {
  if (x.length <= frame.width * 2) return x.map((_unused, at) => at);
  const kept: number[] = [];
  let [column, low, high] = [-1, -1, -1];
  const close = (): void => {
    if (low >= 0) kept.push(Math.min(low, high));
    if (high >= 0 && high !== low) kept.push(Math.max(low, high));
  };
  for (let at = 0; at < x.length; at++) {
    const now = Math.floor(chartX(frame, x[at] ?? 0));
    if (now !== column) {
      close();
      [column, low, high] = [now, at, at];
    }
    if ((y[at] ?? 0) < (y[low] ?? 0)) low = at;
    if ((y[at] ?? 0) > (y[high] ?? 0)) high = at;
  }
  close();
  return kept;
}

export type Stroke = 'line' | 'steps' | 'dots' | 'crosses';

/** How each series is drawn: never told by colour alone. */
export const STROKES: Readonly<Record<GraphSeries['name'], { readonly stroke: Stroke; readonly dash: string; readonly tone: 'tra' | 'app' | 'net' | 'ok' | 'bad' }>> = {
  sequence: { stroke: 'dots', dash: '', tone: 'tra' }, acknowledged: { stroke: 'steps', dash: '', tone: 'ok' }, sack: { stroke: 'dots', dash: '', tone: 'net' },
  retransmission: { stroke: 'crosses', dash: '', tone: 'bad' }, window: { stroke: 'steps', dash: '5 3', tone: 'net' }, throughput: { stroke: 'line', dash: '', tone: 'tra' },
  goodput: { stroke: 'line', dash: '5 3', tone: 'app' }, rtt: { stroke: 'dots', dash: '', tone: 'app' }, packets: { stroke: 'line', dash: '', tone: 'tra' },
  bytes: { stroke: 'line', dash: '', tone: 'app' }, errors: { stroke: 'line', dash: '2 3', tone: 'bad' }, filter: { stroke: 'line', dash: '5 3', tone: 'net' },
};

/** Path data of a series. Crosses and dots are small strokes of their own. */
export function pathOf(series: GraphSeries, frame: ChartFrame): string {
  const { stroke } = STROKES[series.name];
  let path = '';
  for (const at of drawn(series, frame)) {
    const x = chartX(frame, series.x[at] ?? 0).toFixed(1);
    const y = chartY(frame, series.y[at] ?? 0).toFixed(1);
    switch (stroke) {
      case 'line': path += `${path === '' ? 'M' : 'L'}${x} ${y}`; break;
      case 'steps': path += path === '' ? `M${x} ${y}` : `H${x}V${y}`; break;
      case 'dots': path += `M${x} ${y}h0`; break;
      case 'crosses': path += `M${x} ${y}m-4 -4l8 8m0 -8l-8 8`; break;
      default: stroke satisfies never;
    }
  }
  return path;
}

const roundStep = (least: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least * 0.999) ?? 10);
};

/** Round values from `from` to `to`, at least `room` px apart on `length` px. `base` 2: of bytes. */
export function ticks(from: number, to: number, length: number, room: number, base: 2 | 10 = 10): number[] {
  const least = ((to - from) * room) / Math.max(length, room);
  const step = base === 2 ? 2 ** Math.max(Math.ceil(Math.log2(Math.max(least, 1)) - 1e-9), 0) : roundStep(least);
  const first = Math.ceil(from / step - 1e-9);
  return Array.from({ length: Math.min(Math.max(Math.floor(to / step + 1e-9) - first + 1, 0), 40) }, (_unused, at) => (first + at) * step);
}

/** The sample nearest to a place: series, index; null when there is none within `reach` px. */
export function nearest(series: readonly GraphSeries[], frame: ChartFrame, x: number, y: number, reach: number): { readonly series: number; readonly at: number } | null {
  let best: { readonly series: number; readonly at: number } | null = null;
  let distance = reach;
  for (const [number, one] of series.entries()) {
    for (const at of drawn(one, frame)) {
      const far = Math.hypot(chartX(frame, one.x[at] ?? 0) - x, chartY(frame, one.y[at] ?? 0) - y);
      if (far < distance) {
        distance = far;
        best = { series: number, at };
      }
    }
  }
  return best;
}
