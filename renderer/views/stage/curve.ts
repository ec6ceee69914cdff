// The path of a wire lane: a cubic that leaves and enters its doors level. Points are computed into a reused object: no garbage in a frame.

import type { Anchor, Channel } from './layout';

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
  /** Level stretch in mid-way, in the direction of travel; null: a plain curve from door to door. */
  readonly via: { readonly xa: number; readonly xb: number; readonly y: number } | null;
}

export interface Point {
  x: number;
  y: number;
}

/** How far the middle points of a lane between two doors of one column stand out, CSS pixels. */
const LOOP = 60;

/** The lane from one door to another; its middle points lie at thirds, so that x runs evenly. Traffic to the right uses the upper lane, to the left the lower one. */
export function laneBetween(from: Anchor, to: Anchor): Curve {
  const sign = from.dir === to.dir ? (from.y <= to.y ? -1 : 1) : from.dir === 1 ? -1 : 1;
  const y0 = from.y + sign * from.lane;
  const y3 = to.y + sign * to.lane;
  const reach = from.dir === to.dir ? LOOP : Math.max(36, Math.abs(to.x - from.x) / 3);
  return { x0: from.x, y0, x1: from.x + from.dir * reach, y1: y0, x2: to.x + to.dir * reach, y2: y3, x3: to.x, y3, length: Math.max(1, Math.hypot(to.x - from.x, y3 - y0)), via: null };
}

/** Wires side by side in the channel, and their distance, CSS pixels. */
const TRACKS = 3;
const TRACK = 15;

/** The lane of a wire that passes the cards of the middle: down into their channel, along it, and up again. `nth`: of the wires there. */
export function laneThrough(from: Anchor, to: Anchor, channel: Channel, nth: number): Curve {
  const rightwards = to.x > from.x;
  const y = channel.y + ((nth % TRACKS) - (TRACKS - 1) / 2) * TRACK + (rightwards ? -3 : 3);
  return { ...laneBetween(from, to), via: { xa: rightwards ? channel.x0 : channel.x1, xb: rightwards ? channel.x1 : channel.x0, y } };
}

/** Writes the point at `t` (0 to 1) to `out`. */
export function pointAt(curve: Curve, t: number, out: Point): void {
  if (curve.via !== null) return pointOnWay(curve, curve.via, t, out);
  const u = 1 - t;
  const a = u * u * u;
  const b = 3 * u * u * t;
  const c = 3 * u * t * t;
  const d = t * t * t;
  out.x = a * curve.x0 + b * curve.x1 + c * curve.x2 + d * curve.x3;
  out.y = a * curve.y0 + b * curve.y1 + c * curve.y2 + d * curve.y3;
}

/** The same curves as addLane draws: level at both ends, x evenly. */
function pointOnWay({ x0, y0, x3, y3 }: Curve, { xa, xb, y }: NonNullable<Curve['via']>, t: number, out: Point): void {
  const x = x0 + (x3 - x0) * t;
  const before = (x - x0) / (xa - x0);
  const after = (x - xb) / (x3 - xb);
  const part = before < 1 ? before : after > 0 ? after : 0;
  const eased = part * part * (3 - 2 * part);
  out.x = x;
  out.y = before < 1 ? y0 + (y - y0) * eased : y + (y3 - y) * eased;
}

interface PathTarget {
  lineTo(x: number, y: number): void;
  moveTo(x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
}

/** Adds the whole lane to a path. */
export function addLane(path: PathTarget, curve: Curve): void {
  path.moveTo(curve.x0, curve.y0);
  if (curve.via !== null) {
    const { x0, y0, x3, y3, via } = curve;
    const bend = (xa: number, ya: number, xb: number, yb: number): void => path.bezierCurveTo(xa + (xb - xa) / 3, ya, xb - (xb - xa) / 3, yb, xb, yb);
    bend(x0, y0, via.xa, via.y);
    path.lineTo(via.xb, via.y);
    bend(via.xb, via.y, x3, y3);
    return;
  }
  path.bezierCurveTo(curve.x1, curve.y1, curve.x2, curve.y2, curve.x3, curve.y3);
}

/**
 * Where along the lane a capsule's middle is: between the two places at which it just touches a door, so that it is always whole.
 * `progress` 0 to 1, `width` of the capsule.
 */
export function travel(curve: Curve, progress: number, width: number): number {
  // Capsules are wider than high: between two columns, the way across counts.
  const across = Math.abs(curve.x3 - curve.x0);
  const way = across >= width + 8 ? across : across > 0 ? 0 : curve.length;
  const margin = way < width + 8 ? 0.5 : (width / 2 + 4) / way;
  return margin + Math.min(1, Math.max(0, progress)) * (1 - 2 * margin);
}
