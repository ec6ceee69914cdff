// The capture file that is open in the window: one at a time, each in a worker of its own. Main gives it the path (from the system's dialog,
// a dropped file, the command line); the page asks by the capture's number only.

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
    return { capture, name: session.state.summary.name };
  }

  /** Rejects with EngineError: CAPTURE_CLOSED for another than the open one, and what the session says. */
  ask(capture: number, question: CaptureQuestion): Promise<CaptureAnswers[keyof CaptureAnswers]> {
    return this.of(capture).ask(question);
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
