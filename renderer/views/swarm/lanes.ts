// The ways between peers, one for each direction: a little apart, from the edge of one to the edge of the other, bent towards the middle
// on a ring of many. Kept as numbers, so that thousands of blocks find their places without garbage. Pure; CSS pixels.

import type { SwarmLink } from '../../../shared/trace/swarm/swarmStory';
import type { PeerNode, SwarmLayout } from './layout';

export interface Point {
  x: number;
  y: number;
}

/** Numbers of a lane: start, control point, end (a quadratic Bézier curve). */
const SIZE = 6;
/** Half of the distance between the two directions, and the room left at a peer's edge. */
const APART = { cards: 10, chips: 5.5, dots: 1.5 } as const;
const MARGIN = { cards: 4, chips: 3, dots: 2 } as const;
/** Part of the way to the middle of the ring by which a lane is bent. */
const BEND = 0.16;

export class Lanes {
  private readonly data: Float32Array;

  constructor(layout: SwarmLayout, links: readonly Pick<SwarmLink, 'a' | 'b'>[]) {
    this.data = new Float32Array(links.length * 2 * SIZE);
    for (const [index, { a, b }] of links.entries()) {
      const [from, to] = [layout.nodes[a], layout.nodes[b]];
      if (from === undefined || to === undefined) continue;
      this.put(index * 2, layout, from, to);
      this.put(index * 2 + 1, layout, to, from);
    }
  }

  /** Number of the lane of a link from its end `a` (or from `b`). */
  laneOf = (link: number, fromA: boolean): number => link * 2 + (fromA ? 0 : 1);

  /** The six numbers of a lane; which: 0 to 5. */
  value = (lane: number, which: number): number => this.data[lane * SIZE + which] ?? 0;

  /** Writes the point at `t` (0 to 1) to `out`. */
  pointAt(lane: number, t: number, out: Point): void {
    const { data } = this;
    const o = lane * SIZE;
    const u = 1 - t;
    const [a, b, c] = [u * u, 2 * u * t, t * t];
    out.x = a * (data[o] as number) + b * (data[o + 2] as number) + c * (data[o + 4] as number);
    out.y = a * (data[o + 1] as number) + b * (data[o + 3] as number) + c * (data[o + 5] as number);
  }

  private put(lane: number, layout: SwarmLayout, from: PeerNode, to: PeerNode): void {
    const { detail } = layout;
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
    // To the right of the direction of travel, as on a road.
    const [ox, oy] = [-dy * APART[detail], dx * APART[detail]];
    const start = edge(from, ox, oy, dx, dy, detail === 'dots') + MARGIN[detail];
    const end = edge(to, ox, oy, -dx, -dy, detail === 'dots') + MARGIN[detail];
    const short = start + end > length - 6;
    const [x0, y0] = [from.x + ox + dx * (short ? length / 2 - 3 : start), from.y + oy + dy * (short ? length / 2 - 3 : start)];
    const [x1, y1] = [to.x + ox - dx * (short ? length / 2 - 3 : end), to.y + oy - dy * (short ? length / 2 - 3 : end)];
    const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
    const bend = detail === 'dots' ? BEND : 0;
    this.data.set([x0, y0, mx + (layout.width / 2 - mx) * bend, my + (layout.height / 2 - my) * bend, x1, y1], lane * SIZE);
  }
}

/** How far from its middle, moved by (ox, oy), a ray in direction (dx, dy) leaves a box or a dot. */
function edge({ hw, hh }: PeerNode, ox: number, oy: number, dx: number, dy: number, round: boolean): number {
  if (round) return hw;
  const reach = (half: number, offset: number, step: number): number => (Math.abs(step) < 1e-6 ? Number.POSITIVE_INFINITY : (half - Math.sign(step) * offset) / Math.abs(step));
  return Math.max(0, Math.min(reach(hw, ox, dx), reach(hh, oy, dy)));
}

/** Distance from a point to a lane, as the crow flies, in 12 pieces of it. */
export function distanceTo(lanes: Lanes, lane: number, x: number, y: number): number {
  const at = { x: 0, y: 0 };
  let [best, bx, by] = [Number.POSITIVE_INFINITY, 0, 0];
  for (let step = 0; step <= 12; step++) {
    lanes.pointAt(lane, step / 12, at);
    if (step > 0) {
      const [vx, vy] = [at.x - bx, at.y - by];
      const part = Math.min(1, Math.max(0, ((x - bx) * vx + (y - by) * vy) / (vx * vx + vy * vy || 1)));
      best = Math.min(best, Math.hypot(x - bx - part * vx, y - by - part * vy));
    }
    [bx, by] = [at.x, at.y];
  }
  return best;
}
