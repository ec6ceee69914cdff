// What the lesson asks of the trace: where its steps are, whether its conditions hold. Steps are looked for in what is new alone; conditions
// count over the whole trace, so a large one is not counted anew with every batch, but after ten times what the last count took. What looks for
// packets by display filters is loaded when a lesson asks for some.

import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue';
import { evaluate } from '../../shared/trace/evaluate';
import type { PacketFinder } from '../../shared/trace/filtered/packetFinder';
import type { Condition } from '../../shared/trace/match';
import { MatchFinder } from '../../shared/trace/matchFinder';
import type { LessonTrace } from '../lesson/progress';
import { useTrace } from '../stores/trace';
import { createBudget } from '../timeline/budget';
import { owing } from './owing';

/** A tenth of the time. */
const SHARE = 10;

interface Asked extends Pick<LessonTrace, 'momentOf' | 'holds'> {
  /** False: packets of the run are still looked at, so what holds is not known yet. */
  readonly settled: boolean;
  /** False: there is more than was counted, and it will be. */
  readonly current: boolean;
}

/** `filters`: of the lesson's matchers. */
export function useAsked(showing: () => boolean, filters: readonly string[]): ComputedRef<Asked> {
  const trace = useTrace();
  /** Grows when what was counted is too old. */
  const recount = shallowRef(0);
  const code = shallowRef<typeof PacketFinder | null>(null);
  const packets = computed(() => (code.value === null ? null : new code.value(trace.story, trace.store, filters)));
  const finder = computed(() => new MatchFinder(trace.story, trace.store, trace.app, () => packets.value));
  const budget = createBudget(SHARE);
  onScopeDispose(budget.end);
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

  let loading = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  onScopeDispose(() => timer !== null && clearTimeout(timer));
  /** Loads what looks for packets, and lets it go on in the next turn of the loop while some are left. True: it has seen all. */
  function looked(): boolean {
    if (filters.length === 0 || !showing()) return true;
    if (packets.value?.advance() === true) return true;
    if (packets.value !== null) timer ??= setTimeout(() => {
      timer = null;
      counted = -1;
      recount.value++;
    });
    else if (!loading) {
      loading = true;
      void import('../../shared/trace/filtered/packetFinder').then(({ PacketFinder }) => (code.value = PacketFinder));
    }
    return false;
  }

  const asked = computed<Asked>(() => {
    void recount.value;
    // The store may have facts that the story does not tell of yet.
    const { story, store, app, version, count } = trace;
    const own = finder.value;
    const settled = looked();
    forget(version, own);
    return {
      settled,
      current: settled && counted === version,
      momentOf: (matcher) => (showing() ? own.find(matcher, count) : null),
      holds: (condition) => {
        const known = truths.get(condition);
        if (known !== undefined) return known;
        const holds = budget.spend(() => evaluate(condition, story, store, app, () => packets.value));
        truths.set(condition, holds);
        return holds;
      },
    };
  });

  const owe = owing();
  watch(() => !asked.value.current, owe, { immediate: true });
  onScopeDispose(() => owe(false));
  return asked;
}
