// Runs that are kept: as they are, a few, within bounds; the one that is shown is always there to compare with.
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { scenario } from '../../shared/trace/fixture';
import { KEEP_LIMITS, useCompare } from './compare';
import { useRun } from './run';
import { useTrace } from './trace';

beforeEach(() => setActivePinia(createPinia()));

/** A run is over, and is shown. */
function shown(run: number, lab = 'tcp-echo', memory?: number): void {
  const trace = useTrace();
  trace.begin(run);
  const told = scenario(lab).end().told();
  if (memory !== undefined) Object.defineProperty(told.trace, 'memory', { value: memory });
  Object.assign(trace, { store: told.trace, story: told.story, count: told.trace.count });
  Object.assign(useRun(), { run, lab, phase: 'open', params: {} });
}

describe('keeping', () => {
  it('takes the run that is shown, once', () => {
    const compare = useCompare();
    expect([compare.keep(), compare.now]).toEqual(['nothing', null]);
    shown(1);
    expect(compare.now).toMatchObject({ run: 1, number: 0, lab: 'tcp-echo' });
    expect([compare.keep(), compare.isKept, compare.keep()]).toEqual(['kept', true, 'known']);
    const { side } = compare.kept[0] ?? { side: null };
    shown(2);
    expect(compare.isKept).toBe(false);
    // Another run does not change it.
    expect(side?.story.lab?.id).toBe('tcp-echo');
    expect(compare.kept.map(({ run }) => run)).toEqual([1]);
  });

  it('lets the oldest go when there are too many, or too much', () => {
    const compare = useCompare();
    for (let run = 1; run <= KEEP_LIMITS.runs; run++) {
      shown(run);
      expect(compare.keep()).toBe('kept');
    }
    shown(9);
    expect(compare.keep()).toBe('replaced');
    expect(compare.kept.map(({ run, number }) => [run, number])).toEqual([[2, 2], [3, 3], [4, 4], [9, 5]]);
    shown(10, 'tcp-echo', KEEP_LIMITS.bytes - 10_000);
    expect(compare.keep()).toBe('replaced');
    expect(compare.kept.map(({ run }) => run)).toEqual([10]);
  });

  it('refuses a run that is too large alone', () => {
    const compare = useCompare();
    shown(1, 'tcp-echo', KEEP_LIMITS.bytes + 1);
    expect([compare.keep(), compare.kept]).toEqual(['large', []]);
  });
});
