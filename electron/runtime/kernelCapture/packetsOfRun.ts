// The kernel's packets of a run as its lab and its user ask for them: of its hosts, or of ports that the lab watches instead, from the start or from
// some moment on. Joins the capture to the programs' names.

import type { CaptureState } from '../../../shared/ipc/contract';
import type { Recorder } from '../../capture/recorder';
import { EngineError } from '../engineError';
import type { HostPlan } from '../hosts';
import type { Namer } from '../programNames/namer';
import { filterOf, filterOfPorts, type CaptureOptions } from './kernelCapture';
import { RunCapture } from './runCapture';

export interface PacketsOptions {
  readonly recorder: Recorder;
  readonly namer: Namer;
  /** From the start. */
  readonly asked: boolean;
  /** The state has changed. */
  readonly changed: () => void;
  /** Told of ports whose sockets belong to the run from now on. */
  readonly watch?: (ports: readonly number[]) => void;
}

export class PacketsOfRun {
  private readonly capture: RunCapture;
  private asked: boolean;
  private watched: readonly number[] | null = null;
  private plan: HostPlan = { hosts: [], endpoints: new Map() };

  constructor(private readonly options: PacketsOptions) {
    this.capture = new RunCapture(options.recorder, options.changed);
    this.asked = options.asked;
  }

  /** Null: nobody asked for them. */
  get state(): CaptureState | null {
    return this.asked ? this.capture.state : null;
  }

  /** The run begins. Resolves when it records, or when it is known that it cannot. */
  async begin(plan: HostPlan): Promise<void> {
    this.plan = plan;
    if (this.asked) await this.capture.start(this.captured);
  }

  /** From now on, or no longer; the state tells what came of it. */
  async set(on: boolean): Promise<void> {
    this.asked = true;
    await (on ? this.capture.start(this.captured) : this.capture.pause());
    this.options.changed();
  }

  /** As LabContext.watchPorts. */
  async watch(ports: readonly number[]): Promise<void> {
    await this.capture.pause();
    this.watched = ports;
    this.options.watch?.(ports);
    await this.set(true);
    const { error } = this.capture.state;
    if (error !== null) throw new EngineError(error.code, error.message, error.where);
  }

  /** Resolves when everything that was captured is in the trace. */
  stop(): Promise<void> {
    return this.capture.stop();
  }

  private get captured(): CaptureOptions {
    if (this.watched === null) return { filter: filterOf(this.plan) };
    return { filter: filterOfPorts(this.watched), meet: (protocol, end) => this.options.namer.meet(protocol, end) };
  }
}
