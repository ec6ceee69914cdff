// Dear work takes its share of the time and no more; cheap work is done at once.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBudget } from './budget';

let now = 0;
const work = (ms: number) => () => {
  now += ms;
};

beforeEach(() => {
  now = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('a budget of a tenth', () => {
  it('lets the first work go at once, and the next when nine times its price has gone by', () => {
    const budget = createBudget(10, () => now);
    const later = vi.fn();
    expect(budget.free(later)).toBe(true);
    budget.spend(work(100));
    expect(budget.free(later)).toBe(false);
    now += 890;
    vi.advanceTimersByTime(890);
    expect(later).not.toHaveBeenCalled();
    now += 10;
    vi.advanceTimersByTime(10);
    expect(later).toHaveBeenCalledTimes(1);
    expect(budget.free(later)).toBe(true);
  });

  it('counts what is done in one go together, and calls once for many who ask', () => {
    const budget = createBudget(10, () => now);
    const later = vi.fn();
    budget.spend(work(10));
    budget.spend(work(20));
    expect([budget.free(later), budget.free(later)]).toEqual([false, false]);
    now += 270;
    vi.advanceTimersByTime(270);
    expect(later).toHaveBeenCalledTimes(1);
  });

  it('calls nobody once it has ended', () => {
    const budget = createBudget(10, () => now);
    const later = vi.fn();
    budget.spend(work(10));
    budget.free(later);
    budget.end();
    vi.advanceTimersByTime(1000);
    expect(later).not.toHaveBeenCalled();
  });

  it('hands on what the work throws, and counts it all the same', () => {
    const budget = createBudget(10, () => now);
    expect(() => budget.spend(() => {
      now += 50;
      throw new Error('broken');
    })).toThrow('broken');
    expect(budget.free(() => undefined)).toBe(false);
  });
});
