// Where each row of the ladder is drawn: calls beside their lifeline, segments as arrows between two. Pure: (story, rows, width) in,
// coordinates out, made only for the rows on screen. One row is one moment; the playhead and the selection are drawn by the view.

import type { HostIx } from '../../../shared/base/brand';
import { cut } from '../../../shared/base/textWidth';
import { describeFact, describeMoment, describeSegment, type FactText } from '../../../shared/trace/describe';
import type { Evidence } from '../../../shared/trace/event';
import { segmentPayload } from '../../../shared/trace/segmentPayload';
import type { TraceStore } from '../../../shared/trace/store';
import type { Moment, NumberList, Segment, Story } from '../../../shared/trace/story';
import { CHARACTER, type LadderColumn, type LadderScope } from './columns';

export const ROW_HEIGHT = 28;
/** Arrows fall by at least this much, so that they have a direction in time as well, and by at most two rows. */
const LEAST_FALL = 12;
const MOST_FALL = 2 * ROW_HEIGHT - 14;

export type ArrowTone = 'app' | 'transport' | 'bad';

export interface ArrowLayout {
  readonly segment: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** As much as fits between the two, and the whole. */
  readonly label: string;
  readonly full: string;
  readonly tone: ArrowTone;
  readonly evidence: Evidence;
  /** How it ends: an arrowhead, a cross at the other host (no socket took it: nothing gets lost on loopback's wire), or a head at a door where nobody reads. */
  readonly end: 'head' | 'lost' | 'unread';
}

export interface CallLayout {
  readonly x: number;
  readonly anchor: 'start' | 'end';
  /** As much as fits, and the whole. */
  readonly text: string;
  readonly full: string;
  readonly trouble: boolean;
  /** Not seen, but inferred. */
  readonly inferred: boolean;
}

export interface RowLayout {
  readonly row: number;
  readonly moment: Moment;
  /** Top of the row, in px. */
  readonly y: number;
  readonly call: CallLayout | null;
  readonly arrow: ArrowLayout | null;
  /** Something that no host does: the end of the run, an action of the user. */
  readonly note: LadderNote | null;
}

export type LadderNote = { readonly type: 'ended'; readonly outcome: 'reached' | 'stopped' | 'failed' } | { readonly type: 'action'; readonly text: string };

/** The moments that a scope shows, as a list of moment indices. */
export function ladderRows(story: Story, scope: LadderScope): NumberList {
  if (scope.type === 'connection') return story.momentsOf(scope.id);
  return { length: story.moments.count, at: (index) => index };
}

