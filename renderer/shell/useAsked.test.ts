// What the lesson asks of a trace that grows: what is dear to count is counted anew when its time has come, and the page is not idle before.
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, type EffectScope } from 'vue';
import { must } from '../../shared/base/assert';
import { KIND_CODE } from '../../shared/trace/event';
import type { Condition, Matcher } from '../../shared/trace/match';
import { TraceWriter } from '../../shared/trace/writer';
import { fetchApplications, useTrace } from '../stores/trace';
import { lessonsOwing } from './owing';
import { useAsked } from './useAsked';

/** Each call is an action of the user in the trace. */
const writer = (): (() => void) => {
  const written = new TraceWriter(() => undefined);
  return () => {
    written.write(0, KIND_CODE['action.taken'], 0, 0, 0, 0, 0, 0, 0, 0, 0, null, written.intern('{"action":"ask","args":{}}'));
    useTrace().take({ run: 1, batch: written.take() }, vi.fn());
  };
};
const told = () => vi.waitFor(() => expect(useTrace().unread).toBe(false));

let now = 0;
/** Each count takes 100 ms. */
const TWICE: Condition = {
  get exists(): Matcher {
    now += 100;
    return { fact: 'action.taken', nth: 2 };
  },
};

let scope: EffectScope;
beforeAll(fetchApplications);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  setActivePinia(createPinia());
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('owes the page an answer for as long as what it says is of an older trace', async () => {
  const act = writer();
  const asked = must(scope.run(() => useAsked(() => true, [])), 'asked');
  act();
  await told();
  expect([asked.value.holds(TWICE), lessonsOwing()]).toEqual([false, 0]);

  act();
  await told();
  await nextTick();
  expect([asked.value.holds(TWICE), lessonsOwing()]).toEqual([false, 1]);

  now += 1000;
  vi.runAllTimers();
  await nextTick();
  expect([asked.value.holds(TWICE), lessonsOwing()]).toEqual([true, 0]);
});

it('owes nothing once its lesson is left', async () => {
  const act = writer();
  const asked = must(scope.run(() => useAsked(() => true, [])), 'asked');
  act();
  await told();
  asked.value.holds(TWICE);
  act();
  await told();
  await nextTick();
  expect(lessonsOwing()).toBe(1);
  scope.stop();
  expect(lessonsOwing()).toBe(0);
});
