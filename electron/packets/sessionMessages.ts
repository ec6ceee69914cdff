// What crosses the border between main and the worker of an open capture: questions in, answers and states out. Both sides are ours; main
// has checked the page's questions against the contract before.

import * as v from 'valibot';
import type { CaptureAnswers, CaptureQuestion } from '../../shared/ipc/captureContract';
import type { ReportedError } from '../../shared/ipc/contract';
import type { CaptureSummary, StagedRun, ViewState } from '../../shared/packets/session';

/** What the worker is started with. */
export const sessionDataSchema = v.object({ path: v.string(), name: v.string() });
export type SessionData = v.InferOutput<typeof sessionDataSchema>;

/** Main's own question: the answer names a place, which the page must not know. */
export interface StageQuestion {
  readonly name: 'stage';
  readonly view: number;
}

export interface SessionRequest {
  readonly id: number;
  readonly question: CaptureQuestion | StageQuestion;
}

export type SessionMessage =
  | { readonly type: 'answer'; readonly id: number; readonly value: CaptureAnswers[keyof CaptureAnswers] | StagedRun }
  | { readonly type: 'error'; readonly id: number; readonly error: ReportedError }
  /** At most a few times a second. `error`: the file could not be read at all; what is asked then is refused. */
  | { readonly type: 'state'; readonly summary: CaptureSummary; readonly view: ViewState | null; readonly error: ReportedError | null };
