// The path of a wire lane: a cubic that leaves and enters its doors level. Points are computed into a reused object: no garbage in a frame.

import type { Anchor } from './layout';

export interface Curve {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly x3: number;
  readonly y3: number;
  /** From door to door, CSS pixels, as the crow flies but never 0. */
  readonly length: number;
}

export interface Point {
  x: number;
  y: number;
}

/** The lane from one door to another; its middle points lie at thirds, so that x runs evenly. Traffic to the right uses the upper lane, to the left the lower one. */
export function laneBetween(from: Anchor, to: Anchor): Curve {
  const sign = from.dir === to.dir ? (from.y <= to.y ? -1 : 1) : from.dir === 1 ? -1 : 1;
  const y0 = from.y + sign * from.lane;
  const y3 = to.y + sign * to.lane;
  const reach = Math.max(36, Math.abs(to.x - from.x) / 3);
  return { x0: from.x, y0, x1: from.x + from.dir * reach, y1: y0, x2: to.x + to.dir * reach, y2: y3, x3: to.x, y3, length: Math.max(1, Math.hypot(to.x - from.x, y3 - y0)) };
}

/** Writes the point at `t` (0 to 1) to `out`. */
export function pointAt(curve: Curve, t: number, out: Point): void {
  const u = 1 - t;
  const a = u * u * u;
  const b = 3 * u * u * t;
  const c = 3 * u * t * t;
  const d = t * t * t;
  out.x = a * curve.x0 + b * curve.x1 + c * curve.x2 + d * curve.x3;
  out.y = a * curve.y0 + b * curve.y1 + c * curve.y2 + d * curve.y3;
}

interface PathTarget {
  moveTo(x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
}

/** Adds the whole lane to a path. */
export function addLane(path: PathTarget, curve: Curve): void {
  path.moveTo(curve.x0, curve.y0);
  path.bezierCurveTo(curve.x1, curve.y1, curve.x2, curve.y2, curve.x3, curve.y3);
}

/**
 * Where along the lane a capsule's middle is: between the two places at which it just touches a door, so that it is always whole.
 * `progress` 0 to 1, `width` of the capsule.
 */
export function travel(curve: Curve, progress: number, width: number): number {
  const margin = curve.length < width + 8 ? 0.5 : (width / 2 + 4) / curve.length;
  return margin + Math.min(1, Math.max(0, progress)) * (1 - 2 * margin);
}
