// Steps, questions and verdicts as the playhead moves. The trace is two functions here; matching itself is tested with the trace.
import { describe, expect, it } from 'vitest';
import type { LabManifest } from '../../shared/lab/manifest';
import type { Condition, Matcher } from '../../shared/trace/match';
import type { Answer } from '../stores/predictions';
import { lessonProgress, type LessonTrace } from './progress';

const lost: Condition = { exists: { fact: 'call.failed' } };
const manifest: LabManifest = {
  id: 'demo', group: 'sockets', order: 1, parameters: [], hosts: [], endpoints: [], actions: [], tryIt: [], stage: ['hosts'], specifications: [],
  steps: [
    { id: 'connect', match: { fact: 'connect.ended' } },
    { id: 'close', match: { fact: 'socket.closed' }, predict: 'lost' },
    { id: 'reset', match: { fact: 'call.failed' } },
  ],
  predictions: [{ id: 'lost', options: [{ id: 'yes', when: lost }, { id: 'no', when: { always: true } }] }],
};

/** connect at moment 3, close at 8, a failure at 12. */
const moments: Readonly<Record<string, number>> = { 'connect.ended': 3, 'socket.closed': 8, 'call.failed': 12 };
const trace = (position: number, more: Partial<LessonTrace> = {}): LessonTrace => ({
  position, complete: true, params: {}, momentOf: (matcher: Matcher) => moments[matcher.fact ?? ''] ?? null, holds: () => true, isCaptured: () => false, ...more,
});
const silent = (): null => null;
const says = (id: string) => (): Answer => ({ type: 'option', id });

describe('steps', () => {
  it('that wait for a packet name their filter, and once it is found how it is known', () => {
    const packets = { ...manifest, predictions: [], steps: [{ id: 'a', match: { filter: 'tcp.flags.syn == 1' } }, { id: 'b', match: { filter: 'tcp.flags.reset == 1' } }, { id: 'c', match: { segment: 'syn' as const } }] };
    const told = lessonProgress(packets, trace(5, { momentOf: ({ filter }) => (filter === 'tcp.flags.syn == 1' ? 3 : null), isCaptured: (moment) => moment === 3 }), silent);
    expect(told.steps.map(({ filter }) => filter)).toEqual([{ text: 'tcp.flags.syn == 1', captured: true }, { text: 'tcp.flags.reset == 1', captured: null }, undefined]);
  });

  it('before the start the first is next', () => {
    expect(lessonProgress(manifest, trace(0), silent).steps.map((step) => step.state)).toEqual(['now', 'ahead', 'ahead']);
  });

  it('a step is done when its moment is on screen, not before', () => {
    expect(lessonProgress(manifest, trace(3), silent).steps[0]?.state).toBe('now');
    expect(lessonProgress(manifest, trace(4), silent).steps.map((step) => step.state)).toEqual(['done', 'now', 'ahead']);
  });

  it('stepping back takes the check mark away again', () => {
    expect(lessonProgress(manifest, trace(13), says('yes')).steps.map((step) => step.state)).toEqual(['done', 'done', 'done']);
    expect(lessonProgress(manifest, trace(2), says('yes')).steps.map((step) => step.state)).toEqual(['now', 'ahead', 'ahead']);
  });

  it('a step that did not happen in this run stays open, later ones may be done', () => {
    const without = trace(13, { momentOf: (matcher) => (matcher.fact === 'connect.ended' ? null : (moments[matcher.fact ?? ''] ?? null)) });
    expect(lessonProgress(manifest, without, says('yes')).steps.map((step) => step.state)).toEqual(['now', 'done', 'done']);
  });
});

it('what the run still shows comes before a step that it never will', () => {
  const without = (position: number, complete = true): LessonTrace => trace(position, { complete, momentOf: (matcher) => (matcher.fact === 'connect.ended' ? null : (moments[matcher.fact ?? ''] ?? null)) });
  const states = (given: LessonTrace) => lessonProgress(manifest, given, says('yes')).steps.map((step) => step.state);
  expect(states(without(0))).toEqual(['absent', 'now', 'ahead']);
  expect(states(without(9))).toEqual(['absent', 'done', 'now']);
  expect(states(without(0, false))).toEqual(['now', 'ahead', 'ahead']);
});

it('a step of other parameters is not of this lesson, nor is its question, unless it happens all the same', () => {
  const choosy: LabManifest = { ...manifest, steps: manifest.steps.map((step) => (step.id === 'close' ? { ...step, only: { kind: ['early'] } } : step)) };
  const never = (kind: string): LessonTrace => trace(5, { params: { kind }, momentOf: (matcher) => (matcher.fact === 'socket.closed' ? null : 3) });
  const ids = (given: LessonTrace) => lessonProgress(choosy, given, silent).steps.map(({ id }) => id);
  expect(ids(never('early'))).toEqual(['connect', 'close', 'reset']);
  expect(ids(never('late'))).toEqual(['connect', 'reset']);
  expect(lessonProgress(choosy, never('late'), silent)).toMatchObject({ questions: [], gate: null });
  expect(ids(trace(5, { params: { kind: 'late' } }))).toEqual(['connect', 'close', 'reset']);
});

describe('predictions', () => {
  it('hold the playhead before their moment until they are answered or skipped', () => {
    expect(lessonProgress(manifest, trace(0), silent).gate).toEqual({ position: 8, question: 'lost' });
    expect(lessonProgress(manifest, trace(0), says('no')).gate).toBeNull();
    expect(lessonProgress(manifest, trace(0), () => ({ type: 'skipped' })).gate).toBeNull();
  });

  it('are judged by the trace once their moment is on screen', () => {
    const question = (position: number, answer: () => Answer | null) => lessonProgress(manifest, trace(position), answer).steps[1]?.question;
    expect(question(8, says('no'))?.verdict).toBeNull();
    expect(question(9, says('no'))?.verdict).toEqual({ right: 'yes' });
    expect(question(9, silent)?.verdict).toBeNull();
  });

  it('wait for the end of a run that still goes on', () => {
    expect(lessonProgress(manifest, trace(9, { complete: false }), says('yes')).steps[1]?.question?.verdict).toBeNull();
  });

  it('the first option that holds is right', () => {
    const none = trace(9, { holds: (condition) => condition !== lost });
    expect(lessonProgress(manifest, none, says('yes')).steps[1]?.question?.verdict).toEqual({ right: 'no' });
  });

  it('of no step are asked before everything', () => {
    const loose: LabManifest = { ...manifest, steps: manifest.steps.filter((step) => step.id !== 'close') };
    const before = lessonProgress(loose, trace(0), silent);
    expect(before.gate).toEqual({ position: 0, question: 'lost' });
    expect(before.questions.map((question) => question.id)).toEqual(['lost']);
  });

  it('a question whose moment never came is still answered by the finished run', () => {
    const never = trace(5, { momentOf: (matcher) => (matcher.fact === 'socket.closed' ? null : 3) });
    const progress = lessonProgress(manifest, never, says('yes'));
    expect(progress.gate).toBeNull();
    expect(progress.steps[1]?.question?.verdict).toEqual({ right: 'yes' });
  });
});
