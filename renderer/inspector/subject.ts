// What the inspector shows for a selection: a call, a segment, a socket, a host, or nothing. Without a selection it follows the
// playhead. Pure: (story, selection, position) in, the thing out; a selection that is no longer there shows nothing.

import { never } from '../../shared/base/assert';
import type { Fact } from '../../shared/trace/event';
import { segmentsCarrying } from '../../shared/trace/segmentsCarrying';
import type { TraceStore } from '../../shared/trace/store';
import type { AppMessage, AppStory } from '../../shared/trace/app/appStory';
import type { HostModel, InferredCall, Segment, Selection, SocketModel, Story } from '../../shared/trace/story';

export type Subject =
  | { readonly type: 'none' }
  | { readonly type: 'call'; readonly fact: Fact; readonly segment: Segment | null }
  | { readonly type: 'segment'; readonly segment: Segment }
  | { readonly type: 'inferredCall'; readonly call: InferredCall }
  | { readonly type: 'message'; readonly message: AppMessage }
  | { readonly type: 'socket'; readonly socket: SocketModel }
  | { readonly type: 'host'; readonly host: HostModel };

const NONE: Subject = { type: 'none' };

export function subjectOf(story: Story, trace: TraceStore, selection: Selection, position: number, app: AppStory | null = null): Subject {
  switch (selection.type) {
    case 'none': return atPlayhead(story, trace, position);
    case 'fact': return callOf(story, trace, selection.seq);
    case 'segment': return segmentOf(story, selection.id);
    case 'inferredCall': return inferredCallOf(story, selection.id);
    case 'message': {
      const message = app?.message(selection.id) ?? null;
      return message === null ? NONE : { type: 'message', message };
    }
    case 'socket': {
      const socket = findSocket(story, selection.id);
      return socket === null ? NONE : { type: 'socket', socket };
    }
    case 'host': {
      const host = story.hosts.find((candidate) => candidate.index === selection.index);
      return host === undefined ? NONE : { type: 'host', host };
    }
    default: return never(selection);
  }
}

function atPlayhead(story: Story, trace: TraceStore, position: number): Subject {
  const last = Math.min(Math.floor(position), story.moments.count) - 1;
  if (last < 0) return NONE;
  const moment = story.moments.at(last);
  if (moment.seq !== null) return callOf(story, trace, moment.seq);
  if (moment.call !== null) return inferredCallOf(story, moment.call);
  return moment.segment === null ? NONE : segmentOf(story, moment.segment);
}

function callOf(story: Story, trace: TraceStore, seq: number): Subject {
  if (seq < 0 || seq >= trace.count) return NONE;
  const fact = trace.at(seq);
  const moment = story.momentOfFact(seq);
  const id = moment < 0 ? null : story.moments.at(moment).segment;
  return { type: 'call', fact, segment: id === null ? laterSegment(story, fact) : story.segments.at(id) };
}

/** The segment that took the bytes of a send() with it later, where packets were captured. */
function laterSegment(story: Story, fact: Fact): Segment | null {
  const conn = fact.kind === 'bytes.sent' && fact.a > 0 ? (story.socket(fact.sock)?.conn ?? null) : null;
  const connection = conn === null ? null : story.connection(conn);
  if (connection === null) return null;
  const stream = connection.client.sock === fact.sock ? connection.up : connection.down;
  return segmentsCarrying(story, stream, fact.offset, fact.offset + 1, 1)[0] ?? null;
}

function segmentOf(story: Story, id: number): Subject {
  return id < 0 || id >= story.segments.count ? NONE : { type: 'segment', segment: story.segments.at(id) };
}

function inferredCallOf(story: Story, id: number): Subject {
  return id < 0 || id >= story.calls.count ? NONE : { type: 'inferredCall', call: story.calls.at(id) };
}

function findSocket(story: Story, id: number): SocketModel | null {
  for (let i = 0; i < story.sockets.count; i++) {
    const socket = story.sockets.at(i);
    if (socket.id === id) return socket;
  }
  return null;
}
