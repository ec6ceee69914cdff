// The capture file that is open in the window: one at a time, each in a worker of its own. Main gives it the path (from the system's dialog,
// a dropped file, the command line); the page asks by the capture's number only.

import { rm } from 'node:fs/promises';
import type { CaptureAnswers, CaptureFileState, CaptureQuestion } from '../../shared/ipc/captureContract';
import { EngineError } from '../runtime/engineError';
import { SessionClient } from './sessionClient';

export class CaptureDesk {
  private open: { readonly capture: number; readonly session: SessionClient } | null = null;
  private next = 1;

  /** `script`: URL of the built sessionWorker.ts. `tell` is called with each state of the open file. */
  constructor(private readonly script: URL, private readonly tell: (state: CaptureFileState) => void) {}

  /** Opens a file instead of the one that was open. Errors of the file come as a state. */
  show(path: string): { readonly capture: number; readonly name: string } {
    void this.open?.session.dispose();
    const capture = this.next++;
    const session = new SessionClient(this.script, capture, path, this.tell);
    this.open = { capture, session };
    // The page draws its frame while the worker starts.
    this.tell(session.state);
    return { capture, name: session.state.summary.name };
  }

  /** Rejects with EngineError: CAPTURE_CLOSED for another than the open one, and what the session says. */
  ask(capture: number, question: CaptureQuestion): Promise<CaptureAnswers[keyof CaptureAnswers]> {
    return this.of(capture).ask(question);
  }

  /** Makes a run file of a view's packets and has it opened under the capture's name. Rejects as `ask`, with NOTHING_TO_PLAY, and as `open` does. */
  async play(capture: number, view: number, open: (path: string, name: string) => Promise<void>): Promise<{ readonly packets: number }> {
    const session = this.of(capture);
    const { folder, path, packets } = await session.stage(view);
    try {
      await open(path, session.state.summary.name);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return { packets };
  }

  /** Closes it; another one that was opened meanwhile stays. */
  async close(capture: number): Promise<void> {
    if (this.open?.capture !== capture) return;
    const { session } = this.open;
    this.open = null;
    await session.dispose();
  }

  /** The path of an open capture: for what main does with the file itself. Throws as `ask` rejects. */
  pathOf(capture: number): string {
    return this.of(capture).path;
  }

  /** Says the state again, to a page that has just loaded. */
  retell(): void {
    if (this.open !== null) this.tell(this.open.session.state);
  }

  async dispose(): Promise<void> {
    await this.open?.session.dispose();
    this.open = null;
  }

  private of(capture: number): SessionClient {
    if (this.open?.capture !== capture) throw new EngineError('CAPTURE_CLOSED', `capture ${capture} is not open`, 'capture');
    return this.open.session;
  }
}
