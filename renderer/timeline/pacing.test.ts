import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../shared/base/cpuTime.fixture';
import { PACINGS, PacedAxis, type MomentTimes } from './pacing';

/** A story with nothing but times; `add` gives it a new version. */
class Times implements MomentTimes {
  version = 0;
  private readonly log: number[] = [];
  readonly list: number[] = [];
  readonly moments: { readonly count: number };

  constructor(...times: number[]) {
    const { list } = this;
    this.moments = {
      get count() {
        return list.length;
      },
    };
    this.add(...times);
  }

  add(...times: number[]): this {
    const first = Math.min(...times);
    const at = this.list.findIndex((t) => t > first);
    this.log.push(at < 0 ? this.list.length : at);
    this.list.push(...times);
    this.list.sort((a, b) => a - b);
    this.version++;
    return this;
  }

  momentTime(index: number): number {
    return this.list[index] ?? Number.NaN;
  }

  changedFrom(version: number): number {
    return Math.min(this.list.length, ...this.log.slice(version));
  }
}

const ends = (axis: PacedAxis): number[] => Array.from({ length: axis.count + 1 }, (_, n) => Math.round(axis.at(n)));

describe('an axis', () => {
  it('gives each moment one beat', () => {
    const axis = new PacedAxis('each', new Times(0, 3, 90_000));
    expect(ends(axis)).toEqual([0, 700, 1400, 2100]);
    expect(axis.at(1.5)).toBe(1050);
    expect(axis.duration).toBe(2100);
  });

  it('shows the true times a thousand times slower', () => {
    const axis = new PacedAxis('true', new Times(50, 60, 60, 1060));
    expect(ends(axis)).toEqual([0, 300, 310, 310, 1310]);
  });

  it('squeezes idle gaps and leaves short ones apart', () => {
    const axis = new PacedAxis('squeezed', new Times(0, 0, 10, 1010, 60_001_010));
    const at = ends(axis);
    const gaps = at.slice(2).map((ms, n) => ms - (at[n + 1] ?? 0));
    expect(gaps).toEqual([120, 230, 852, 2000]);
  });

  it.each(PACINGS)('%s: leads from a position to a time and back', (pacing) => {
    const axis = new PacedAxis(pacing, new Times(0, 12, 13.5, 900, 4000, 4001));
    for (let p = 0; p <= 6; p += 0.125) expect(axis.positionAt(axis.at(p))).toBeCloseTo(p, 9);
    for (let p = 0.125; p <= 6; p += 0.125) expect(axis.at(p)).toBeGreaterThan(axis.at(p - 0.125));
  });

  it('shows moments of one instant together', () => {
    const axis = new PacedAxis('true', new Times(0, 5, 5, 5, 9));
    expect(axis.positionAt(axis.at(2))).toBe(4);
  });

  it('takes what lies outside as the nearest end', () => {
    const axis = new PacedAxis('each', new Times(0, 1));
    expect([axis.at(-3), axis.at(9), axis.positionAt(-5), axis.positionAt(1e9)]).toEqual([0, 1400, 0, 2]);
    const empty = new PacedAxis('each', new Times(...([] as number[])));
    expect([empty.duration, empty.at(1), empty.positionAt(5), empty.ofTime(3)]).toEqual([0, 0, 0, 0]);
  });

  it('places any time of the trace between its moments', () => {
    const axis = new PacedAxis('each', new Times(100, 200, 400));
    expect([axis.ofTime(0), axis.ofTime(100), axis.ofTime(150), axis.ofTime(300), axis.ofTime(999)]).toEqual([700, 700, 1050, 1750, 2100]);
  });

  it.each(PACINGS)('%s: grows to the same axis as one made at once, also when moments are put in between', (pacing) => {
    const story = new Times(0, 10, 20, 500);
    const axis = new PacedAxis(pacing, story);
    expect(axis.extend()).toBe(false);
    for (const batch of [[510, 700], [15, 505], [701], [690, 9000]]) {
      story.add(...batch);
      expect(axis.extend()).toBe(true);
      expect(ends(axis)).toEqual(ends(new PacedAxis(pacing, new Times(...story.list))));
    }
  });

  it('copes with a hundred thousand moments, and finds its way in them fast', () => {
    const axis = new PacedAxis('squeezed', { version: 1, changedFrom: () => 0, momentTime: (n) => n * 7, moments: { count: 100_000 } });
    const before = cpuTime();
    for (let n = 0; n < 10_000; n++) axis.positionAt((axis.duration * n) / 10_000);
    // Ten thousand look-ups: far below what one linear search each would take.
    expect(before()).toBeLessThan(500);
    expect(axis.positionAt(axis.duration)).toBe(100_000);
  });
});
