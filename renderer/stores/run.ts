// The run of a lab, as main tells it: starting, running, open (its script is over, its servers listen), stopped, failed.
// Starts, stops and acts on it. A run that was opened from a file is shown in its place, and is over. The facts themselves come to the trace store.

import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { CaptureState, PushPayload, RecordingState, RelayStarts, RelayState, ReportedError } from '../../shared/ipc/contract';
import type { OpenedRun } from '../../shared/ipc/fileContract';
import type { FaultValues } from '../../shared/lab/faults';
import type { LiveEndpoint, ParameterValues } from '../../shared/lab/manifest';
import type { Story } from '../../shared/trace/story';
import { onPush, reported, request } from '../bridge/bridge';

export type RunPhase = 'none' | 'starting' | 'running' | 'open' | 'stopped' | 'failed';

export const useRun = defineStore('run', () => {
  const phase = shallowRef<RunPhase>('none');
  const run = shallowRef<number | null>(null);
  const lab = shallowRef<string | null>(null);
  /** The parameters that the shown run was started with. */
  const params = shallowRef<ParameterValues>({});
  const endpoints = shallowRef<readonly LiveEndpoint[]>([]);
  /** Its relays that run now. */
  const relays = shallowRef<readonly RelayState[]>([]);
  /** The kernel's packets; null: not asked for. */
  const capture = shallowRef<CaptureState | null>(null);
  /** The file that it is recorded into, or was until that stopped; null: none. */
  const recording = shallowRef<RecordingState | null>(null);
  /** The file that the shown run was opened from; null: it happened here. */
  const file = shallowRef<OpenedRun | null>(null);
  const error = shallowRef<ReportedError | null>(null);
  /** What went wrong with the last change of a relay; the run goes on. */
  const relayError = shallowRef<ReportedError | null>(null);
  /** What went wrong with the last action; the run goes on. */
  const actionError = shallowRef<ReportedError | null>(null);
  /** Counts starts: a late answer of an older one is not for us. */
  let attempt = 0;
  /** Newest run that is over for us: what is still said of it is late. */
  let past = 0;
  /** Known from its facts alone so far: main has said nothing of it to this page. */
  let adopted = false;

  const live = computed(() => phase.value === 'starting' || phase.value === 'running' || phase.value === 'open');
  const busy = computed(() => phase.value === 'starting' || phase.value === 'running');

  /** `given`: what its relays begin with instead of what the lab says. `packets`: record the kernel's too. */
  async function start(id: string, values: ParameterValues, given: RelayStarts = {}, packets = false): Promise<void> {
    const mine = ++attempt;
    adopted = false;
    await stop();
    if (mine !== attempt) return;
    past = Math.max(past, run.value ?? 0);
    phase.value = 'starting';
    file.value = null;
    run.value = null;
    lab.value = id;
    params.value = values;
    endpoints.value = [];
    error.value = null;
    actionError.value = null;
    relays.value = [];
    capture.value = null;
    recording.value = null;
    relayError.value = null;
    try {
      const started = await request('lab.start', { lab: id, params: { ...values }, ...(Object.keys(given).length > 0 && { relays: given }), ...(packets && { capture: true }) });
      if (mine !== attempt) await request('lab.stop', started);
      else run.value ??= started.run;
    } catch (failure) {
      if (mine !== attempt) return;
      error.value = reported(failure);
      phase.value = 'failed';
    }
  }

  /** Ends the run, if one is alive; what it recorded stays. */
  async function stop(): Promise<void> {
    const current = run.value;
    if (phase.value === 'starting' && current === null) attempt++;
    if (live.value) phase.value = 'stopped';
    if (current === null) return;
    try {
      await request('lab.stop', { run: current });
    } catch {
      // It had already ended: that is what was wanted.
    }
  }

  async function act(action: string, args: ParameterValues): Promise<void> {
    if (run.value === null) return;
    actionError.value = null;
    try {
      await request('role.act', { run: run.value, action, args: { ...args } });
    } catch (failure) {
      actionError.value = reported(failure);
    }
  }

  /** Records the kernel's packets of the run from now on, or no longer; what comes of it, `capture` tells. */
  async function setCapture(on: boolean): Promise<void> {
    if (run.value === null || !live.value) return;
    try {
      await request('capture.set', { run: run.value, on });
    } catch (failure) {
      actionError.value = reported(failure);
    }
  }

  /** Changes what a relay does from now on. */
  const setRelay = (relay: string, faults: FaultValues): Promise<void> => askRelay((number) => request('relay.set', { run: number, relay, faults: { ...faults } }));
  /** Ends the connections that pass it now. */
  const cutRelay = (relay: string, how: 'cut' | 'reset'): Promise<void> => askRelay((number) => request('relay.cut', { run: number, relay, how }));

  async function askRelay(ask: (run: number) => Promise<void>): Promise<void> {
    if (run.value === null) return;
    relayError.value = null;
    try {
      await ask(run.value);
    } catch (failure) {
      relayError.value = reported(failure);
    }
  }

  function hear(state: PushPayload<'lab.state'>): void {
    // A push can be here before the answer of lab.start; one of an older run is late, and none of ours begins by stopping.
    if (run.value === null && state.state === 'stopped') return;
    if (run.value === null ? phase.value !== 'starting' || state.lab !== lab.value || state.run <= past : state.run !== run.value) return;
    adopted = false;
    run.value = state.run;
    endpoints.value = state.endpoints;
    relays.value = state.relays;
    capture.value = state.capture;
    recording.value = state.recording ?? null;
    error.value = state.error;
    if (phase.value !== 'stopped' || state.state === 'failed') phase.value = state.state;
  }

  /** A file's run takes the place of what was shown; main has stopped that. What it was started with, its facts tell. */
  function open(opened: OpenedRun, of: string): void {
    attempt++;
    past = Math.max(past, opened.run);
    file.value = opened;
    phase.value = 'stopped';
    run.value = opened.run;
    lab.value = of;
    params.value = {};
    endpoints.value = [];
    relays.value = [];
    capture.value = null;
    recording.value = null;
    error.value = actionError.value = relayError.value = null;
    adopted = true;
  }

  /** Takes over a run that main has and this page does not know: the page was reloaded. Where it stands, its facts tell. */
  function adopt(number: number, told: NonNullable<Story['lab']>): void {
    if (phase.value !== 'none' && !adopted) return;
    adopted = true;
    run.value = number;
    params.value = plainValues(told.params);
    if (file.value?.run === number) return;
    lab.value = told.id;
    phase.value = told.outcome === 'reached' ? 'open' : told.outcome;
  }

  function connect(): void {
    onPush('lab.state', hear);
    onPush('engine.failed', (failure) => {
      error.value = failure;
      phase.value = 'failed';
      if (recording.value?.on === true) recording.value = { ...recording.value, on: false, error: failure };
    });
  }

  return { phase, run, file, lab, params, endpoints, relays, capture, recording, error, actionError, relayError, live, busy, start, stop, act, setCapture, setRelay, cutRelay, hear, adopt, open, connect };
});

/** Parameters as facts have them, which may come from anybody's file. */
const plainValues = (given: Readonly<Record<string, unknown>>): ParameterValues =>
  Object.fromEntries(Object.entries(given).filter((pair): pair is [string, string | number | boolean] => ['string', 'number', 'boolean'].includes(typeof pair[1])));
