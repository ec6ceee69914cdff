import { describe, expect, it } from 'vitest';
import { kernelSynPlan, synPlan } from './synRetries';

describe('a SYN that nobody answers', () => {
  it('doubles its wait each time, as kernels before 6.5 do: 127 s', () => {
    expect(synPlan(6, 0)).toMatchObject({ again: [1, 3, 7, 15, 31, 63], givesUp: 127 });
  });

  it('tries once a second first, as kernels since 6.5 do: the kernel’s documentation says 67 s and 131 s', () => {
    expect(synPlan(6, 4)).toMatchObject({ again: [1, 2, 3, 4, 5, 7, 11, 19, 35, 67], givesUp: 131 });
  });

  it('never waits longer than two minutes', () => {
    const { again } = synPlan(10, 0);
    expect((again[9] ?? 0) - (again[8] ?? 0)).toBe(120);
  });

  it.runIf(process.platform === 'linux')('is asked of the running kernel', async () => {
    const plan = await kernelSynPlan();
    expect(plan?.givesUp).toBeGreaterThan(0);
    expect(plan?.again).toHaveLength((plan?.retries ?? 0) + (plan?.linear ?? 0));
  });
});
