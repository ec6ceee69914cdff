// Where the tokens of both ends stand on the diagram at a position of the playhead: on a state, or, between two moments, on their way along
// the transitions that the next moment brings. A function of the position alone: nothing moves by itself. Pure.

import type { Story } from '../../../shared/trace/story';
import { timeAt } from '../../timeline/happened';
import type { NodeId } from './diagram';
import type { History, Side, Step } from './history';

export interface Token {
  readonly side: Side;
  readonly at: NodeId;
  /** The step that it is making, and how far it is, from 0 to 1. */
  readonly moving: { readonly step: Step; readonly share: number } | null;
  /** The last step that has happened. */
  readonly last: Step | null;
  /** µs until the step that lies ahead of everything recorded (the end of TIME_WAIT); null when none does. */
  readonly expected: { readonly step: Step; readonly left: number } | null;
}

/** How much of the way to the next moment a token spends standing still, so that the eye finds it. */
const PAUSE = 0.3;

/** The time at a position. At the end of everything it is `latest`, when that is later: the kernel's table still tells when nothing happens. */
export function nowAt(story: Story, position: number, latest = Number.NEGATIVE_INFINITY): number {
  const now = timeAt(story, Math.floor(position));
  return position >= story.moments.count && story.moments.count > 0 ? Math.max(now, latest) : now;
}

/** `jump`: reduced motion, whole moments only. Tokens of ends that are not there (yet) or not seen are left out. `latest`: see nowAt. */
export function tokensAt(story: Story, histories: readonly History[], position: number, jump: boolean, latest = Number.NEGATIVE_INFINITY): readonly Token[] {
  const whole = Math.min(Math.max(Math.floor(position), 0), story.moments.count);
  const now = nowAt(story, whole, latest);
  const next = whole < story.moments.count ? story.momentTime(whole) : now;
  const share = jump ? 0 : Math.max((position - whole - PAUSE) / (1 - PAUSE), 0);
  return histories.flatMap((history): Token[] => {
    const done = history.steps.filter((step) => step.t <= now);
    const ahead = history.steps.slice(done.length).filter((step) => step.t <= next);
    const last = done.at(-1) ?? null;
    if (!history.seen || (history.bornAt > now && (share === 0 || ahead.length === 0))) return [];
    const way = Math.min(share, 1) * ahead.length;
    const step = ahead[Math.min(Math.floor(way), ahead.length - 1)];
    const later = history.steps[done.length + ahead.length];
    return [{
      side: history.side, at: last?.to ?? history.start, last,
      moving: step === undefined || share === 0 ? null : { step, share: Math.min(way - ahead.indexOf(step), 1) },
      expected: later?.transition?.trigger === 'timeout' && Number.isFinite(now) ? { step: later, left: later.t - now } : null,
    }];
  });
}

/** Steps that have happened when `position` moments have, in order of time. */
export function happenedSteps(story: Story, steps: readonly Step[], position: number, latest = Number.NEGATIVE_INFINITY): readonly Step[] {
  const now = nowAt(story, Math.floor(position), latest);
  return steps.filter((step) => step.t <= now);
}
