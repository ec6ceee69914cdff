// The one sentence below the inspector's title: which message of the catalogue, and what goes into it. Pure.

import { never } from '../../shared/base/assert';
import { visibleText } from '../../shared/codec/text';
import { formatEndpoint, isPath } from '../../shared/trace/endpoint';
import type { Fact } from '../../shared/trace/event';
import type { InferredCall, Segment, Story } from '../../shared/trace/story';
import { sizeText } from './parts/size';
import type { Subject } from './subject';

export interface Sentence {
  readonly key: string;
  readonly params: Readonly<Record<string, string>>;
}

interface Labels {
  host(id: string): string;
  role(id: string): string;
}

const MAX_TEXT = 60;

/** Null when the title says it all. `format` writes numbers in the language's way. */
export function sentenceOf(story: Story, subject: Subject, labels: Labels, format: (value: number) => string): Sentence | null {
  switch (subject.type) {
    case 'none': return null;
    case 'call': return callSentence(story, subject.fact, labels, format);
    case 'segment': return segmentSentence(story, subject.segment, labels, format);
    case 'inferredCall': return inferredCallSentence(story, subject.call, labels);
    case 'message': return { key: `inspector.message.about.${subject.message.protocol}`, params: {} };
    case 'socket': return { key: `inspector.about.${subject.socket.purpose}`, params: {} };
    case 'host': return { key: subject.host.foreign ? 'inspector.about.foreign' : 'inspector.about.host', params: {} };
    default: return never(subject);
  }
}

function callSentence(story: Story, fact: Fact, labels: Labels, format: (value: number) => string): Sentence {
  const role = story.role(fact.role);
  const params = {
    who: role === null ? '' : labels.role(role.id),
    size: sizeText(fact.size, format),
    result: sizeText(Math.max(0, fact.a), format),
    local: fact.local === null ? '' : formatEndpoint(fact.local),
    remote: fact.remote === null ? '' : formatEndpoint(fact.remote),
    count: format(fact.a),
    err: fact.err,
    text: visibleText(fact.text).slice(0, MAX_TEXT),
  };
  // A failure of TLS is no call that returned -1: it has words of its own.
  const failed = fact.err !== '' && fact.kind !== 'tls.failed';
  const unix = fact.kind === 'connect.ended' && isPath(params.remote) ? '_unix' : '';
  return { key: failed ? 'inspector.said.failed' : `inspector.said.${fact.kind.replaceAll('.', '_')}${unix}`, params };
}

function inferredCallSentence(story: Story, call: InferredCall, labels: Labels): Sentence {
  const role = story.role(call.role);
  return { key: `inspector.said.${call.kind.replaceAll('.', '_')}`, params: { who: role === null ? '' : labels.role(role.id), text: call.text } };
}

function segmentSentence(story: Story, segment: Segment, labels: Labels, format: (value: number) => string): Sentence {
  const name = (index: Segment['fromHost']): string => {
    const host = story.host(index);
    return host === null ? '' : labels.host(host.id);
  };
  const params = { from: name(segment.fromHost) || formatEndpoint(segment.from), to: name(segment.toHost) || formatEndpoint(segment.to), size: sizeText(segment.size, format), port: String(segment.to.port) };
  return { key: `inspector.sent.${segment.kind.replace('-', '_')}`, params };
}
