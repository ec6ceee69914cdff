// The answer to a question to the session that is asked anew whenever what it depends on changes; late answers to older ones are dropped.

import { shallowRef, watch, type ShallowRef, type WatchSource } from 'vue';
import type { ReportedError } from '../../../shared/ipc/contract';
import { reported } from '../../bridge/bridge';

export interface Answer<T> {
  readonly value: ShallowRef<T | null>;
  readonly error: ShallowRef<ReportedError | null>;
  readonly busy: ShallowRef<boolean>;
}

/** `ask` gives null when there is nothing to ask. `keep`: the last answer stays until the next is there. */
export function useAnswer<T>(sources: readonly WatchSource[], ask: () => Promise<T> | null, keep = false): Answer<T> {
  const value = shallowRef<T | null>(null) as ShallowRef<T | null>;
  const error = shallowRef<ReportedError | null>(null);
  const busy = shallowRef(false);
  let turn = 0;
  watch([...sources], () => {
    const mine = ++turn;
    const asked = ask();
    if (!keep || asked === null) value.value = null;
    error.value = null;
    busy.value = asked !== null;
    asked?.then(
      (answer) => {
        if (mine === turn) [value.value, busy.value] = [answer, false];
      },
      (failure: unknown) => {
        if (mine !== turn) return;
        const why = reported(failure);
        busy.value = false;
        if (why.code !== 'VIEW_GONE') error.value = why;
      },
    );
  }, { immediate: true });
  return { value, error, busy };
}
