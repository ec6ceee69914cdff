// Main's end of an open capture: a worker thread for each file, that answers questions and can be killed. When it ends without being asked
// (a fault, no memory), what waits for an answer is rejected and the owner is told; main and the window go on.

import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CaptureAnswers, CaptureFileState, CaptureQuestion } from '../../shared/ipc/captureContract';
import type { ReportedError } from '../../shared/ipc/contract';
import type { CaptureSummary, StagedRun, ViewState } from '../../shared/packets/session';
import { EngineError, reportError } from '../runtime/engineError';
import { PendingAnswers } from '../runtime/pendingAnswers';
import type { SessionData, SessionMessage, SessionRequest } from './sessionMessages';

/** MiB of heap that a worker may take: columns and bytes lie outside of it. */
const HEAP = 3_072;

export class SessionClient {
  private readonly worker: Worker;
  private readonly pending = new PendingAnswers();
  private summary: CaptureSummary;
  private view: ViewState | null = null;
  private error: ReportedError | null = null;
  private disposed = false;

  /** `script`: URL of the built sessionWorker.ts. `capture`: number of this capture. `tell` is called with each state. */
  constructor(script: URL, private readonly capture: number, readonly path: string, private readonly tell: (state: CaptureFileState) => void) {
    const name = basename(path);
    this.summary = nothingRead(name);
    this.worker = new Worker(script, { name: `capture ${capture}`, workerData: { path, name } satisfies SessionData, resourceLimits: { maxOldGenerationSizeMb: HEAP } });
    let cause: unknown = null;
    this.worker.on('message', (message: SessionMessage) => this.hear(message));
    this.worker.on('error', (thrown) => (cause = thrown));
    this.worker.on('exit', (status) => this.ended(cause, status));
  }

  get state(): CaptureFileState {
    return { capture: this.capture, summary: this.summary, view: this.view, error: this.error };
  }

  /** Rejects with EngineError: code, message, where. SESSION_ENDED when the worker is gone. */
  ask<N extends CaptureQuestion['name']>(question: Extract<CaptureQuestion, { name: N }>): Promise<CaptureAnswers[N]> {
    return this.post(question) as Promise<CaptureAnswers[N]>;
  }

  /** Packets of a view as a run file; its folder is the caller's to remove. Rejects as `ask`, and with NOTHING_TO_PLAY. */
  stage(view: number): Promise<StagedRun> {
    return this.post({ name: 'stage', view }) as Promise<StagedRun>;
  }

  private post(question: SessionRequest['question']): Promise<unknown> {
    if (this.disposed || this.error !== null) return Promise.reject(new EngineError(this.error?.code ?? 'SESSION_ENDED', this.error?.message ?? 'the file is closed', this.summary.name));
    return this.pending.ask((id) => this.worker.postMessage({ id, question } satisfies SessionRequest));
  }

  /** Ends the worker at once, whatever it does. */
  async dispose(): Promise<void> {
    this.disposed = true;
    await this.worker.terminate();
  }

  private hear(message: SessionMessage): void {
    switch (message.type) {
      case 'state':
        this.summary = message.summary;
        this.view = message.view;
        this.error = message.error;
        if (!this.disposed) this.tell(this.state);
        return;
      case 'answer':
        return this.pending.answer(message.id, message.value);
      case 'error':
        return this.pending.refuse(message.id, message.error);
      default:
        message satisfies never;
    }
  }

  private ended(cause: unknown, status: number): void {
    const { code, message } = cause === null ? { code: 'SESSION_ENDED', message: `the reader of the file ended with status ${status}` } : reportError(cause);
    this.error ??= { code: code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'SESSION_MEMORY' : 'SESSION_ENDED', message, where: this.summary.name };
    this.pending.end(this.error);
    if (this.disposed) return;
    this.summary = { ...this.summary, state: 'failed' };
    this.tell(this.state);
  }
}

const nothingRead = (name: string): CaptureSummary => ({
  name, size: 0, read: 0, state: 'reading', format: 'pcapng', gzip: false, packets: 0, flows: 0, bytes: 0, first: null, last: null, interfaces: [], comments: [], application: '',
  damage: null, keys: false, run: false, retold: 0,
});
