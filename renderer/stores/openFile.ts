// What main tells of files that the user opens: a run takes the place of the shown one, with its answers and marks; a capture is its own store's. Knows
// what is being opened and what could not be; asks main for the list of recent files.

import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { ReportedError } from '../../shared/ipc/contract';
import type { OpenedFile, OpenedRun, RecentFile } from '../../shared/ipc/fileContract';
import { onPush, reported, request } from '../bridge/bridge';
import { useLabs } from './labs';
import { useNavigation } from './navigation';
import { usePlayback } from './playback';
import { usePredictions } from './predictions';
import { useRun } from './run';
import { useSelection } from './selection';
import { useTrace } from './trace';

/** The screen of a run that names no lab. */
const NO_LAB = 'run';

export const useOpenFile = defineStore('openFile', () => {
  const labs = useLabs();
  const navigation = useNavigation();
  const playback = usePlayback();
  const predictions = usePredictions();
  const run = useRun();
  const selection = useSelection();
  const trace = useTrace();

  /** Name of the file that is being opened. */
  const opening = shallowRef<string | null>(null);
  const failed = shallowRef<{ readonly name: string; readonly error: ReportedError } | null>(null);
  const recent = shallowRef<readonly RecentFile[]>([]);
  /** Marks that wait for the run that they are of. */
  let marks: OpenedRun | null = null;

  /** Something is on its way to the screen. */
  const busy = computed(() => opening.value !== null || (run.file !== null && run.file.facts > 0 && trace.run !== run.file.run));

  function hear(opened: OpenedFile): void {
    failed.value = opened.kind === 'failed' ? opened : null;
    void refresh();
    if (opened.kind === 'run') show(opened);
  }

  function show(opened: OpenedRun): void {
    const lab = opened.head.lab === '' ? NO_LAB : opened.head.lab;
    labs.adopt(lab, opened.head.lab === '' ? opened.name : lab);
    selection.clear();
    run.open(opened, lab);
    predictions.restore(lab, opened.notes.answers);
    // All of it at once, as it was when it was saved; from there the user goes back.
    playback.begin(true, labs.find(lab)?.manifest.pacing);
    marks = opened;
    mark();
    navigation.go({ screen: 'lab', lab });
  }

  /** A new trace has no marks: those of the file are set once it is there. Its facts may have been here before main said what they are of. */
  function mark(): void {
    if (marks === null || trace.run !== marks.run) return;
    playback.restoreBookmarks(marks.notes.bookmarks);
    if (trace.story.lab !== null) run.adopt(marks.run, trace.story.lab);
    // The end of what is here, and of what may still come.
    playback.follow(true);
    marks = null;
  }
  watch(() => trace.run, mark, { flush: 'post' });

  async function refresh(): Promise<void> {
    recent.value = await request('file.recent', undefined).catch(() => []);
  }

  const choose = (): void => void request('file.choose', undefined).catch(() => undefined);
  const openRecent = (id: string): void => void request('file.openRecent', { id }).catch(() => refresh());

  /** The file of an open capture as the run that it is. */
  const openRunOf = (capture: number): void => void request('capture.openRun', { capture }).catch((failure: unknown) => (failed.value = { name: '', error: reported(failure) }));

  /** The packets of the shown run's file. */
  function showPackets(): void {
    const { file } = run;
    if (file !== null) void request('file.showPackets', { run: file.run }).catch((failure: unknown) => (failed.value = { name: file.name, error: reported(failure) }));
  }

  async function forgetRecent(): Promise<void> {
    await request('file.forgetRecent', undefined).catch(() => undefined);
    await refresh();
  }

  function connect(): void {
    onPush('file.opening', ({ name }) => (opening.value = name));
    onPush('file.opened', hear);
    void refresh();
  }

  return { opening, failed, recent, busy, choose, openRecent, openRunOf, showPackets, forgetRecent, refresh, hear, connect };
});
