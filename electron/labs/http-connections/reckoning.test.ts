import { describe, expect, it } from 'vitest';
import { reckon, type ReckonedObject } from './reckoning';

const of = (size: number, think = 0): ReckonedObject => ({ size, think });
const twelve = Array.from({ length: 12 }, () => of(1000));
const WIRE = { delay: 20, bandwidth: 0 };

describe('round trips alone', () => {
  it.each([
    ['own', 26, 1040],
    ['keep-alive', 14, 560],
    // The first five wait for their connections; the page's own has done two objects when they have done one.
    ['six', 5, 200],
    ['h2', 3, 120],
  ] as const)('%s: %i, so %i ms', (policy, trips, total) => {
    const reckoned = reckon(policy, of(1000), twelve, WIRE);
    expect(reckoned.roundTrips).toBe(trips);
    expect(reckoned.total).toBeCloseTo(total);
    expect(reckoned.ends).toHaveLength(13);
  });

  it('no delay: nothing', () => expect(reckon('own', of(1000), twelve, { delay: 0, bandwidth: 0 }).total).toBe(0));
});

describe('bandwidth', () => {
  it('is the same for all of them: the bytes are the same', () => {
    for (const policy of ['own', 'keep-alive', 'six', 'h2'] as const) {
      // 13,000 B at 100 kB/s.
      expect(reckon(policy, of(1000), twelve, { delay: 0, bandwidth: 100_000 }).total).toBeCloseTo(130);
    }
  });

  it('is shared by what flows at the same time', () => {
    const { ends } = reckon('h2', of(0), [of(1000), of(3000)], { delay: 0, bandwidth: 1_000_000 });
    expect(ends[1]).toBeCloseTo(2);
    expect(ends[2]).toBeCloseTo(4);
  });

  it('comes on top of the round trips when objects follow each other', () => {
    expect(reckon('keep-alive', of(1000), twelve, { delay: 20, bandwidth: 100_000 }).total).toBeCloseTo(560 + 130);
  });
});

describe('a slow object', () => {
  const objects = [of(1000), of(1000, 300), of(1000), of(1000)];
  it('holds up all that come behind it on one connection', () => {
    const { ends } = reckon('keep-alive', of(1000), objects, WIRE);
    expect(ends.map(Math.round)).toEqual([80, 120, 460, 500, 540]);
  });
  it('holds up nothing but itself in HTTP/2', () => {
    const { ends, total } = reckon('h2', of(1000), objects, WIRE);
    expect(ends.map(Math.round)).toEqual([80, 120, 420, 120, 120]);
    expect(total).toBeCloseTo(420);
  });
});
