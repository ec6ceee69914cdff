// The engine: all labs, one run at a time, its facts in batches. Lives in a worker thread of the app (worker.ts) or in the command
// line's own process. Requests come in, states and batches go out; it never throws at its listeners for what a program did. A run may be
// recorded into a file on the way, and a file's run takes the place of a live one.

import type { LanPlace, PushPayload, RelayStarts, ReportedError, RequestInput, ShareState } from '../../shared/ipc/contract';
import { hostsOf } from '../../shared/lab/hosts';
import { LIMITS } from '../../shared/trace/limits';
import type { Batch } from '../../shared/trace/columns';
import { createClock } from '../capture/clock';
import { createNetwork } from '../capture/network';
import { Recorder } from '../capture/recorder';
import type { FoundLab } from './discovery';
import { EngineError, reportError } from './engineError';
import { labParams } from './labParams';
import { LabRun } from './labRunner';
import { checkRelayStarts } from './relay/runRelays';
import type { RunNotes } from '../../shared/trace/runFile/meta';
import { readRunFile, type ReadRun } from './runFile/readRunFile';
import { RunRecording, type RecordingWish } from './runFile/recording';
import { DoorBook } from './share/doorBook';
import { lanPlaces } from './share/lan';
import { Sharing, type JoinRequest, type ShareRequest } from './share/sharing';
import { SocketSampler } from './socketTable/sampler';

export type LabState = PushPayload<'lab.state'>;

export interface EngineListeners {
  /** Batches of one run, in order; facts of a run come before the state that follows from them. */
  onBatch(run: number, batch: Batch): void;
  onState(state: LabState): void;
  /** What is shared on the LAN has changed. Without a listener nobody could mark it: then nothing can be shared. */
  onShare?(state: ShareState): void;
}

export interface StartOptions {
  /** 'serve' starts the servers and no script. Default 'play'. */
  readonly mode?: 'play' | 'serve';
  /** ms that the script may take. Default: no bound. */
  readonly timeout?: number;
  /** What relays begin with instead of what the lab says. */
  readonly relays?: RelayStarts;
  /** Record the kernel's packets too; the state's `capture` tells whether it is done. */
  readonly capture?: boolean;
  /** Record the run into a file; the state's `recording` tells how it goes. Rejected with the errno when the file cannot be made. */
  readonly record?: RecordingWish;
}

/** A run that was opened: its number, and what its file says. */
export type OpenedRunFile = ReadRun & { readonly run: number };

interface Current {
  readonly id: number;
  readonly run: LabRun;
  readonly sharing: Sharing;
  /** Into a file, now or until it stopped. */
  recording: RunRecording | null;
  /** Facts that were handed on. */
  told: number;
  tell(): void;
}

export class Engine {
  private current: Current | null = null;
  private starting: Promise<unknown> = Promise.resolve();
  private readonly byId: ReadonlyMap<string, FoundLab>;

  /** `nextRun`: the number of its first run; a restarted engine goes on counting. `places`: for tests, others than this machine's. */
  constructor(private readonly labs: readonly FoundLab[], private readonly listeners: EngineListeners, private nextRun = 1, private readonly places: () => readonly LanPlace[] = lanPlaces) {
    this.byId = new Map(labs.map((found) => [found.lab.manifest.id, found]));
  }

  /**
   * Starts a lab, after stopping the one that runs. Resolves with the new run's number before its first state or fact.
   * Rejects with LAB_UNKNOWN, LAB_PARAMETERS, RELAY_UNKNOWN or FAULT_INVALID; then what runs goes on.
   */
  start(lab: string, params: Readonly<Record<string, unknown>>, options: StartOptions = {}): Promise<{ run: number }> {
    const begun = this.starting.then(() => this.begin(lab, params, options));
    this.starting = begun.catch(() => undefined);
    return begun;
  }

  /**
   * Opens a run file in the place of what runs, which is stopped; its facts go to the listeners as those of a run of its own. Rejects with RUN_BROKEN
   * or an errno; then what runs goes on.
   */
  open(path: string): Promise<OpenedRunFile> {
    const opened = this.starting.then(() => this.read(path));
    this.starting = opened.catch(() => undefined);
    return opened;
  }

  /** Stops a run; its ports are free when this resolves. A run that is over already is no error. */
  async stop(run: number): Promise<void> {
    if (this.current?.id === run) await this.end(this.current);
  }

