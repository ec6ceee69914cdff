import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../base/cpuTime.fixture';
import { createRandom } from '../../base/random';
import { align } from './align';

const pairs = (a: string, b: string, most = 1000): string => align([...a], [...b], most).map(([x, y]) => `${a[x]}${x}${y}`).join(' ');

/** Length of a longest common subsequence, by the table. */
function longest(a: string, b: string): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const sign of a) {
    const next = [0];
    for (let y = 0; y < b.length; y++) next.push(sign === b[y] ? (row[y] ?? 0) + 1 : Math.max(row[y + 1] ?? 0, next[y] ?? 0));
    row = next;
  }
  return row[b.length] ?? 0;
}

describe('what corresponds', () => {
  it.each([
    ['', '', ''], ['abc', 'abc', 'a00 b11 c22'], ['abc', '', ''], ['', 'abc', ''], ['abc', 'xyz', ''],
    ['abcd', 'acd', 'a00 c21 d32'], ['acd', 'abcd', 'a00 c12 d23'], ['ab', 'xab', 'a01 b12'],
  ])('%j and %j: %s', (a, b, expected) => expect(pairs(a, b)).toBe(expected));

  it('is a longest common subsequence, ascending in both', () => {
    const random = createRandom(5);
    const text = (): string => Array.from({ length: random.below(30) }, () => 'abcd'[random.below(4)] ?? '').join('');
    for (let round = 0; round < 500; round++) {
      const [a, b] = [text(), text()];
      const found = align([...a], [...b], 1000);
      expect(found.every(([x, y]) => a[x] === b[y])).toBe(true);
      expect(found.every(([x, y], index) => index === 0 || (x > (found[index - 1]?.[0] ?? x) && y > (found[index - 1]?.[1] ?? y)))).toBe(true);
      expect(found.length, `${a} ${b}`).toBe(longest(a, b));
    }
  });

  it('is still in order, and nearly as long, where they differ more than the bound', () => {
    const random = createRandom(6);
    for (let round = 0; round < 200; round++) {
      const a = Array.from({ length: 60 }, () => 'abcdef'[random.below(6)] ?? '').join('');
      const b = [...a].filter(() => random.below(4) > 0).join('') + 'xyz'.repeat(random.below(9));
      const found = align([...a], [...b], 8 + random.below(12));
      expect(found.every(([x, y], index) => a[x] === b[y] && (index === 0 || (x > (found[index - 1]?.[0] ?? x) && y > (found[index - 1]?.[1] ?? y))))).toBe(true);
      expect(found.length).toBeLessThanOrEqual(longest(a, b));
      expect(found.length).toBeGreaterThan(longest(a, b) / 5);
    }
  });

  it('takes little time for long sequences that have little in common', () => {
    const a = Array.from({ length: 20_000 }, (_, index) => `a${index % 977}`);
    const b = Array.from({ length: 20_000 }, (_, index) => (index % 50 === 0 ? `a${index % 977}` : `b${index}`));
    const begin = cpuTime();
    expect(align(a, b, 1000).length).toBeGreaterThan(0);
    expect(begin()).toBeLessThan(20_000);
  });
});