/** Row of the last moment that has happened at `position`; -1 before the first. Rows are ascending, so binary search. */
export function rowAtPosition(rows: NumberList, position: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows.at(middle) < Math.floor(position)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const unnamed = (): string => '';

/** A label's characters are narrower than a call's: not all are of one width. */
const LABEL_SHARE = 0.88;

/**
 * Rows `from` up to, not including, `to`. `room`: how many characters of a call fit beside the outermost lifelines; `character`: the width
 * of one, px. `nameOf`: Labels.segment.
 */
export function layoutRows(story: Story, trace: TraceStore, rows: NumberList, columns: readonly LadderColumn[], from: number, to: number, room: number, nameOf: (segment: number) => string = unnamed, character = CHARACTER): RowLayout[] {
  const layouts: RowLayout[] = [];
  const last = Math.min(to, rows.length);
  for (let row = Math.max(from, 0); row < last; row++) {
    const moment = story.moments.at(rows.at(row));
    const arrow = moment.segment === null ? null : layoutArrow(story, trace, rows, columns, row, story.segments.at(moment.segment), nameOf, character);
    layouts.push({
      row,
      moment,
      y: row * ROW_HEIGHT,
      call: layoutCall(story, trace, columns, moment, arrow, room, character),
      note: moment.seq === null ? null : noteOf(trace, moment.seq),
      arrow,
    });
  }
  return layouts;
}

/** Outermost calls stand in the gutters; between lifelines a call stands where its own arrow does not go, and ends before the next lifeline. */
function layoutCall(story: Story, trace: TraceStore, columns: readonly LadderColumn[], moment: Moment, arrow: ArrowLayout | null, room: number, character: number): CallLayout | null {
  const described = describeMoment(story, trace, moment);
  if (described === null || described.text === '') return null;
  const host = hostOf(story, moment);
  const at = columns.findIndex((column) => column.host === host);
  const column = columns[at];
  if (column === undefined) return null;
  const last = at === columns.length - 1;
  const left = columns.length > 1 && (at === 0 || (!last && arrow !== null && arrow.x1 === column.x && arrow.x2 > arrow.x1));
  const beside = columns[left ? at - 1 : at + 1];
  const fits = beside === undefined ? room : Math.floor((Math.abs(beside.x - column.x) - 22) / character);
  return { x: left ? column.x - 14 : column.x + 14, anchor: left ? 'end' : 'start', text: fitCall(described, fits), full: described.text, trouble: moment.trouble, inferred: moment.call !== null };
}

/** Shortens a call in its arguments, so that its name and its result stay: `connect(127.0.2…) → 0`. */
export function fitCall({ call, result, text }: FactText, room: number): string {
  if (text.length <= room) return text;
  const open = call.indexOf('(');
  const tail = result === '' ? '' : ` → ${result}`;
  const left = room - open - 3 - tail.length;
  if (open < 0 || left < 3) return `${text.slice(0, Math.max(room - 1, 1))}…`;
  return `${call.slice(0, open + 1 + left)}…)${tail}`;
}

/** What the row says in its middle when no host acts. */
export function noteOf(trace: TraceStore, seq: number): LadderNote | null {
  const kind = trace.kind(seq);
  if (kind === 'action.taken') return { type: 'action', text: describeFact(trace.at(seq)).text };
  if (kind !== 'lab.ended') return null;
  const outcome = trace.at(seq).text;
  return { type: 'ended', outcome: outcome === 'reached' || outcome === 'failed' ? outcome : 'stopped' };
}

function hostOf(story: Story, moment: Moment): HostIx | null {
  if (moment.sock !== null) return story.socket(moment.sock)?.host ?? null;
  return moment.role === null ? null : (story.role(moment.role)?.host ?? null);
}

function layoutArrow(story: Story, trace: TraceStore, rows: NumberList, columns: readonly LadderColumn[], row: number, segment: Segment, nameOf: (segment: number) => string, character: number): ArrowLayout | null {
  const from = columns.find((column) => column.host === segment.fromHost);
  const to = [...columns].reverse().find((column) => column.host === segment.toHost);
  if (from === undefined || to === undefined) return null;
  const described = describeSegment(segment, segmentPayload(trace, segment), nameOf(segment.id));
  const y1 = row * ROW_HEIGHT + ROW_HEIGHT / 2;
  return {
    segment: segment.id,
    x1: from.x,
    y1,
    x2: to.x,
    y2: Math.round(y1 + fall(story, rows, row, segment)),
    label: cut(described.label, Math.floor((Math.abs(to.x - from.x) - 24) / (character * LABEL_SHARE))),
    full: described.label,
    tone: toneOf(segment),
    evidence: segment.provenance.evidence,
    end: segment.fate === 'lost' ? 'lost' : segment.fate === 'unread' && segment.size > 0 ? 'unread' : 'head',
  };
}

/**
 * How far the arrow falls: to the row in which it was read when that is near, else a little: later bytes wait in a buffer, not on the wire. A
 * captured one had come before anything else happened.
 */
function fall(story: Story, rows: NumberList, row: number, segment: Segment): number {
  if (segment.receivedSeq === null || segment.provenance.evidence === 'captured') return LEAST_FALL;
  const moment = story.momentOfFact(segment.receivedSeq);
  for (let next = row + 1; next <= row + 2 && next < rows.length; next++) {
    if (rows.at(next) === moment) return Math.min((next - row) * ROW_HEIGHT - 8, MOST_FALL);
  }
  return LEAST_FALL;
}

/** Colour by layer: bytes of the application, TCP's own segments, trouble. */
export function toneOf(segment: Segment): ArrowTone {
  if (segment.kind === 'rst' || segment.kind === 'unreachable' || segment.fate === 'lost') return 'bad';
  return segment.kind === 'data' || segment.kind === 'datagram' ? 'app' : 'transport';
}
