// Where the signs of a lane stand: at the end of their request or at their moment, side by side where they would cover each other. One
// answer for the painter and for the pointer. Pure; px of the axis.

import type { ServiceOutcome } from '../../../shared/trace/notes';
import { EVENT_SIGNS, OUTCOME_SIGNS, type Sign } from './marks';
import { endOf, type Lane, type Mark, type RequestMark } from './picture';
import type { TimeAxis } from './timeAxis';

/** px between two signs of a kind, and of different kinds, that can still be told apart. */
const APART = 9;
const DIFFERENT = 6;
/** How far from its own place a sign may step aside, in px. */
const ASIDE = 20;

export interface PlacedSign {
  readonly mark: Mark;
  readonly sign: Sign;
  readonly x: number;
  /** False: there is no room among its like, and it is but a stroke. */
  readonly whole: boolean;
}

/** How a request has ended by now; null while it waits. */
export const outcomeAt = ({ request: { ended } }: RequestMark, now: number): ServiceOutcome | null => (ended === null || ended.at > now ? null : ended.how);

/** The sign of a mark as it is by now; null: it has none yet. */
export function signOf(mark: Mark, now: number): Sign | null {
  if (mark.type === 'event') return EVENT_SIGNS[mark.what];
  const how = outcomeAt(mark, now);
  return how === null ? null : OUTCOME_SIGNS[how];
}

/** Signs of the lane up to `now`, in order; a good answer has none, its bar says it. `scale`: of the text. */
export function placedSigns(lane: Lane, axis: TimeAxis, now: number, scale = 1): PlacedSign[] {
  const placed: PlacedSign[] = [];
  let [last, lastSign] = [Number.NEGATIVE_INFINITY, null as Sign | null];
  for (const mark of lane.marks) {
    if (mark.start > now) break;
    const sign = signOf(mark, now);
    if (sign === null || sign === OUTCOME_SIGNS.ok) continue;
    const own = axis.place(Math.min(endOf(mark) ?? now, now));
    // An event is told beside what it is because of; requests keep to their time.
    const x = mark.type === 'event' && sign !== lastSign && own - last < APART * scale && last + APART * scale - own < ASIDE * scale ? last + APART * scale : own;
    const whole = x - last >= (sign === lastSign ? APART : DIFFERENT) * scale;
    placed.push({ mark, sign, x, whole });
    if (whole) [last, lastSign] = [x, sign];
  }
  return placed;
}
