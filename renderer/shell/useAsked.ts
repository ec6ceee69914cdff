// What the lesson asks of the trace: where its steps are, whether its conditions hold. Steps are looked for in what is new alone; conditions
// count over the whole trace, so a large one is not counted anew with every batch, but after ten times what the last count took.

import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue';
import { evaluate } from '../../shared/trace/evaluate';
import type { Condition } from '../../shared/trace/match';
import { MatchFinder } from '../../shared/trace/matchFinder';
import type { LessonTrace } from '../lesson/progress';
import { useTrace } from '../stores/trace';
import { createBudget } from '../timeline/budget';

/** A tenth of the time. */
const SHARE = 10;

export function useAsked(showing: () => boolean): ComputedRef<Pick<LessonTrace, 'momentOf' | 'holds'>> {
  const trace = useTrace();
  const finder = computed(() => new MatchFinder(trace.story, trace.store, trace.app));
  const budget = createBudget(SHARE);
  onScopeDispose(budget.end);
  /** Grows when what was counted is too old. */
  const recount = shallowRef(0);
  let truths = new Map<Condition, boolean>();
  let counted = -1;
  let of: MatchFinder | null = null;

  /** Answers of another run, or of an older version that may be counted anew, are forgotten. */
  function forget(version: number, now: MatchFinder): void {
    if (now === of && (version === counted || !budget.free(() => recount.value++))) return;
    truths = new Map();
    counted = version;
    of = now;
  }

  return computed(() => {
    void recount.value;
    // The store may have facts that the story does not tell of yet.
    const { story, store, app, version, count } = trace;
    const own = finder.value;
    forget(version, own);
    return {
      momentOf: (matcher) => (showing() ? own.find(matcher, count) : null),
      holds: (condition) => {
        const known = truths.get(condition);
        if (known !== undefined) return known;
        const holds = budget.spend(() => evaluate(condition, story, store, app));
        truths.set(condition, holds);
        return holds;
      },
    };
  });
}
