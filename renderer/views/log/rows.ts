// The log: the same moments as stage and ladder, as rows of text. Pure; made only for the rows on screen.

import { describeMoment, describeSegment } from '../../../shared/trace/describe';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Evidence } from '../../../shared/trace/event';
import { segmentPayload } from '../../../shared/trace/segmentPayload';
import type { TraceStore } from '../../../shared/trace/store';
import type { Moment, Segment, Story } from '../../../shared/trace/story';

export interface LogRow {
  readonly index: number;
  readonly moment: Moment;
  /** Microseconds since the first moment. */
  readonly t: number;
  /** Host id and role id of the one who acts; empty when not known. */
  readonly host: string;
  readonly role: string;
  /** The call, or the segment's label; and what it sends, when both are there. */
  readonly what: string;
  readonly sends: string;
  /** Host id of the one it goes to; '' for a call that sends nothing. */
  readonly to: string;
  readonly evidence: Evidence;
  /** Name of the rule of what is inferred. */
  readonly rule: string;
  /** How the run ended, on the row that says so. */
  readonly ended: 'reached' | 'stopped' | 'failed' | null;
  readonly trouble: boolean;
}

export function logRow(story: Story, trace: TraceStore, index: number, nameOf: (segment: number) => string = () => ''): LogRow {
  const moment = story.moments.at(index);
  const segment = moment.segment === null ? null : story.segments.at(moment.segment);
  const label = segment === null ? '' : describeSegment(segment, segmentPayload(trace, segment), nameOf(segment.id)).label;
  const call = describeMoment(story, trace, moment)?.text ?? '';
  const provenance = moment.call !== null ? story.calls.at(moment.call).provenance : moment.seq === null ? segment?.provenance : undefined;
  return {
    index,
    moment,
    t: moment.t - story.momentTime(0),
    host: actingHost(story, moment, segment),
    role: moment.role === null ? '' : (story.role(moment.role)?.id ?? ''),
    what: call === '' ? label : call,
    sends: call === '' ? '' : label,
    to: segment === null ? '' : (story.host(segment.toHost)?.id ?? formatEndpoint(segment.to)),
    evidence: moment.evidence,
    rule: provenance?.evidence === 'inferred' ? provenance.rule : '',
    ended: moment.seq === null ? null : endedOf(trace, moment.seq),
    trouble: moment.trouble,
  };
}

function endedOf(trace: TraceStore, seq: number): LogRow['ended'] {
  if (trace.kind(seq) !== 'lab.ended') return null;
  const { text } = trace.at(seq);
  return text === 'reached' || text === 'failed' ? text : 'stopped';
}

function actingHost(story: Story, moment: Moment, segment: Segment | null): string {
  if (moment.seq === null && segment !== null) return story.host(segment.fromHost)?.id ?? '';
  if (moment.sock !== null) {
    const socket = story.socket(moment.sock);
    return socket === null ? '' : (story.host(socket.host)?.id ?? '');
  }
  const role = moment.role === null ? null : story.role(moment.role);
  return role === null ? '' : (story.host(role.host)?.id ?? '');
}
