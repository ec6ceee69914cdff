// The process's end of the report (frames.ts): written at once, so that what was told is told even if the process dies with its next call.
// When nobody reads any more, the engine is gone, and so is the process.

import { writeSync } from 'node:fs';
import { createClock } from '../../capture/clock';
import { waitBlocking } from '../../capture/blocking/wait';
import { errnoOf } from '../../capture/nodeHandle';
import { Recorder } from '../../capture/recorder';
import { framesOf } from './frames';
import { REPORT_FD, type Told } from './messages';

export class Reporter {
  readonly recorder: Recorder;

  /** `writer`: 0 for the program itself. `origin` of the engine's clock. */
  constructor(private readonly writer: number, origin: string) {
    // Told as soon as can be: what is not told when the process is killed is lost.
    this.recorder = new Recorder({ clock: createClock(origin), frame: 0, onBatch: (batch) => this.tell({ type: 'facts', batch }) });
  }

  tell(message: Told): void {
    for (const frame of framesOf(this.writer, message)) writeAll(frame);
  }
}

function writeAll(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(REPORT_FD, bytes, done, bytes.length - done);
    } catch (error) {
      if (errnoOf(error) !== 'EAGAIN') process.exit(1);
      waitBlocking(1);
    }
  }
}
