// Main's end of the border to the engine: starts its worker thread, asks, passes on states and batches. When the thread ends without
// being asked, says so, rejects what waits for an answer, and starts a new thread at the next request.

import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { REQUESTS, type ReportedError, type RequestInput, type ShareState } from '../../shared/ipc/contract';
import type { Batch } from '../../shared/trace/columns';
import type { LabState } from './engine';
import { EngineError, reportError } from './engineError';
import { describeIssues, engineMessageSchema, openedRunSchema, type EngineMessage, type EngineRequest } from './messages';
import { PendingAnswers } from './pendingAnswers';
import type { RecordingWish } from './runFile/recording';

export interface EngineClientListeners {
  /** Batches of one run, in order. */
  onBatch(run: number, batch: Batch): void;
  onState(state: LabState): void;
  onShare?(state: ShareState): void;
  /** The thread ended without being asked, or sent what cannot be understood. The next request starts a new one. */
  onFailed(error: ReportedError): void;
}

/** ms that the engine has to close its sockets before its thread is ended. */
const DISPOSE_PATIENCE = 1_500;

/** A request without its number; distributes over the union. */
type Ask = EngineRequest extends infer R ? (R extends EngineRequest ? Omit<R, 'id'> : never) : never;

export class EngineClient {
  private worker: Worker | null = null;
  private readonly pending = new PendingAnswers();
  private nextRun = 1;
  private disposed = false;

  /** `script`: URL of the built worker.ts. The thread is started by the first request, or by warmUp(). */
  constructor(private readonly script: URL, private readonly listeners: EngineClientListeners) {}

  /** Starts the thread `after` ms, ahead of the first request. */
  warmUp(after: number): void {
    setTimeout(() => {
      if (!this.disposed) this.thread();
    }, after).unref();
  }

  /** Rejects with EngineError (code, message, where), as all requests do: LAB_UNKNOWN, LAB_PARAMETERS, RELAY_UNKNOWN, FAULT_INVALID, ENGINE_STOPPED. */
  async start(lab: string, params: RequestInput<'lab.start'>['params'], options: Pick<RequestInput<'lab.start'>, 'relays' | 'capture'> = {}): Promise<{ run: number }> {
    const started = v.parse(REQUESTS['lab.start'].output, await this.ask({ name: 'start', input: { lab, params, ...options } }));
    this.nextRun = Math.max(this.nextRun, started.run + 1);
    return started;
  }

  /** Rejects with RUN_BROKEN or an errno; facts of the file come as those of a run. */
  async open(path: string): Promise<v.InferOutput<typeof openedRunSchema>> {
    const opened = v.parse(openedRunSchema, await this.ask({ name: 'open', input: { path } }));
    this.nextRun = Math.max(this.nextRun, opened.run + 1);
    return opened;
  }

  /** Resolves with the number of facts that the file needs by fillRecording(). Rejects with RUN_UNKNOWN, RUN_STATE, RECORDING_BUSY or an errno. */
  async startRecording(run: number, wish: RecordingWish): Promise<{ facts: number }> {
    return v.parse(v.object({ facts: v.number() }), await this.ask({ name: 'startRecording', input: { run, wish } }));
  }

  /** The batch stays with who has it: it is copied. */
  async fillRecording(run: number, batch: Batch): Promise<void> {
    await this.ask({ name: 'fillRecording', input: { run, batch: { ...batch, dict: [...batch.dict] } } });
  }

  async noteRecording(input: RequestInput<'record.note'>): Promise<void> {
    await this.ask({ name: 'noteRecording', input });
  }

  /** Resolves when its file is whole. */
  async stopRecording(input: RequestInput<'record.stop'>): Promise<void> {
    await this.ask({ name: 'stopRecording', input });
  }

  /** Resolves when the run's ports are free. */
  async stop(run: number): Promise<void> {
    await this.ask({ name: 'stop', input: { run } });
  }

  async act(run: number, action: string, args: RequestInput<'role.act'>['args']): Promise<void> {
    await this.ask({ name: 'act', input: { run, action, args } });
  }

