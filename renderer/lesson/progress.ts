// Where the lesson stands: which steps the playhead has passed, which questions are open, and how far the playhead may go before
// they are answered. Pure: the trace comes in as two functions.

import type { Condition, Matcher } from '../../shared/trace/match';
import { stepFits, type LabManifest, type ParameterValues, type PredictionSpec } from '../../shared/lab/manifest';
import type { Answer } from '../stores/predictions';

/** What the lesson asks of the trace so far. */
export interface LessonTrace {
  /** Index of the moment that a step waits for; null while there is none. */
  momentOf(matcher: Matcher): number | null;
  holds(condition: Condition): boolean;
  /** True once nothing more will come by itself: the trace can be judged. */
  readonly complete: boolean;
  /** Of the run; before it, those that it would be started with. */
  readonly params: ParameterValues;
  /** Moments that have happened on screen. */
  readonly position: number;
  /** Whether the packet of a moment is the kernel's; false: rebuilt from what the calls told. */
  isCaptured(moment: number): boolean;
}

/** 'absent': the run is over without it. */
export type StepState = 'done' | 'now' | 'ahead' | 'absent';

export interface StepProgress {
  readonly id: string;
  readonly state: StepState;
  /** Moment index, to run until; null: not (yet) in this run. */
  readonly moment: number | null;
  readonly question: QuestionProgress | null;
  /** The display filter that it waits for, and of the packet found how it is known. */
  readonly filter?: { readonly text: string; readonly captured: boolean | null };
}

export interface QuestionProgress {
  readonly id: string;
  readonly options: readonly string[];
  readonly answer: Answer | null;
  /** The trace's answer, once it may be shown: the option that holds, or null when none does. */
  readonly verdict: { readonly right: string | null } | null;
}

export interface LessonProgress {
  /** Questions of no particular step, asked before everything. */
  readonly questions: readonly QuestionProgress[];
  readonly steps: readonly StepProgress[];
  /** The playhead stops here until the question is answered or skipped. */
  readonly gate: { readonly position: number; readonly question: string } | null;
}

export function lessonProgress(manifest: LabManifest, trace: LessonTrace, answerOf: (prediction: string) => Answer | null): LessonProgress {
  const byId = new Map(manifest.predictions.map((prediction) => [prediction.id, prediction]));
  /** Questions of a step, whether it belongs to this run or not. */
  const asked = new Set<string>();
  const gates: { position: number; question: string }[] = [];

  const ask = (spec: PredictionSpec, shown: boolean): QuestionProgress => {
    const answer = answerOf(spec.id);
    const judged = answer !== null && shown && trace.complete;
    const right = judged ? (spec.options.find((option) => trace.holds(option.when))?.id ?? null) : null;
    return { id: spec.id, options: spec.options.map((option) => option.id), answer, verdict: judged ? { right } : null };
  };

  const places = manifest.steps.flatMap((step) => {
    const moment = trace.momentOf(step.match);
    return moment !== null || stepFits(step, trace.params) ? [{ step, moment, passed: moment !== null && trace.position > moment }] : [];
  });
  for (const { predict } of manifest.steps) if (predict !== undefined) asked.add(predict);
  // What this run still shows comes before what it never will: that is left as an invitation.
  const next = (trace.complete ? places.find(({ moment, passed }) => moment !== null && !passed) : undefined) ?? places.find(({ passed }) => !passed);
  const steps = places.map((place): StepProgress => {
    const { step, moment, passed } = place;
    const state: StepState = passed ? 'done' : place === next ? 'now' : moment === null && trace.complete ? 'absent' : 'ahead';
    const spec = step.predict === undefined ? undefined : byId.get(step.predict);
    const text = step.match.filter;
    const filter = text === undefined ? {} : { filter: { text, captured: moment === null ? null : trace.isCaptured(moment) } };
    if (spec === undefined) return { id: step.id, state, moment, question: null, ...filter };
    // A step that never came in this run does not hold its answer back for ever.
    const question = ask(spec, passed || (moment === null && trace.complete));
    if (question.answer === null && moment !== null) gates.push({ position: moment, question: spec.id });
    return { id: step.id, state, moment, question, ...filter };
  });

  const questions = manifest.predictions.filter((spec) => !asked.has(spec.id)).map((spec) => {
    const question = ask(spec, trace.position > 0);
    if (question.answer === null) gates.push({ position: 0, question: spec.id });
    return question;
  });

  gates.sort((a, b) => a.position - b.position);
  return { questions, steps, gate: gates[0] ?? null };
}
