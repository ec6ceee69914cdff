// Where the playhead stands and how it moves: a pure function of the state before, what is asked, and the story. Its clock is
// clock.ts; stores keep the state and call reduce().

import { never } from '../../shared/base/assert';
import { connId } from '../../shared/base/brand';
import { lowerBound } from '../../shared/base/lists';
import type { Story } from '../../shared/trace/story';
import type { PacedAxis } from './pacing';

export interface Playhead {
  /** In [0, moments]: whole part = moments that have happened, fraction = the way to the next one. */
  readonly position: number;
  readonly playing: boolean;
  readonly speed: number;
  /** At the end, and to stay there while the trace grows. */
  readonly following: boolean;
  /** Where "run until" stops; null without. */
  readonly target: number | null;
  /** Position that cannot be passed forwards (a question waits there); null without. */
  readonly gate: number | null;
  /** The last moment that has happened, by its fact (>= 0), its segment (~id) or its inferred call (~(CALLS + id)): finds it again when others are put before it. */
  readonly last: number | null;
  /** Reduced motion: ms of display since the last jump. */
  readonly carry: number;
}

export const SLOWEST = 0.05;
export const FASTEST = 16;

export const startingPlayhead = (speed = 1, following = false): Playhead => ({
  position: 0, playing: false, speed, following, target: null, gate: null, last: null, carry: 0,
});

export type PlayheadAction =
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'toggle' }
  /** To the next or the previous whole moment. */
  | { readonly type: 'step'; readonly by: 1 | -1 }
  /** The same, but on this connection alone. */
  | { readonly type: 'stepOnConnection'; readonly conn: number; readonly by: 1 | -1 }
  | { readonly type: 'home' }
  | { readonly type: 'end' }
  | { readonly type: 'seek'; readonly position: number }
  /** Plays until that moment (an index) has happened; jumps back if it has already. */
  | { readonly type: 'runUntil'; readonly moment: number }
  | { readonly type: 'speed'; readonly speed: number }
  | { readonly type: 'follow'; readonly following: boolean }
  | { readonly type: 'gate'; readonly position: number | null }
  /** The story has a new version. */
  | { readonly type: 'grew' }
  /** `ms` of the clock have passed. `live`: more moments may come. `jump`: reduced motion, only whole positions. */
  | { readonly type: 'tick'; readonly ms: number; readonly live: boolean; readonly jump: boolean };

/** The playhead after `action`. The axis must have been extended to the story's version. */
export function reduce(head: Playhead, action: PlayheadAction, story: Story, axis: PacedAxis): Playhead {
  const count = story.moments.count;
  switch (action.type) {
    case 'play': return play(head, count);
    case 'pause': return { ...head, playing: false, target: null };
    case 'toggle': return head.playing ? { ...head, playing: false, target: null } : play(head, count);
    case 'step': return jump(head, action.by > 0 ? Math.floor(head.position) + 1 : Math.ceil(head.position) - 1, story);
    case 'stepOnConnection': return jump(head, nextOnConnection(head.position, story, action.conn, action.by), story);
    case 'home': return jump(head, 0, story);
    case 'end': return jump(head, count, story);
    case 'seek': return jump(head, action.position, story);
    case 'runUntil': return runUntil(head, action.moment + 1, story);
    case 'speed': return { ...head, speed: Math.min(Math.max(action.speed, SLOWEST), FASTEST) };
    case 'follow': return action.following ? { ...jump(head, count, story), following: true } : { ...head, following: false };
    case 'gate': return gate(head, action.position, story);
    case 'grew': return grew(head, story);
    case 'tick': return tick(head, action.ms, action.live, action.jump, story, axis);
    default: return never(action);
  }
}

/** What stands for the last of `position` moments, wherever it goes. */
function lastOf(position: number, story: Story): number | null {
  const index = Math.floor(position) - 1;
  if (index < 0 || index >= story.moments.count) return null;
  const moment = story.moments.at(index);
  if (moment.seq !== null) return moment.seq;
  if (moment.call !== null) return ~(CALLS + moment.call);
  return moment.segment === null ? null : ~moment.segment;
}

