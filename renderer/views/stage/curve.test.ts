import { describe, expect, it } from 'vitest';
import { laneBetween, laneThrough, pointAt, travel } from './curve';
import type { Anchor } from './layout';

const left: Anchor = { x: 100, y: 50, dir: 1, lane: 5, roomy: false };
const right: Anchor = { x: 700, y: 80, dir: -1, lane: 5, roomy: false };
const channel = { x0: 300, x1: 500, y: 250 };

const at = (curve: Parameters<typeof pointAt>[0], t: number): { x: number; y: number } => {
  const point = { x: 0, y: 0 };
  pointAt(curve, t, point);
  return { x: Math.round(point.x), y: Math.round(point.y) };
};

describe('a lane past the cards of the middle', () => {
  it('begins and ends at its doors, and is level in the channel', () => {
    const lane = laneThrough(left, right, channel, 1);
    expect([at(lane, 0), at(lane, 1)]).toEqual([{ x: 100, y: 45 }, { x: 700, y: 75 }]);
    const inChannel = [0.34, 0.5, 0.66].map((t) => at(lane, t).y);
    expect(new Set(inChannel)).toEqual(new Set([247]));
  });

  it('is the same way back, on a track of its own', () => {
    const back = laneThrough(right, left, channel, 1);
    expect([at(back, 0).x, at(back, 1).x, at(back, 0.5).y]).toEqual([700, 100, 253]);
  });

  it('runs evenly from side to side', () => {
    const lane = laneThrough(left, right, channel, 0);
    expect([0.25, 0.5, 0.75].map((t) => at(lane, t).x)).toEqual([250, 400, 550]);
  });

  it('leaves wires apart', () => {
    expect(new Set([0, 1, 2].map((nth) => at(laneThrough(left, right, channel, nth), 0.5).y)).size).toBe(3);
  });
});

describe('a lane between two doors of one column', () => {
  it('stands out far enough for a capsule', () => {
    const lane = laneBetween({ ...right, x: 300 }, { ...right, x: 300, y: 200 });
    expect(300 - at(lane, 0.5).x).toBeGreaterThan(40);
  });
});

describe('a capsule on its lane', () => {
  it('begins and ends outside of the cards, however steep the wire', () => {
    for (const y of [50, 150, 400]) {
      const lane = laneBetween(left, { ...right, x: 220, y });
      expect(at(lane, travel(lane, 0, 80)).x - 40).toBeGreaterThan(100);
      expect(at(lane, travel(lane, 1, 80)).x + 40).toBeLessThan(220);
    }
  });

  it('rests in the middle where it has no room to travel', () => {
    const lane = laneBetween(left, { ...right, x: 160, y: 300 });
    expect([travel(lane, 0, 80), travel(lane, 1, 80)]).toEqual([0.5, 0.5]);
  });
});
