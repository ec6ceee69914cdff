// Recording the run that is shown into a file: asks main for it, tells it what the user answers and marks meanwhile, and knows what came of it until
// the user has seen it. How far it is, main tells with the state of the run.

import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { RequestInput } from '../../shared/ipc/contract';
import { request } from '../bridge/bridge';
import { useOpenFile } from './openFile';
import { usePlayback } from './playback';
import { usePredictions } from './predictions';
import { useRun } from './run';

export const useRecord = defineStore('record', () => {
  const openFile = useOpenFile();
  const playback = usePlayback();
  const predictions = usePredictions();
  const run = useRun();

  /** The recording that was seen to its end: its run and name. */
  const seen = shallowRef('');
  const key = computed(() => `${run.run} ${run.recording?.name ?? ''}`);
  const on = computed(() => run.recording?.on === true);
  /** What came of it, as long as nobody has said that he knows. */
  const ended = computed(() => (run.recording !== null && !run.recording.on && seen.value !== key.value ? run.recording : null));
  const notes = computed(() => ({ answers: predictions.answersOf(run.lab ?? '').slice(0, 256), bookmarks: playback.bookmarks.slice(0, 1024) }));

  watch([on, notes], () => {
    if (on.value && run.run !== null) void request('record.note', { run: run.run, notes: notes.value }).catch(() => undefined);
  });

  /** False: the user changed their mind. Rejects with what main says. */
  async function start(wish: Omit<RequestInput<'record.start'>, 'run'>): Promise<boolean> {
    if (run.run === null) return false;
    seen.value = '';
    const began = await request('record.start', { run: run.run, ...wish });
    if (began !== null) void openFile.refresh();
    return began !== null;
  }

  async function stop(): Promise<void> {
    if (run.run !== null) await request('record.stop', { run: run.run }).catch(() => undefined);
  }

  const forget = (): void => void (seen.value = key.value);

  return { on, ended, notes, start, stop, forget };
});
