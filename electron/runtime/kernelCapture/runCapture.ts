// The capture of one run, from its start to its end, as its state tells it. A run goes on without it when it cannot be had.

import type { CaptureState } from '../../../shared/ipc/contract';
import type { Recorder } from '../../capture/recorder';
import { reportError } from '../engineError';
import type { HostPlan } from '../hosts';
import { captureRun, type KernelCapture } from './kernelCapture';

const OFF: CaptureState = { on: false, packets: 0, missed: 0, error: null };

export class RunCapture {
  state: CaptureState = OFF;
  private capture: KernelCapture | null = null;
  private stopped = false;

  /** `onChange`: `state` has changed. */
  constructor(private readonly recorder: Recorder, private readonly onChange: () => void) {}

  /** Resolves when it records, or when it is known that it cannot. */
  async start(plan: HostPlan): Promise<void> {
    try {
      this.capture = await captureRun(this.recorder, plan);
      this.state = { ...OFF, on: true };
      if (this.stopped) return void (await this.stop());
      void this.capture.failed.then((error) => this.lost(error));
    } catch (thrown) {
      this.lost(thrown);
      return;
    }
    this.onChange();
  }

  /** Resolves when everything that was captured is in the trace. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.capture === null) return;
    const { packets, missed } = await this.capture.stop();
    this.state = { ...this.state, on: false, packets, missed };
  }

  private lost(thrown: unknown): void {
    if (this.stopped) return;
    this.state = { ...this.state, on: false, error: reportError(thrown, 'tcpdump') };
    this.onChange();
  }
}
