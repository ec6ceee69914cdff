// The trace of the shown run: takes batches as they come, folds them into the story once a frame, and counts versions. It tells
// main what it has read only after the fold, so that main never runs ahead. What dissects applications is a chunk of its own: no start
// waits for their codecs.

import { defineStore } from 'pinia';
import { markRaw, shallowRef } from 'vue';
import type { ReportedError } from '../../shared/ipc/contract';
import type { AppBuilder } from '../../shared/trace/app/appBuilder';
import type { AppStory } from '../../shared/trace/app/appStory';
import { EMPTY_APP } from '../../shared/trace/app/emptyApp';
import { StoryBuilder } from '../../shared/trace/fold';
import { TraceStore } from '../../shared/trace/store';
import type { Story } from '../../shared/trace/story';
import { receiveTracePort, type Acknowledge, type TraceMessage } from '../bridge/tracePort';

/** A hidden window draws no frames; then facts are folded this often, in ms. */
const HIDDEN = 250;

/** Loads what dissects applications; the first run does so at the latest. */
export const fetchApplications = () => import('../../shared/trace/app/appBuilder');

export const useTrace = defineStore('trace', () => {
  const run = shallowRef<number | null>(null);
  const store = shallowRef<TraceStore>(markRaw(new TraceStore()));
  let builder = new StoryBuilder(store.value);
  const story = shallowRef<Story>(markRaw(builder.story));
  /** Of the shown run, once its first facts are folded. */
  let applications: AppBuilder | null = null;
  /** What lies above the transport; as far as the story. */
  const app = shallowRef<AppStory>(EMPTY_APP);
  /** Grows when there is more to see; at most once a frame. */
  const version = shallowRef(0);
  const count = shallowRef(0);
  /** Batches are here that the story does not yet tell of. */
  const unread = shallowRef(false);
  const error = shallowRef<ReportedError | null>(null);
  let acknowledge: Acknowledge | null = null;

  function begin(next: number | null): void {
    run.value = next;
    store.value = markRaw(new TraceStore());
    builder = new StoryBuilder(store.value);
    story.value = markRaw(builder.story);
    applications = null;
    app.value = EMPTY_APP;
    count.value = 0;
    error.value = null;
    version.value++;
  }

  function take(message: TraceMessage, answer: Acknowledge): void {
    if (run.value !== null && message.run < run.value) return;
    if (message.run !== run.value) begin(message.run);
    if (error.value !== null) return;
    try {
      store.value.append(message.batch);
    } catch (broken) {
      error.value = { code: 'TRACE_BROKEN', message: broken instanceof Error ? broken.message : String(broken), where: '' };
      return;
    }
    acknowledge = answer;
    if (unread.value) return;
    unread.value = true;
    nextFrame(() => void fold());
  }

  async function fold(): Promise<void> {
    if (applications === null) {
      const { AppBuilder } = await fetchApplications();
      // Whatever began meanwhile is folded here.
      applications = new AppBuilder(store.value, builder.story);
      app.value = markRaw(applications.app);
    }
    unread.value = false;
    if (run.value === null) return;
    try {
      if (!builder.advance()) return;
      applications.advance();
    } catch (broken) {
      // Facts that contradict themselves can only come from a file that somebody made: what was told before them stays on screen.
      error.value = { code: 'TRACE_BROKEN', message: broken instanceof Error ? broken.message : String(broken), where: '' };
    }
    count.value = store.value.count;
    version.value++;
    acknowledge?.(run.value, store.value.count);
  }

  /** Main sends the whole run again to a new port. */
  const connect = (): void => void receiveTracePort(take, () => begin(run.value));

  return { run, store, story, app, version, count, unread, error, begin, take, connect };
});

function nextFrame(work: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    work();
  };
  requestAnimationFrame(once);
  window.setTimeout(once, HIDDEN);
}
