import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../../shared/lab/distribution';
import { KIB, planRuns, receiversOf, upLinks } from './plan';

const GIVEN: Distribution = { size: 128 * KIB, serverUp: 512 * KIB, peerUp: 128 * KIB, peerDown: 1024 * KIB };

describe('the list of receivers', () => {
  it('is read with commas, blanks or both, in any order, each number once', () => {
    expect(receiversOf('10, 2 1,2;30')).toEqual([1, 2, 10, 30]);
  });
  it.each(['', ' , ', '0', '31', '1, two', '-1', '1.5', '1e1', '９'])('%j is refused, and said why', (text) => {
    expect(() => receiversOf(text)).toThrow(/^receivers: .*1 to 30$/);
  });
});

describe('the plan', () => {
  it('is all by the server, then all by the swarm', () => {
    expect(planRuns(['server', 'swarm'], [1, 10], GIVEN)).toEqual({ leftOut: [], runs: [{ way: 'server', receivers: 1 }, { way: 'server', receivers: 10 }, { way: 'swarm', receivers: 1 }, { way: 'swarm', receivers: 10 }] });
  });
  it('leaves out what would take too long, the most receivers first, in both ways alike', () => {
    const slow = { ...GIVEN, size: 1024 * KIB };
    // By the server: 2, 20 and 60 s.
    const { runs, leftOut } = planRuns(['server', 'swarm'], [1, 10, 30], slow);
    expect(leftOut).toEqual([30]);
    expect(runs.map(({ receivers }) => receivers)).toEqual([1, 10, 1, 10]);
    expect(planRuns(['swarm'], [1, 10, 30], slow).leftOut).toEqual([]);
  });
  it('is refused when nothing is left of it', () => {
    expect(() => planRuns(['server'], [30], { ...GIVEN, size: 4096 * KIB })).toThrow('240 s for 30 receivers by the formula; at most 60 s are run');
  });
});

describe('mixed up-links', () => {
  it.each([1, 2, 7, 30])('of %i receivers have the mean that the formula takes', (receivers) => {
    const caps = upLinks('mixed', 1000, receivers, 5);
    expect(caps).toHaveLength(receivers);
    expect(caps.reduce((sum, cap) => sum + cap, 0)).toBe(1000 * receivers);
    expect(new Set(caps).size).toBe(receivers === 1 ? 1 : receivers % 2 === 0 ? 2 : 3);
  });
  it('are the same for the same seed, and all alike unless they are mixed', () => {
    expect(upLinks('mixed', 1000, 12, 5)).toEqual(upLinks('mixed', 1000, 12, 5));
    expect(upLinks('mixed', 1000, 12, 5)).not.toEqual(upLinks('mixed', 1000, 12, 6));
    expect(upLinks('alike', 1000, 2, 5)).toEqual([1000, 1000]);
  });
});
