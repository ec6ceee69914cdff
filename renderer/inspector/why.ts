// Which paragraphs of *Why* belong to what is shown, and the specification that says so. Pure: keys of the catalogue
// (`inspector.why.*`) and citations out, no text.

import { isEphemeral } from '../../shared/trace/endpoint';
import type { Fact, InferenceRule, Provenance } from '../../shared/trace/event';
import type { InferredCall, Segment, SegmentKind, SocketModel, SocketState } from '../../shared/trace/story';

export interface Reason {
  /** Below `inspector.why.`; callers check that it exists. */
  readonly key: string;
  /** 'RFC 9293 §3.6'; '' when no specification rules it. */
  readonly source: string;
}

const SEGMENT_SOURCE: Readonly<Record<SegmentKind, string>> = {
  syn: 'RFC 9293 §3.5', 'syn-ack': 'RFC 9293 §3.5', ack: 'RFC 9293 §3.5', data: 'RFC 9293 §3.7', fin: 'RFC 9293 §3.6', rst: 'RFC 9293 §3.5.2',
  datagram: 'RFC 768', unreachable: 'RFC 1122 §4.1.3.3',
};

const RULE_SOURCE: Readonly<Partial<Record<InferenceRule, string>>> = {
  'tcp.handshake.connected': 'RFC 9293 §3.5', 'tcp.syn.unanswered': 'RFC 9293 §3.8.3', 'tcp.refused': 'RFC 9293 §3.5.2', 'tcp.fin.shutdown': 'RFC 9293 §3.6', 'tcp.fin.close': 'RFC 9293 §3.6',
  'tcp.fin.end-of-stream': 'RFC 9293 §3.6', 'tcp.rst.close-unread': 'RFC 2525 §2.17', 'tcp.rst.data-after-close': 'RFC 9293 §3.10.7.1',
  'tcp.rst.reset': 'RFC 9293 §3.5.3', 'tcp.rst.linger': 'RFC 9293 §3.10.5', 'tcp.rst.listener-closed': 'RFC 9293 §3.10.4', 'udp.unreachable': 'RFC 1122 §4.1.3.3',
  'udp.lost': 'RFC 768', 'tcp.state': 'RFC 9293 §3.3.2',
};

export const ruleKey = (rule: InferenceRule): string => rule.replaceAll(/[.-]/g, '_');

const UNIX = '_unix';
/** Calls of which AF_UNIX makes something else than TCP does. */
const UNIX_CALLS: ReadonlySet<string> = new Set(['socket.bound', 'connect.started', 'connect.ended', 'connection.accepted', 'bytes.sent']);

export const segmentReason = (segment: Segment): Reason =>
  segment.transport === 'unix' ? { key: `segment.data${UNIX}`, source: '' } : { key: `segment.${segment.kind.replace('-', '_')}`, source: SEGMENT_SOURCE[segment.kind] };

/** How an inferred thing follows; null for what was seen. */
export function ruleReason(provenance: Provenance): Reason | null {
  if (provenance.evidence !== 'inferred') return null;
  return { key: `rule.${ruleKey(provenance.rule)}`, source: RULE_SOURCE[provenance.rule] ?? '' };
}

export const stateReason = (state: SocketState): Reason => ({ key: `state.${state}`, source: state === 'OPEN' || state === 'BOUND' ? '' : 'RFC 9293 §3.3.2' });

/** What a call does; POSIX names it, so the source is the call itself. */
export function callReason(fact: Fact, socket: SocketModel | null): Reason {
  const key = `call.${fact.kind.replaceAll('.', '_')}`;
  if (socket?.family === 'AF_UNIX' && UNIX_CALLS.has(fact.kind)) return { key: `${key}${UNIX}`, source: '' };
  // Nobody has to find who asks: what it has is a port that the system chose.
  return fact.kind === 'socket.bound' && socket?.purpose !== 'listening' && isEphemeral(fact.local?.port ?? 0) ? { key: `${key}_ephemeral`, source: 'RFC 6335 §6' } : { key, source: '' };
}

export const errnoReason = (fact: Fact): Reason | null => (fact.err === '' ? null : { key: `errno.${fact.err}`, source: '' });

/** All paragraphs for a segment: what it is for, what became of its bytes, how it is known. */
export function segmentReasons(segment: Segment): Reason[] {
  const fate: Reason[] = segment.fate === 'none' || segment.fate === 'read' ? [] : [{ key: `fate.${segment.fate}`, source: '' }];
  const rule = ruleReason(segment.provenance);
  return [segmentReason(segment), ...fate, ...(rule === null ? [] : [rule])];
}

/** Paragraphs for a call that nobody saw: what it does, how it is known. */
export function inferredCallReasons(call: InferredCall): Reason[] {
  const rule = ruleReason(call.provenance);
  return [{ key: `call.${call.kind.replaceAll('.', '_')}`, source: '' }, ...(rule === null ? [] : [rule])];
}

/** Paragraphs for a call on a socket: what it does, or what its failure means. */
export const callReasons = (fact: Fact, socket: SocketModel | null): Reason[] => [errnoReason(fact) ?? callReason(fact, socket)];
