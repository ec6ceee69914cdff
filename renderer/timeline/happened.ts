// What has happened at a position of the playhead, for views that draw in time rather than in moments: the time that the playhead stands
// at, whether a fact has happened, where to seek to see it. Pure; positions are those of playhead.ts.

import type { Micros } from '../../shared/base/brand';
import { upperBound } from '../../shared/base/lists';
import type { Story } from '../../shared/trace/story';

/** What these functions read of a story. */
export type HappenedStory = Pick<Story, 'momentTime' | 'momentOfFact'> & { readonly moments: { readonly count: number } };

/** Time of the trace at a position, in µs: between two moments in proportion. -Infinity while nothing has happened. */
export function timeAt(story: HappenedStory, position: number): number {
  const whole = Math.min(Math.floor(position), story.moments.count);
  if (whole <= 0) return Number.NEGATIVE_INFINITY;
  const here = story.momentTime(whole - 1);
  if (whole >= story.moments.count) return here;
  return here + (story.momentTime(whole) - here) * (position - whole);
}

/** True once a fact has happened. A fact that is no moment of its own has happened once its time has come. */
export function hasHappened(story: HappenedStory, position: number, seq: number | null, t: Micros | null): boolean {
  const moment = seq === null ? -1 : story.momentOfFact(seq);
  if (moment >= 0) return position >= moment + 1;
  return t !== null && t <= timeAt(story, Math.floor(position));
}

/** The position right after a fact, or right after the last moment of its time when it is none. */
export function positionAfter(story: HappenedStory, seq: number | null, t: number): number {
  const moment = seq === null ? -1 : story.momentOfFact(seq);
  if (moment >= 0) return moment + 1;
  return upperBound({ length: story.moments.count, at: (index) => story.momentTime(index) }, t);
}