  /** Performs an action of the lab. Rejects with RUN_UNKNOWN, and as LabRun.act does. */
  async act(run: number, action: string, args: Readonly<Record<string, unknown>>): Promise<void> {
    await this.running(run, action).act(action, args);
  }

  /** Changes what a relay does from now on. Throws RUN_UNKNOWN, RUN_STATE, RELAY_UNKNOWN, FAULT_INVALID. */
  setRelay({ run, relay, faults }: RequestInput<'relay.set'>): void {
    this.running(run, relay).withRelays((relays) => relays.set(relay, faults));
  }

  /** Records the kernel's packets from now on, or no longer. Rejects with RUN_UNKNOWN, RUN_STATE. */
  async setCapture({ run, on }: RequestInput<'capture.set'>): Promise<void> {
    await this.running(run, 'capture').setCapture(on);
  }

  /**
   * Records the run into a file, from its first fact on. Resolves with the number of facts that were told before: who has them must tell them again
   * by fillRecording(), in order. Rejects with RUN_UNKNOWN, RUN_STATE, RECORDING_BUSY, and with the errno when the file cannot be made.
   */
  async startRecording(run: number, wish: RecordingWish): Promise<{ facts: number }> {
    const current = this.recordable(run);
    const recording = await RunRecording.open(wish, current.run.manifest.id);
    try {
      this.recordable(run);
    } catch (thrown) {
      await recording.finish();
      throw thrown;
    }
    recording.onChange = current.tell;
    recording.begunAfter(current.told);
    current.recording = recording;
    current.tell();
    return { facts: current.told };
  }

  /** Facts of before. Throws RUN_UNKNOWN. */
  fillRecording(run: number, batch: Batch): void {
    this.currently(run, 'recording').recording?.add(batch);
  }

  /** What the user answered and marked so far: it is in the file's end. Of a run that is not recorded nothing is kept. */
  noteRecording(run: number, notes: RunNotes): void {
    if (this.current?.id === run && this.current.recording !== null) this.current.recording.notes = notes;
  }

  /** Its file is whole when this resolves; the run goes on. */
  async stopRecording(run: number): Promise<void> {
    if (this.current?.id === run) await this.current.recording?.finish();
  }

  /** Ends the connections that pass a TCP relay now. Throws as setRelay. */
  cutRelay({ run, relay, how }: RequestInput<'relay.cut'>): void {
    this.running(run, relay).withRelays((relays) => relays.cut(relay, how));
  }

  /** Opens doors to the LAN, as the user has agreed. Rejects with RUN_UNKNOWN, RUN_STATE, and as Sharing.start does. */
  async share(run: number, request: ShareRequest): Promise<ShareState> {
    return (await this.shared(run)).start(request);
  }

  /** Closes them. A run that is over has none. */
  async unshare(run: number): Promise<void> {
    if (this.current?.id === run) await this.current.sharing.stop();
  }

  /** Puts a server of another machine in the place of one of the lab's. Rejects with RUN_UNKNOWN, RUN_STATE, and as Sharing.join does. */
  async join(run: number, request: JoinRequest): Promise<ShareState> {
    return (await this.shared(run)).join(request);
  }

  async leave(run: number): Promise<void> {
    if (this.current?.id === run) await this.current.sharing.leave();
  }

  /** An error that no program caught, whosever it is: ends the run, so that nobody trusts it; the engine goes on. */
  fault(thrown: unknown): void {
    const { id = '' } = this.current?.run.manifest ?? {};
    void this.current?.run.fail(reportError(thrown, id));
  }

  async dispose(): Promise<void> {
    await this.starting;
    if (this.current !== null) await this.end(this.current);
  }

  /** Its file is whole when this resolves. */
  private async end({ run, recording }: Current): Promise<void> {
    await run.stop();
    await recording?.finish();
  }

  private async read(path: string): Promise<OpenedRunFile> {
    let run = 0;
    const opened = await readRunFile(path, (batch) => this.listeners.onBatch(run, batch), async () => {
      if (this.current !== null) await this.end(this.current);
      this.current = null;
      run = this.nextRun++;
    });
    return { ...opened, run };
  }

  private currently(id: number, where: string): Current {
    if (this.current?.id !== id) throw new EngineError('RUN_UNKNOWN', `run ${id} is over`, where);
    return this.current;
  }

