// One lab on screen: joins its manifest and lesson with the run, the trace and the playhead. What the components of the lab screen
// share; no component of it talks to main by itself.

import { computed, shallowRef, watch, watchEffect, type ComputedRef } from 'vue';
import { segmentName } from '../../shared/trace/app/segmentName';
import type { LabBundle } from '../../shared/lab/bundle';
import type { ParameterValues } from '../../shared/lab/manifest';
import { filtersOf } from '../../shared/lab/matchers';
import { request } from '../bridge/bridge';
import { defaultsOf, isValid, sameValues } from '../lesson/form';
import { lessonProgress, type LessonTrace } from '../lesson/progress';
import { useFaults } from '../stores/faults';
import { lessonOf, useLabs } from '../stores/labs';
import { usePlayback } from '../stores/playback';
import { usePredictions, type Answer } from '../stores/predictions';
import { useRun } from '../stores/run';
import { useSelection } from '../stores/selection';
import { useSettings } from '../stores/settings';
import { useShowMe } from '../stores/showMe';
import { useTrace } from '../stores/trace';
import { labelsOf } from './names';
import { useAsked } from './useAsked';
import { useShown } from './useShown';

export function useLabSession(bundle: LabBundle) {
  const { manifest } = bundle;
  const settings = useSettings();
  const run = useRun();
  const trace = useTrace();
  const playback = usePlayback();
  const predictions = usePredictions();
  const selection = useSelection();

  const faults = useFaults();

  const showMe = useShowMe();
  const toShow = showMe.take(manifest.id);

  if (!useLabs().isGuest(manifest.id)) settings.remember(manifest.id);

  const lesson = computed(() => lessonOf(bundle, settings.locale));
  const mine = computed(() => run.lab === manifest.id);
  const started = computed(() => mine.value && run.phase !== 'none');
  const live = computed(() => mine.value && run.live);
  /** There is something to draw. */
  const showing = computed(() => started.value && trace.run === run.run && trace.count > 0);
  const labels = computed(() => (void trace.version, ({
    ...labelsOf(lesson.value, trace.story.roles.map((role) => role.id)), segment: (id: number) => segmentName(trace.app, id),
  })));

  const draft = shallowRef<ParameterValues>(toShow !== null ? { ...defaultsOf(manifest.parameters), ...toShow.show.params } : mine.value ? run.params : defaultsOf(manifest.parameters));
  const valid = computed(() => isValid(manifest.parameters, draft.value));
  // A run from a file was started with other parameters than those that are shown: they become the experiment.
  watch(() => (mine.value && run.file !== null ? run.params : null), (params) => params !== null && (draft.value = { ...defaultsOf(manifest.parameters), ...ownValues(params) }));
  const ownValues = (given: ParameterValues): ParameterValues => Object.fromEntries(Object.entries(given).filter(([id]) => manifest.parameters.some((one) => one.id === id)));
  const changed = computed(() => started.value && !sameValues(draft.value, run.params));

  const asked = useAsked(() => showing.value, filtersOf(manifest));
  const lessonTrace: ComputedRef<LessonTrace> = computed(() => ({
    momentOf: (matcher) => asked.value.momentOf(matcher),
    holds: (condition) => asked.value.holds(condition),
    isCaptured: (moment) => {
      const { segment } = trace.story.moments.at(moment);
      return segment !== null && trace.story.segments.at(segment).provenance.evidence === 'captured';
    },
    complete: started.value && !run.busy && asked.value.settled,
    params: started.value ? run.params : draft.value,
    position: showing.value ? playback.happened : 0,
  }));
  const progress = computed(() => lessonProgress(manifest, lessonTrace.value, (prediction) => predictions.answerOf(manifest.id, prediction)));
  const shown = useShown(manifest, lessonTrace);
  /** A run that the table of architectures asked for waits for no answer. */
  const gate = computed(() => (showing.value && shown.cell.value === null ? (progress.value.gate?.position ?? null) : null));
  watchEffect(() => playback.setGate(gate.value));
  /** The question at which the playhead stands and waits. */
  const waiting = computed(() => (playback.gated ? (progress.value.gate?.question ?? null) : null));

  /** `followLive`: stay at the newest moment instead of playing from the beginning. */
  async function begin(followLive: boolean): Promise<void> {
    if (changed.value) predictions.forget(manifest.id);
    selection.clear();
    playback.begin(followLive, manifest.pacing);
    await run.start(manifest.id, draft.value, faults.of(manifest.id), settings.values.capture);
  }

  /** The user's own run: from now on nothing is shown for the table. */
  async function start(): Promise<void> {
    if (!valid.value) return;
    showMe.end();
    await begin(settings.values.followLive);
  }

  if (toShow !== null) void begin(false);

  function answer(question: string, given: Answer): void {
    const resume = waiting.value === question;
    predictions.answer(manifest.id, question, given);
    if (resume) playback.play();
  }

  const copy = (text: string): Promise<void> => request('clipboard.write', { text }).catch(() => undefined);

  // A chosen event gives way to what the playhead shows once the user moves it; a chosen socket or host is still there.
  watch(() => playback.moves, () => ['fact', 'segment', 'inferredCall', 'message'].includes(selection.selection.type) && selection.clear());

  return { manifest, lesson, labels, started, live, showing, draft, valid, changed, progress, waiting, shown, start, answer, copy };
}

export type LabSession = ReturnType<typeof useLabSession>;
