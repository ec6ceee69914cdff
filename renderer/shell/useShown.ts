// A run that the architectures' table asked for, seen from the lab's session: it starts by itself, no question holds it back, and the
// playhead plays to the moment of its step as soon as there is one. How far it is, the banner says.

import { computed, watch, type ComputedRef } from 'vue';
import type { LabManifest } from '../../shared/lab/manifest';
import type { Matcher } from '../../shared/trace/match';
import { usePlayback } from '../stores/playback';
import { useRun } from '../stores/run';
import { useShowMe } from '../stores/showMe';

/** ms of display that are played before the moment: what led to it. Of a long run the rest is passed over. */
const RUN_UP = 6000;

/** On its way; there; the run is over without it. */
export type ShownState = 'heading' | 'there' | 'absent';

export interface ShownRun {
  /** Index of the moment that a matcher finds; null while there is none. */
  momentOf(matcher: Matcher): number | null;
  /** Nothing more will come by itself. */
  readonly complete: boolean;
}

export function useShown(manifest: LabManifest, trace: ComputedRef<ShownRun>) {
  const run = useRun();
  const showMe = useShowMe();
  const playback = usePlayback();

  const cell = computed(() => (showMe.shown?.show.lab === manifest.id ? showMe.shown : null));
  const step = computed(() => manifest.steps.find(({ id }) => id === cell.value?.show.step) ?? null);
  const moment = computed(() => (step.value === null ? null : trace.value.momentOf(step.value.match)));
  const state = computed<ShownState>(() => {
    if (moment.value !== null) return playback.happened > moment.value ? 'there' : 'heading';
    return trace.value.complete ? 'absent' : 'heading';
  });

  // Once a run: later moments of the story may push it on, and the playhead goes with them.
  watch(() => (moment.value === null ? null : run.run), (number) => {
    if (number === null || moment.value === null) return;
    const { axis, position } = playback;
    const begin = axis.at(moment.value) - RUN_UP * playback.speed;
    if (axis.at(position) < begin) playback.seek(Math.floor(axis.positionAt(begin)));
    playback.runUntil(moment.value);
  });

  return { cell, state };
}
