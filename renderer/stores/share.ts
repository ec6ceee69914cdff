// What is shared on the LAN and what was joined there, as main tells it; asks main to begin and to end it. It ends here when the user leaves
// the lab: what nobody looks at is not shared.

import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { LanPlace, ReportedError, RequestInput, ShareState } from '../../shared/ipc/contract';
import { onPush, reported, request } from '../bridge/bridge';
import { useNavigation } from './navigation';
import { useRun } from './run';

export type ShareEnd = NonNullable<ShareState['ended']> | 'engine';

export const useShare = defineStore('share', () => {
  const state = shallowRef<ShareState | null>(null);
  /** Why the last one ended, until the user has taken note of it. */
  const ended = shallowRef<ShareEnd | null>(null);
  const error = shallowRef<ReportedError | null>(null);
  const busy = shallowRef(false);

  const shared = computed(() => state.value?.share ?? null);
  const joined = computed(() => state.value?.joined ?? []);
  const active = computed(() => shared.value !== null || joined.value.length > 0);

  function hear(now: ShareState): void {
    // What is still said of a run before is late, unless something of it is open: that must be seen.
    if (state.value !== null && now.run < state.value.run && now.share === null && now.joined.length === 0) return;
    const before = active.value;
    state.value = now;
    if (active.value) ended.value = null;
    else if (before) ended.value = now.ended;
  }

  /** Asks; true when it was done. `error` says why not. */
  async function ask(work: () => Promise<ShareState | undefined>): Promise<boolean> {
    busy.value = true;
    error.value = null;
    try {
      const now = await work();
      if (now !== undefined) hear(now);
      return true;
    } catch (failure) {
      error.value = reported(failure);
      return false;
    } finally {
      busy.value = false;
    }
  }

  const places = (): Promise<LanPlace[]> => request('share.places', undefined);
  const start = (input: RequestInput<'share.start'>): Promise<boolean> => ask(() => request('share.start', input));
  const join = (input: RequestInput<'share.join'>): Promise<boolean> => ask(() => request('share.join', input));

  async function stop(): Promise<void> {
    const run = state.value?.run;
    if (run === undefined) return;
    if (shared.value !== null) await request('share.stop', { run }).catch(() => undefined);
    if (joined.value.length > 0) await request('share.leave', { run }).catch(() => undefined);
  }

  const forget = (): void => {
    error.value = null;
    ended.value = null;
  };

  function connect(): void {
    onPush('share.state', hear);
    onPush('engine.failed', () => {
      if (active.value) ended.value = 'engine';
      state.value = null;
    });
    const run = useRun();
    const navigation = useNavigation();
    // Settings are a glance aside: the mark stays on screen there.
    watch(() => navigation.route, (route) => {
      if (active.value && route.screen !== 'settings' && !(route.screen === 'lab' && route.lab === run.lab)) void stop();
    });
  }

  return { state, shared, joined, active, ended, error, busy, places, start, join, stop, forget, hear, connect };
});
