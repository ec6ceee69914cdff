import { describe, expect, it } from 'vitest';
import { createRandom } from './random';

const take = (seed: number, count: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.bits());
};

describe('seeded random numbers', () => {
  it('come again with the same seed, on every machine', () => {
    expect(take(1, 4)).toEqual(take(1, 4));
    expect(take(1, 3)).toMatchInlineSnapshot(`
      [
        393288148,
        2174103013,
        3814759091,
      ]
    `);
    expect(take(1, 4)).not.toEqual(take(2, 4));
  });

  it('of neighbouring seeds have nothing in common', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => take(seed, 1)[0]);
    expect(new Set(firsts).size).toBe(1000);
  });

  it('are spread evenly', () => {
    const random = createRandom(7);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const value = random.next();
      expect(value >= 0 && value < 1).toBe(true);
      const tenth = Math.floor(value * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // 10,000 each, with a standard deviation of 95.
    expect(tenths.every((count) => Math.abs(count - 10_000) < 500)).toBe(true);
  });

  it('below a count reach every value of it, and no other', () => {
    const random = createRandom(3);
    expect(new Set(Array.from({ length: 200 }, () => random.below(6)))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(random.below(1)).toBe(0);
  });
});
