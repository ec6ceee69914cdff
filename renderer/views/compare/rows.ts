// What a row of the comparison says on either side: who, what, when, and the arrow it sends along the lanes. Pure; made for the rows on
// screen alone.

import { describeMoment, describeSegment } from '../../../shared/trace/describe';
import type { CompareRow, Comparison, LanePair } from '../../../shared/trace/compare/compareRuns';
import { laneOf, type RunSide, type Step } from '../../../shared/trace/compare/steps';
import type { Evidence } from '../../../shared/trace/event';
import { segmentPayload } from '../../../shared/trace/segmentPayload';
import type { Segment } from '../../../shared/trace/story';

export type Side = 'a' | 'b';

export interface HalfRow {
  readonly role: string;
  readonly text: string;
  /** ms since the anchor. */
  readonly ms: number;
  readonly trouble: boolean;
  readonly evidence: Evidence;
  /** Place of the acting lane among the shown ones, and of the lane that it sends to; -1: none. */
  readonly at: number;
  readonly to: number;
  readonly tone: 'app' | 'transport' | 'bad';
}

/** Lanes that stand in the picture: of programs. */
export const shownLanes = ({ lanes }: Comparison): readonly LanePair[] => lanes.filter(({ kind }) => kind !== 'none');

export function halfRow(side: RunSide, which: Side, step: Step | null, lanes: readonly LanePair[], anchor: number): HalfRow | null {
  if (step === null) return null;
  const { story, trace } = side;
  const moment = story.moments.at(step.moment);
  const role = laneOf(story, moment);
  const segment = moment.segment === null ? null : story.segments.at(moment.segment);
  const label = segment === null ? '' : describeSegment(segment, segmentPayload(trace, segment)).label;
  const call = describeMoment(story, trace, moment)?.text ?? '';
  const ended = moment.seq !== null && trace.kind(moment.seq) === 'lab.ended' ? trace.at(moment.seq).text : '';
  return {
    role, text: [call, moment.seq === null ? label : '', ended].filter((text) => text !== '').join(' '), ms: (step.t - anchor) / 1000, trouble: moment.trouble,
    evidence: segment === null ? moment.evidence : segment.provenance.evidence,
    at: laneAt(lanes, which, role), to: segment === null ? -1 : laneAt(lanes, which, receiverOf(side, segment)), tone: segment === null ? 'transport' : toneOf(segment),
  };
}

const laneAt = (lanes: readonly LanePair[], side: Side, role: string): number => (role === '' ? -1 : lanes.findIndex((lane) => lane[side] === role));

function receiverOf({ story }: RunSide, { toSock, toHost }: Segment): string {
  const socket = toSock === null ? null : story.socket(toSock);
  const role = socket === null ? story.roles.find((one) => one.host === toHost) : story.role(socket.role);
  return role?.id ?? '';
}

const toneOf = ({ kind, fate }: Segment): HalfRow['tone'] => (kind === 'rst' || kind === 'unreachable' || fate === 'lost' ? 'bad' : kind === 'data' || kind === 'datagram' ? 'app' : 'transport');

/** What marks a row: its difference, or that it came at another time. */
export type Mark = CompareRow['how'] | 'later';
export const markOf = ({ how, later }: CompareRow): Mark => (how === 'same' && later !== null ? 'later' : how);
export const MARK_SIGN: Readonly<Record<Mark, string>> = { same: '', value: '≠', moved: '⇅', onlyA: '◀', onlyB: '▶', later: '◷' };

/** The difference after `row`, or before it; null: there is none. */
export function nextDifference(differences: readonly number[], row: number, by: 1 | -1): number | null {
  const found = by === 1 ? differences.find((one) => one > row) : differences.findLast((one) => one < row);
  return found ?? null;
}
