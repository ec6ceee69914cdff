// The line under the stage for what went over the wire without a call of its own: the kernel's segments. Part of narrate.ts.

import { never } from '../../../shared/base/assert';
import { ruleOf, type InferenceRule } from '../../../shared/trace/event';
import type { Segment } from '../../../shared/trace/story';
import type { Narration, NarrationInput } from './narration';
import { formatBytes } from './segmentText';

export function narrateSegment(input: NarrationInput, segment: Segment): Pick<Narration, 'key' | 'params'> {
  const host = (index: Segment['fromHost']): string => {
    const model = input.story.host(index);
    return model === null ? '' : input.labels.host(model.id);
  };
  const params = { from: host(segment.fromHost), to: host(segment.toHost), port: `${segment.to.port}`, ownPort: `${segment.from.port}`, bytes: formatBytes(segment.size) };
  // Of a program that is not ours no call is known.
  const foreign = input.story.host(segment.fromHost)?.foreign === true;
  return { key: foreign && keyOf(segment) === 'carried' ? 'carriedForeign' : keyOf(segment), params };
}

function keyOf(segment: Segment): string {
  const rule = ruleOf(segment.provenance);
  if (segment.special !== null) return `special.${segment.special}`;
  switch (segment.kind) {
    case 'syn':
      return rule === 'tcp.refused' ? 'synRefused' : rule === 'tcp.syn.unanswered' ? 'synUnanswered' : 'syn';
    case 'syn-ack':
      return 'synAck';
    case 'ack':
      return rule === null ? 'acknowledges' : 'ack';
    case 'data':
      return segment.provenance.evidence === 'inferred' ? 'peerSent' : 'carried';
    case 'datagram':
      return segment.provenance.evidence === 'inferred' ? 'peerSentDatagram' : 'carriedDatagram';
    case 'fin':
      return 'fin';
    case 'rst':
      return resetKey(rule);
    case 'unreachable':
      return 'unreachable';
    default:
      return never(segment.kind);
  }
}

function resetKey(rule: InferenceRule | null): string {
  switch (rule) {
    case 'tcp.refused':
      return 'rst.refused';
    case 'tcp.rst.close-unread':
      return 'rst.unread';
    case 'tcp.rst.data-after-close':
      return 'rst.late';
    case 'tcp.rst.linger':
      return 'rst.linger';
    default:
      return 'rst.other';
  }
}