  async setRelay(input: RequestInput<'relay.set'>): Promise<void> {
    await this.ask({ name: 'setRelay', input });
  }

  async setCapture(input: RequestInput<'capture.set'>): Promise<void> {
    await this.ask({ name: 'setCapture', input });
  }

  async cutRelay(input: RequestInput<'relay.cut'>): Promise<void> {
    await this.ask({ name: 'cutRelay', input });
  }

  async share(input: RequestInput<'share.start'>): Promise<ShareState> {
    return v.parse(REQUESTS['share.start'].output, await this.ask({ name: 'share', input }));
  }

  /** Resolves when every door to the LAN is closed. */
  async unshare(run: number): Promise<void> {
    await this.ask({ name: 'unshare', input: { run } });
  }

  async join(input: RequestInput<'share.join'>): Promise<ShareState> {
    return v.parse(REQUESTS['share.join'].output, await this.ask({ name: 'join', input }));
  }

  async leave(run: number): Promise<void> {
    await this.ask({ name: 'leave', input: { run } });
  }

  /** Stops what runs and ends the thread. Later requests are rejected. */
  async dispose(): Promise<void> {
    this.disposed = true;
    const worker = this.worker;
    if (worker === null) return;
    const timer = setTimeout(() => void worker.terminate(), DISPOSE_PATIENCE);
    try {
      await this.post(worker, { name: 'dispose' });
    } catch {
      // It ended before it could answer, which is what is wanted.
    } finally {
      clearTimeout(timer);
      await worker.terminate();
    }
  }

  private async ask(request: Ask): Promise<unknown> {
    if (this.disposed) throw new EngineError('ENGINE_STOPPED', 'the engine was ended', request.name);
    return this.post(this.thread(), request);
  }

  private post(worker: Worker, request: Ask): Promise<unknown> {
    return this.pending.ask((id) => worker.postMessage({ id, ...request }));
  }

  private thread(): Worker {
    if (this.worker !== null) return this.worker;
    // A thread has no arguments of its process: programs of the installed app need to know this one (process/launch.ts).
    const argv = process.argv.filter((word) => word === '--no-sandbox');
    const worker = new Worker(this.script, { name: 'engine', argv, workerData: { firstRun: this.nextRun } });
    let cause: unknown = null;
    worker.on('message', (given: unknown) => this.hear(given));
    worker.on('messageerror', (error) => this.listeners.onFailed(reportError(error, 'engine')));
    worker.on('error', (error) => (cause = error));
    worker.on('exit', (status) => this.ended(worker, cause ?? new EngineError('ENGINE_STOPPED', `the engine's thread ended with status ${status}`, 'engine')));
    this.worker = worker;
    return worker;
  }

  private hear(given: unknown): void {
    const checked = v.safeParse(engineMessageSchema, given);
    if (checked.success) this.take(checked.output);
    else this.listeners.onFailed({ code: 'ENGINE_MESSAGE', message: describeIssues(checked.issues), where: 'engine' });
  }

  private take(message: EngineMessage): void {
    switch (message.type) {
      case 'batch':
        this.nextRun = Math.max(this.nextRun, message.run + 1);
        return this.listeners.onBatch(message.run, message.batch);
      case 'state':
        this.nextRun = Math.max(this.nextRun, message.state.run + 1);
        return this.listeners.onState(message.state);
      case 'share':
        return this.listeners.onShare?.(message.state);
      case 'answer':
        return this.pending.answer(message.id, message.value);
      case 'error':
        return this.pending.refuse(message.id, message.error);
      default:
        message satisfies never;
    }
  }

  private ended(worker: Worker, cause: unknown): void {
    if (this.worker === worker) this.worker = null;
    const { code, message } = reportError(cause);
    this.pending.end({ code: 'ENGINE_STOPPED', message, where: 'engine' });
    if (!this.disposed) this.listeners.onFailed({ code, message, where: 'engine' });
  }
}
