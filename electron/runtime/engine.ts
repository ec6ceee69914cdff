// The engine: all labs, one run at a time, its facts in batches. Lives in a worker thread of the app (worker.ts) or in the command
// line's own process. Requests come in, states and batches go out; it never throws at its listeners for what a program did.

import type { PushPayload, ReportedError } from '../../shared/ipc/contract';
import { encodeBundles } from '../../shared/lab/bundle';
import { LIMITS } from '../../shared/trace/limits';
import type { Batch } from '../../shared/trace/columns';
import { createClock } from '../capture/clock';
import { createNetwork } from '../capture/network';
import { Recorder } from '../capture/recorder';
import { bundlesOf, type FoundLab } from './discovery';
import { EngineError, reportError } from './engineError';
import { LabRun, labParams } from './labRunner';

export type LabState = PushPayload<'lab.state'>;

export interface EngineListeners {
  /** Batches of one run, in order; facts of a run come before the state that follows from them. */
  onBatch(run: number, batch: Batch): void;
  onState(state: LabState): void;
}

export interface StartOptions {
  /** 'serve' starts the servers and no script. Default 'play'. */
  readonly mode?: 'play' | 'serve';
  /** ms that the script may take. Default: no bound. */
  readonly timeout?: number;
}

interface Current {
  readonly id: number;
  readonly run: LabRun;
}

export class Engine {
  private current: Current | null = null;
  private starting: Promise<unknown> = Promise.resolve();
  private readonly byId: ReadonlyMap<string, FoundLab>;

  /** `firstRun`: the number of its first run; a restarted engine goes on counting. */
  constructor(private readonly labs: readonly FoundLab[], private readonly listeners: EngineListeners, private nextRun = 1) {
    this.byId = new Map(labs.map((found) => [found.lab.manifest.id, found]));
  }

  /** JSON of all LabBundles (shared/lab/bundle.ts). */
  list(): string {
    return encodeBundles(bundlesOf(this.labs));
  }

  /**
   * Starts a lab, after stopping the one that runs. Resolves with the new run's number before its first state or fact.
   * Rejects with LAB_UNKNOWN or LAB_PARAMETERS; then what runs goes on.
   */
  start(lab: string, params: Readonly<Record<string, unknown>>, options: StartOptions = {}): Promise<{ run: number }> {
    const begun = this.starting.then(() => this.begin(lab, params, options));
    this.starting = begun.catch(() => undefined);
    return begun;
  }

  /** Stops a run; its ports are free when this resolves. A run that is over already is no error. */
  async stop(run: number): Promise<void> {
    if (this.current?.id === run) await this.current.run.stop();
  }

  /** Performs an action of the lab. Rejects with RUN_UNKNOWN, and as LabRun.act does. */
  async act(run: number, action: string, args: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.current?.id !== run) throw new EngineError('RUN_UNKNOWN', `run ${run} is over`, action);
    await this.current.run.act(action, args);
  }

  /** An error that no program caught, whosever it is: ends the run, so that nobody trusts it; the engine goes on. */
  fault(thrown: unknown): void {
    const { id = '' } = this.current?.run.manifest ?? {};
    void this.current?.run.fail(reportError(thrown, id));
  }

  async dispose(): Promise<void> {
    await this.starting;
    await this.current?.run.stop();
  }

  private async begin(lab: string, params: Readonly<Record<string, unknown>>, options: StartOptions): Promise<{ run: number }> {
    const found = this.byId.get(lab);
    if (found === undefined) throw new EngineError('LAB_UNKNOWN', `no lab ${JSON.stringify(lab.slice(0, 64))}; there are: ${[...this.byId.keys()].join(', ')}`);
    const values = labParams(found.lab, params);
    await this.current?.run.stop();
    const id = this.nextRun++;
    const recorder = new Recorder({
      clock: createClock(),
      // A late fact of a run that was replaced must not reach a page that already reads the next one.
      onBatch: (batch) => {
        if (this.current?.id === id) this.listeners.onBatch(id, batch);
      },
      onFull: () => void run.fail(traceFull(lab)),
    });
    const run: LabRun = new LabRun({
      lab: found.lab, params: values, recorder, mode: options.mode ?? 'play',
      ...(options.timeout !== undefined && { timeout: options.timeout }),
      network: (host, role) => createNetwork(recorder, { host: host.id, role, address: host.address }),
      onChange: ({ state, endpoints, error }) => {
        if (this.current?.id === id) this.listeners.onState({ run: id, lab, state, endpoints: [...endpoints], error });
      },
    });
    this.current = { id, run };
    setImmediate(() => run.start());
    return { run: id };
  }
}

const traceFull = (lab: string): ReportedError => ({
  code: 'TRACE_FULL', message: `the trace holds ${LIMITS.events} facts, which is all that it may; recording has stopped`, where: lab,
});
