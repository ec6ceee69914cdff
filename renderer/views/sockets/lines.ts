// The calls of a role as the code list shows them at a position of the playhead: those that have begun, which waits, which is current.
// The calls themselves are gathered once a story (shared/trace/spell) and grow with it.

import { upperBound } from '../../../shared/base/lists';
import type { RoleIx } from '../../../shared/base/brand';
import { RoleCalls } from '../../../shared/trace/spell/roleCalls';
import { spell, type CodeLine, type Language } from '../../../shared/trace/spell/spell';
import type { TraceStore } from '../../../shared/trace/store';
import type { RoleModel, Selection, Story } from '../../../shared/trace/story';

const known = new WeakMap<Story, Map<RoleIx, RoleCalls>>();

/** The calls of a role up to the end of the trace as it is now. */
export function callsOf(story: Story, trace: TraceStore, role: RoleModel): RoleCalls {
  const ofStory = known.get(story) ?? new Map<RoleIx, RoleCalls>();
  known.set(story, ofStory);
  const calls = ofStory.get(role.index) ?? new RoleCalls();
  ofStory.set(role.index, calls);
  calls.advance(story, trace, role);
  return calls;
}

/** The last fact among the first `position` moments; -1 before the first. */
export function lastFact(story: Story, position: number): number {
  for (let index = Math.min(Math.floor(position), story.moments.count) - 1; index >= 0; index--) {
    const { seq } = story.moments.at(index);
    if (seq !== null) return seq;
  }
  return -1;
}

/** Where the playhead stands, for lines: moments that have happened, and the last fact of them. */
export interface Now {
  readonly position: number;
  readonly seq: number;
}

/** How many calls have begun. An inferred call is a moment of its own, before the fact that tells of it. */
export function begunCalls(story: Story, calls: RoleCalls, now: Now): number {
  let count = upperBound(calls.starts, now.seq);
  while (count < calls.count) {
    const id = calls.inferred.at(count);
    if (id < 0 || story.momentOfCall(id) >= now.position) break;
    count++;
  }
  return count;
}

/** The call that the role made or came back from last; -1 before the first. */
export function lastCall(story: Story, calls: RoleCalls, role: RoleModel, now: Now): number {
  const begun = begunCalls(story, calls, now);
  // An inferred call at the very end is later than any fact before it.
  if (begun > 0 && calls.starts.at(begun - 1) > now.seq) return begun - 1;
  for (let at = Math.min(upperBound(role.facts, now.seq), calls.callOf.length) - 1; at >= 0; at--) if (calls.callOf.at(at) >= 0) return calls.callOf.at(at);
  return -1;
}

export interface LineRow {
  readonly index: number;
  readonly line: CodeLine;
  /** 'left': it never returned; its socket was closed or its program ended first. */
  readonly state: 'done' | 'waits' | 'left';
  readonly inferred: boolean;
  /** The socket that it is about; 0: none. */
  readonly sock: number;
}

export function lineRow(language: Language, story: Story, trace: TraceStore, role: RoleModel, calls: RoleCalls, index: number, now: Now): LineRow {
  const inferred = calls.inferred.at(index);
  const line = spell(language, story, trace, calls, index, now.seq);
  const sock = inferred >= 0 ? story.calls.at(inferred).sock : trace.at(calls.starts.at(index)).sock;
  const closed = story.socket(sock)?.closedSeq ?? null;
  const over = (closed !== null && closed <= now.seq) || (role.ended !== null && role.ended.seq <= now.seq);
  return { index, line, state: line.waits === null ? 'done' : over ? 'left' : 'waits', inferred: inferred >= 0, sock };
}

/** What is chosen with a line: its return when that has happened, else its call. */
export function selectionOfLine(calls: RoleCalls, index: number, now: Now): Selection {
  const inferred = calls.inferred.at(index);
  if (inferred >= 0) return { type: 'inferredCall', id: inferred };
  const end = calls.ends.at(index);
  return { type: 'fact', seq: end >= 0 && end <= now.seq ? end : calls.starts.at(index) };
}

/** The line that a selection means; -1: none of this role. */
export function lineOfSelection(calls: RoleCalls, role: RoleModel, selection: Selection): number {
  if (selection.type === 'inferredCall') {
    for (let index = 0; index < calls.count; index++) if (calls.inferred.at(index) === selection.id) return index;
    return -1;
  }
  if (selection.type !== 'fact') return -1;
  const at = upperBound(role.facts, selection.seq) - 1;
  return at >= 0 && at < calls.callOf.length && role.facts.at(at) === selection.seq ? calls.callOf.at(at) : -1;
}

/** Position of the playhead right after what a line shows. */
export function positionOfLine(story: Story, calls: RoleCalls, index: number, now: Now): number {
  const chosen = selectionOfLine(calls, index, now);
  const moment = chosen.type === 'inferredCall' ? story.momentOfCall(chosen.id) : chosen.type === 'fact' ? story.momentOfFact(chosen.seq) : -1;
  return moment + 1;
}
