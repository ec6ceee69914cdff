// Where the steps of both runs stand on one axis: a strip for each role and run, ticks by time since the anchor or by order. Pure. Ticks
// that would fall on one pixel are drawn once, the difference before the rest.

import type { Anchor, Comparison } from '../../../shared/trace/compare/compareRuns';
import { markOf, type Mark, type Side } from './rows';

export interface Tick {
  readonly row: number;
  readonly side: Side;
  /** Place of its lane among the lanes with steps. */
  readonly strip: number;
  /** px. */
  readonly x: number;
  readonly mark: Mark;
}

export interface AxisLayout {
  readonly ticks: readonly Tick[];
  /** Two ends of a pair that stand at different places. */
  readonly links: readonly { readonly row: number; readonly strip: number; readonly x1: number; readonly x2: number }[];
  /** ms; of `order`: rows. */
  readonly from: number;
  readonly to: number;
  x(value: number): number;
  /** Of a row on one side; null where that run has no such step. */
  at(row: number, side: Side): number | null;
}

/** Links that are drawn at most: more would be a grey area. */
const LINKS = 400;

export function layoutAxis(comparison: Comparison, anchor: Anchor, width: number): AxisLayout {
  const { rows, anchors } = comparison;
  const value = (row: number, side: Side): number | null => {
    const step = rows[row]?.[side] ?? null;
    if (step === null) return null;
    return anchor === 'order' ? row : (step.t - anchors[anchor][side]) / 1000;
  };
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  rows.forEach((_, row) => {
    for (const side of ['a', 'b'] as const) {
      const at = value(row, side);
      if (at !== null) [from, to] = [Math.min(from, at), Math.max(to, at)];
    }
  });
  if (from > to) [from, to] = [0, 1];
  const span = Math.max(to - from, anchor === 'order' ? 1 : 0.001);
  const x = (at: number): number => ((at - from) / span) * width;
  const at = (row: number, side: Side): number | null => {
    const place = value(row, side);
    return place === null ? null : x(place);
  };

  const ticks = new Map<string, Tick>();
  const links = new Map<string, AxisLayout['links'][number]>();
  rows.forEach((row, index) => {
    const mark = markOf(row);
    const [a, b] = [at(index, 'a'), at(index, 'b')];
    for (const [side, place] of [['a', a], ['b', b]] as const) {
      if (place === null) continue;
      const key = `${row.lane} ${side} ${Math.round(place)}`;
      if (!ticks.has(key) || mark !== 'same') ticks.set(key, { row: index, side, strip: row.lane, x: place, mark });
    }
    if (a !== null && b !== null && anchor !== 'order' && links.size < LINKS) links.set(`${row.lane} ${Math.round(a / 2)} ${Math.round(b / 2)}`, { row: index, strip: row.lane, x1: a, x2: b });
  });
  return { ticks: [...ticks.values()], links: [...links.values()], from, to, x, at };
}

/** The row whose tick is nearest. */
export function rowAt({ ticks }: AxisLayout, x: number): number {
  let best: Tick | null = null;
  for (const tick of ticks) if (best === null || Math.abs(tick.x - x) < Math.abs(best.x - x)) best = tick;
  return best?.row ?? 0;
}

/** Round values of the axis, about so many. */
export function gridValues(from: number, to: number, about = 6): number[] {
  const rough = (to - from) / about;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-6)));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power;
  const values: number[] = [];
  for (let value = Math.ceil(from / step) * step; value <= to + step * 1e-6; value += step) values.push(Math.abs(value) < step / 1e6 ? 0 : value);
  return values;
}
