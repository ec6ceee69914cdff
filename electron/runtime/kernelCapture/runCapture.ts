// The capture of one run, from its start to its end or as often as the user turns it on and off, as the run's state tells it. A run goes on without
// it when it cannot be had.

import type { CaptureState } from '../../../shared/ipc/contract';
import type { Recorder } from '../../capture/recorder';
import { reportProblem } from './captureProblem';
import { captureRun, type CaptureOptions, type KernelCapture } from './kernelCapture';

const OFF: CaptureState = { on: false, packets: 0, missed: 0, error: null };

export class RunCapture {
  state: CaptureState = OFF;
  private capture: KernelCapture | null = null;
  private stopped = false;
  /** Missing since before the capture that runs. */
  private missed = 0;
  /** One change after the other. */
  private changing: Promise<void> = Promise.resolve();

  /** `onChange`: `state` has changed. */
  constructor(private readonly recorder: Recorder, private readonly onChange: () => void) {}

  /** Resolves when it records, or when it is known that it cannot. */
  start(options: CaptureOptions): Promise<void> {
    return (this.changing = this.changing.then(() => this.begin(options)));
  }

  /** Resolves when everything that was captured is in the trace; it may start again. */
  pause(): Promise<void> {
    return (this.changing = this.changing.then(() => this.end()));
  }

  /** The same, for good. */
  stop(): Promise<void> {
    this.stopped = true;
    return this.pause();
  }

  private async begin(options: CaptureOptions): Promise<void> {
    if (this.stopped || this.capture !== null) return;
    try {
      this.missed = this.state.missed;
      const capture = await captureRun(this.recorder, { ...options, onMissed: (missed) => this.tell(missed) });
      this.capture = capture;
      this.state = { ...this.state, on: true, error: null };
      void capture.failed.then((error) => this.lost(capture, error));
    } catch (thrown) {
      this.state = { ...this.state, on: false, error: reportProblem(thrown) };
    }
    this.onChange();
  }

  private async end(): Promise<void> {
    const { capture } = this;
    if (capture === null) return;
    this.capture = null;
    const { packets, missed } = await capture.stop();
    this.state = { ...this.state, on: false, packets: this.state.packets + packets, missed: this.missed + missed };
    this.onChange();
  }

  private tell(missed: number): void {
    this.state = { ...this.state, missed: this.missed + missed };
    this.onChange();
  }

  /** It has ended by itself. */
  private async lost(capture: KernelCapture, thrown: unknown): Promise<void> {
    if (this.stopped || this.capture !== capture) return;
    this.state = { ...this.state, error: reportProblem(thrown, capture.tool) };
    await this.pause();
  }
}