/** More segments than a story can have. */
const CALLS = 2 ** 30;

/** Where it is now; -1 when it is gone. */
function momentOfLast(last: number, story: Story): number {
  if (last >= 0) return story.momentOfFact(last);
  return ~last < CALLS ? story.momentOfSegment(~last) : story.momentOfCall(~last - CALLS);
}

const limit = (head: Playhead, count: number): number => Math.min(count, head.gate ?? count);

/** At a position, within the limits, the clock standing. */
function jump(head: Playhead, to: number, story: Story): Playhead {
  return { ...placed(head, to, story), playing: false, following: false, target: null };
}

function placed(head: Playhead, to: number, story: Story): Playhead {
  const position = Math.min(Math.max(to, 0), limit(head, story.moments.count));
  const last = Math.floor(position) === Math.floor(head.position) && head.last !== null ? head.last : lastOf(position, story);
  return { ...head, position, last, carry: 0 };
}

/** From the end, playing starts again at the beginning. */
const play = (head: Playhead, count: number): Playhead => ({
  ...head, ...(head.position >= count && !head.following ? { position: 0, last: null } : {}), playing: true, target: null, carry: 0,
});

function runUntil(head: Playhead, target: number, story: Story): Playhead {
  if (target <= head.position) return jump(head, target, story);
  return { ...head, playing: true, following: false, target, carry: 0 };
}

function gate(head: Playhead, position: number | null, story: Story): Playhead {
  const next = { ...head, gate: position };
  return position !== null && head.position > position ? { ...placed(next, position, story), playing: false } : next;
}

function grew(head: Playhead, story: Story): Playhead {
  if (head.following) return placed(head, story.moments.count, story);
  if (head.last === null) return head;
  const index = momentOfLast(head.last, story);
  if (index < 0) return head;
  const position = index + 1 + (head.position - Math.floor(head.position));
  const shift = position - head.position;
  return { ...head, position, target: head.target === null ? null : head.target + shift };
}

/** One past the next moment of the connection, or the position just after the previous one; where it is when there is none. */
function nextOnConnection(position: number, story: Story, conn: number, by: 1 | -1): number {
  const own = story.momentsOf(connId(conn));
  if (by > 0) {
    const at = lowerBound(own, Math.floor(position));
    return at < own.length ? own.at(at) + 1 : position;
  }
  // Positions of the connection are its moments' indices + 1.
  const at = lowerBound(own, Math.ceil(position) - 1) - 1;
  return at >= 0 ? own.at(at) + 1 : own.length > 0 && own.at(0) + 1 <= position ? own.at(0) : position;
}

function tick(head: Playhead, ms: number, live: boolean, whole: boolean, story: Story, axis: PacedAxis): Playhead {
  if (!head.playing || ms <= 0) return head;
  const stop = Math.min(limit(head, story.moments.count), head.target ?? Number.POSITIVE_INFINITY);
  const moved = whole ? jumps(head, ms * head.speed, stop, axis) : glides(head, ms * head.speed, stop, axis);
  const next = { ...head, ...moved, last: Math.floor(moved.position) === Math.floor(head.position) ? head.last : lastOf(moved.position, story) };
  if (next.position < stop) return next;
  const atEnd = stop >= story.moments.count && head.target === null && head.gate === null;
  return { ...next, playing: atEnd && live, target: null, carry: 0 };
}

function glides(head: Playhead, ms: number, stop: number, axis: PacedAxis): Pick<Playhead, 'position' | 'carry'> {
  // Never backwards: of moments at one instant the axis shows only the last.
  return { position: Math.min(Math.max(axis.positionAt(axis.at(head.position) + ms), head.position), stop), carry: 0 };
}

/** Reduced motion: waits as long as the way would take, then is there. */
function jumps(head: Playhead, ms: number, stop: number, axis: PacedAxis): Pick<Playhead, 'position' | 'carry'> {
  let position = head.position;
  let carry = head.carry + ms;
  while (position < stop) {
    const next = Math.min(Math.floor(position) + 1, stop);
    const gap = axis.at(next) - axis.at(position);
    if (gap > carry) break;
    carry -= gap;
    position = next;
  }
  return { position, carry };
}