  private running(id: number, where: string): LabRun {
    return this.currently(id, where).run;
  }

  /** A run of which something may still be recorded, and nothing is. */
  private recordable(id: number): Current {
    const current = this.currently(id, 'recording');
    const { state, manifest } = current.run;
    if (state === 'stopped' || state === 'failed') throw new EngineError('RUN_STATE', `lab ${manifest.id} is ${state}`, manifest.id);
    if (current.recording?.state.on === true) throw new EngineError('RECORDING_BUSY', 'this run is being recorded already', 'recording');
    return current;
  }

  private async shared(id: number): Promise<Sharing> {
    await this.starting;
    if (this.current?.id !== id) throw new EngineError('RUN_UNKNOWN', `run ${id} is over`, 'share');
    const { run, sharing } = this.current;
    if (this.listeners.onShare === undefined) throw new EngineError('SHARE_STATE', 'nothing is shared where it cannot be marked', 'share');
    if (run.state !== 'running' && run.state !== 'open') throw new EngineError('RUN_STATE', `lab ${run.manifest.id} is ${run.state}`, run.manifest.id);
    return sharing;
  }

  private async begin(lab: string, params: Readonly<Record<string, unknown>>, options: StartOptions): Promise<{ run: number }> {
    const found = this.byId.get(lab);
    if (found === undefined) throw new EngineError('LAB_UNKNOWN', `no lab ${JSON.stringify(lab.slice(0, 64))}; there are: ${[...this.byId.keys()].join(', ')}`);
    const values = labParams(found.lab, params);
    checkRelayStarts(found.lab.manifest, options.relays ?? {});
    let tell = (): void => undefined;
    const { record } = options;
    const recording = record === undefined ? null : await RunRecording.open(record, lab);
    if (recording !== null) recording.onChange = () => tell();
    if (this.current !== null) await this.end(this.current);
    const id = this.nextRun++;
    const recorder = new Recorder({
      clock: createClock(),
      // A late fact of a run that was replaced must not reach a page that already reads the next one.
      onBatch: (batch) => {
        const current = this.current;
        if (current?.id !== id) return;
        current.told = batch.first + batch.count;
        current.recording?.add(batch);
        this.listeners.onBatch(id, batch);
      },
      onFull: () => void run.fail(traceFull(lab)),
    });
    const sampler = new SocketSampler({ recorder, addresses: hostsOf(found.lab.manifest).map(({ address }) => address) });
    const book = new DoorBook();
    const run: LabRun = new LabRun({
      lab: found.lab, params: values, recorder, mode: options.mode ?? 'play',
      ...(options.timeout !== undefined && { timeout: options.timeout }), ...(options.relays !== undefined && { relays: options.relays }), ...(options.capture !== undefined && { capture: options.capture }),
      network: (host, role) => createNetwork(recorder, { host: host.id, role, address: host.address }),
      doors: book,
      watch: (ports) => sampler.watch(ports),
      onChange: ({ state }) => {
        if (state === 'stopped' || state === 'failed') {
          sampler.stop();
          if (this.current?.id === id) void this.current.recording?.finish();
        }
        tell();
        if (this.current?.id === id) sharing.refresh();
      },
    });
    tell = () => {
      if (this.current?.id !== id) return;
      const { state, endpoints, relayStates, packets, error } = run;
      const file = this.current.recording;
      this.listeners.onState({ run: id, lab, state, endpoints: [...endpoints], relays: [...relayStates], capture: packets.state, error, ...(file !== null && { recording: file.state }) });
    };
    const ids = new Map<string, number>();
    const sharing = new Sharing({
      id, book, recorder, lab: run, swarm: found.lab.swarm, places: this.places,
      freshId: (stem) => {
        const count = (ids.get(stem) ?? 0) + 1;
        ids.set(stem, count);
        return count === 1 ? stem : `${stem}-${count}`;
      },
      onChange: (state) => this.listeners.onShare?.(state),
    });
    this.current = { id, run, sharing, recording, told: 0, tell: () => tell() };
    sampler.start();
    setImmediate(() => run.start());
    return { run: id };
  }
}

const traceFull = (lab: string): ReportedError => ({
  code: 'TRACE_FULL', message: `the trace holds ${LIMITS.events} facts, which is all that it may; recording has stopped`, where: lab,
});
