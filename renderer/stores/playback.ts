// The playhead of the shown run: keeps its state, gives it the clock's frames while it moves, and knows the time axis. All rules of
// moving are timeline/playhead.ts; here they meet the trace, the run and the settings.

import { defineStore } from 'pinia';
import { computed, markRaw, shallowRef, watch } from 'vue';
import { sockId } from '../../shared/base/brand';
import type { LabPacing } from '../../shared/lab/manifest';
import { Clock } from '../timeline/clock';
import { PacedAxis, type Pacing } from '../timeline/pacing';
import { reduce, startingPlayhead, type Playhead, type PlayheadAction } from '../timeline/playhead';
import { useRun } from './run';
import { useSelection } from './selection';
import { useSettings } from './settings';
import { nextSpeed } from './speeds';
import { useTrace } from './trace';

/** Moments of servers that start: more of them are not played. Home shows them. */
const LONG_SET_UP = 24;

export const usePlayback = defineStore('playback', () => {
  const run = useRun();
  const selection = useSelection();
  const settings = useSettings();
  const trace = useTrace();

  const head = shallowRef<Playhead>(startingPlayhead());
  const axis = shallowRef<PacedAxis>(markRaw(new PacedAxis(settings.values.pacing, trace.story)));
  /** Positions that the user marked, ascending. */
  const bookmarks = shallowRef<readonly number[]>([]);
  /** Grows when the user moves the playhead or starts it. */
  const moves = shallowRef(0);

  const position = computed(() => head.value.position);
  /** Moments that have happened: changes once a moment, not once a frame. */
  const happened = computed(() => Math.floor(head.value.position));
  const playing = computed(() => head.value.playing);
  const following = computed(() => head.value.following);
  const speed = computed(() => settings.values.speed);
  /** What the run's lab begins with; its axis until the user chooses another. */
  const suggested = shallowRef<{ readonly axis: Pacing | null; readonly slowness: number | undefined }>({ axis: null, slowness: undefined });
  const pacing = computed(() => suggested.value.axis ?? settings.values.pacing);
  const limit = computed(() => Math.min(trace.count === 0 ? 0 : (void trace.version, trace.story.moments.count), head.value.gate ?? Number.POSITIVE_INFINITY));
  /** Something on screen changes by itself. At the end of a live run the playhead waits, which is no motion. */
  const moving = computed(() => playing.value && position.value < limit.value);
  /** It stands before a question. */
  const gated = computed(() => head.value.gate !== null && position.value >= head.value.gate);

  const apply = (action: PlayheadAction): void => void (head.value = reduce(head.value, action, trace.story, axis.value));
  const ask = (action: PlayheadAction): void => {
    moves.value++;
    opening = false;
    apply(action);
  };

  // A new run has a new story; a new version of it may have put moments before the last one.
  watch(() => trace.story, (story) => {
    axis.value = markRaw(new PacedAxis(pacing.value, story, suggested.value.slowness));
    bookmarks.value = [];
    const { playing: going, following: end, speed: pace } = head.value;
    head.value = { ...startingPlayhead(pace, end), playing: going };
  }, { flush: 'sync' });
  watch(() => trace.version, () => {
    if (!axis.value.extend()) return;
    apply({ type: 'grew' });
    if (opening) skipSetUp();
  }, { flush: 'sync' });
  watch([pacing, () => suggested.value.slowness], ([chosen, slowness]) => (axis.value = markRaw(new PacedAxis(chosen, trace.story, slowness))), { flush: 'sync' });
  watch(speed, (chosen) => apply({ type: 'speed', speed: chosen }), { immediate: true });
  // Nothing more will come: what waited at the end is done.
  watch(() => run.live, (live) => !live && position.value >= limit.value && apply({ type: 'pause' }));

  const clock = new Clock(window);
  let stop: (() => void) | null = null;
  watch(moving, (now) => {
    stop?.();
    stop = now ? clock.each((ms) => apply({ type: 'tick', ms, live: run.live, jump: settings.reducedMotion })) : null;
  }, { immediate: true });

  /** Until the first client acts: a long set-up of servers is passed over, unless the user moves. */
  let opening = false;

  function skipSetUp(): void {
    const { story } = trace;
    const first = story.roles.find(({ kind }) => kind === 'client');
    if (first === undefined || first.facts.length === 0) return;
    opening = false;
    const begins = story.momentOfFact(first.facts.at(0));
    if (begins > LONG_SET_UP && head.value.position < begins) head.value = { ...reduce(head.value, { type: 'seek', position: begins }, story, axis.value), playing: head.value.playing };
  }

  /** A run starts: play it from its beginning as it comes, or stay at its newest moment. `pace`: what its lab begins with. */
  function begin(follow: boolean, pace?: LabPacing): void {
    suggested.value = { axis: pace?.axis ?? null, slowness: pace?.slowness };
    opening = !follow;
    head.value = { ...startingPlayhead(settings.values.speed, follow), playing: !follow };
  }

  /** The connection of what is selected, else of the newest moment on screen that has one. */
  function connection(): number | null {
    const { story } = trace;
    const chosen = selection.selection;
    const own = chosen.type === 'socket' ? (story.socket(sockId(chosen.id))?.conn ?? null) : null;
    if (own !== null) return own;
    const at = chosen.type === 'fact' ? story.momentOfFact(chosen.seq) : chosen.type === 'segment' ? story.momentOfSegment(chosen.id) : -1;
    for (let index = at >= 0 ? at : Math.floor(position.value) - 1; index >= 0; index--) {
      const { conn } = story.moments.at(index);
      if (conn !== null) return conn;
    }
    return story.connections.count > 0 ? story.connections.at(0).id : null;
  }

  function stepSame(by: 1 | -1): void {
    const conn = connection();
    if (conn !== null) ask({ type: 'stepOnConnection', conn, by });
  }

  /** Marks where the playhead stands, or takes the mark away. True when there is one now. */
  function toggleBookmark(): boolean {
    const here = Math.floor(position.value);
    const there = bookmarks.value.includes(here);
    bookmarks.value = there ? bookmarks.value.filter((mark) => mark !== here) : [...bookmarks.value, here].sort((a, b) => a - b);
    return !there;
  }

  /** Marks of a run that was opened. */
  const restoreBookmarks = (marks: readonly number[]): void => void (bookmarks.value = [...new Set(marks)].sort((a, b) => a - b));

  return {
    restoreBookmarks,
    position, happened, playing, following, speed, pacing, axis, bookmarks, moving, gated, moves, begin, stepSame, toggleBookmark,
    play: () => ask({ type: 'play' }),
    pause: () => apply({ type: 'pause' }),
    toggle: () => ask({ type: 'toggle' }),
    step: (by: 1 | -1) => ask({ type: 'step', by }),
    home: () => ask({ type: 'home' }),
    end: () => ask({ type: 'end' }),
    seek: (to: number) => ask({ type: 'seek', position: to }),
    runUntil: (moment: number) => ask({ type: 'runUntil', moment }),
    follow: (end: boolean) => ask({ type: 'follow', following: end }),
    setGate: (at: number | null) => apply({ type: 'gate', position: at }),
    changeSpeed: (chosen: number) => settings.update({ speed: chosen }),
    changePacing: (chosen: Pacing) => {
      suggested.value = { ...suggested.value, axis: null };
      settings.update({ pacing: chosen });
    },
    /** The next of the offered speeds. */
    shiftSpeed: (by: 1 | -1) => settings.update({ speed: nextSpeed(settings.values.speed, by) }),
  };
});
