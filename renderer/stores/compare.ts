// Runs that the user kept to compare with: their facts and their story as they are, a few of them, within bounds. A run that goes on grows
// until the next one takes its place. Nothing of it outlives the window.

import { defineStore } from 'pinia';
import { computed, markRaw, shallowRef } from 'vue';
import type { ParameterValues } from '../../shared/lab/manifest';
import type { RunSide } from '../../shared/trace/compare/steps';
import { useRun } from './run';
import { useTrace } from './trace';

/** Together; the oldest gives way. A run that is larger alone is not kept. */
export const KEEP_LIMITS = { runs: 4, bytes: 96 * 1024 * 1024, facts: 400_000 } as const;

export interface KeptRun {
  /** The engine's number of the run. */
  readonly run: number;
  /** In the order of keeping, from 1. */
  readonly number: number;
  readonly lab: string;
  readonly params: ParameterValues;
  readonly side: RunSide;
}

/** What became of a wish to keep a run: kept in place of the oldest, or not at all. */
export type Kept = 'kept' | 'replaced' | 'known' | 'nothing' | 'large';

export const useCompare = defineStore('compare', () => {
  const current = useRun();
  const trace = useTrace();
  const kept = shallowRef<readonly KeptRun[]>([]);
  /** What the last wish came to. */
  const last = shallowRef<Kept | null>(null);
  let count = 0;

  /** The run that is shown now; null when there is none. */
  const now = computed<KeptRun | null>(() => {
    void trace.version;
    if (trace.run === null || trace.run !== current.run || current.lab === null || trace.count === 0) return null;
    return kept.value.find(({ run }) => run === trace.run) ?? { run: trace.run, number: 0, lab: current.lab, params: current.params, side: markRaw({ story: trace.story, trace: trace.store }) };
  });
  const isKept = computed(() => now.value !== null && now.value.number > 0);

  function keep(): Kept {
    const one = now.value;
    last.value = one === null ? 'nothing' : one.number > 0 ? 'known' : tooLarge([one]) ? 'large' : add(one);
    return last.value;
  }

  function add(one: KeptRun): Kept {
    const all = [...kept.value, { ...one, number: ++count }];
    while (all.length > KEEP_LIMITS.runs || tooLarge(all)) all.shift();
    const replaced = all.length <= kept.value.length;
    kept.value = all;
    return replaced ? 'replaced' : 'kept';
  }

  function drop(run: number): void {
    kept.value = kept.value.filter((one) => one.run !== run);
  }

  return { kept, last, now, isKept, keep, drop };
});

const tooLarge = (runs: readonly KeptRun[]): boolean =>
  runs.reduce((sum, { side }) => sum + side.trace.memory, 0) > KEEP_LIMITS.bytes || runs.reduce((sum, { side }) => sum + side.trace.count, 0) > KEEP_LIMITS.facts;
