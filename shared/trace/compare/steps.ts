// One run as sequences of steps that can be held against another's: a sequence for each role, each step with a key that leaves out what the
// system chooses anew (times, ephemeral ports, descriptors). First stage of comparing; who matches whom is align.ts and compareRuns.ts.

import { isEphemeral, isPath } from '../endpoint';
import type { Endpoint, EventKind, Fact } from '../event';
import { previewBytes, previewText } from '../preview';
import { parseNote } from '../notes';
import type { TraceStore } from '../store';
import type { Moment, Segment, Story } from '../story';
import { COMPARE_LIMITS } from './limits';

/** One of the two runs. */
export interface RunSide {
  readonly story: Story;
  readonly trace: TraceStore;
}

export interface Step {
  /** Of its run's story. */
  readonly moment: number;
  /** Microseconds of its run's clock. */
  readonly t: number;
  /** Equal for steps that are the same in every respect that counts; `kind`: equal for steps of the same call. */
  readonly key: string;
  readonly kind: string;
}

/** What a role did, in order; '' is nobody's: the end of the run, the user's actions. */
export interface Lane {
  readonly role: string;
  readonly kind: 'client' | 'server' | 'relay' | 'none';
  readonly steps: Step[];
}

/** What a step says, by name: where two steps of one call differ, these tell in what. */
export type StepField = readonly [name: FieldName, value: string];
export type FieldName = 'to' | 'at' | 'errno' | 'size' | 'result' | 'bytes' | 'text' | 'buffer' | 'option' | 'outcome';

/** Facts that a comparison has no use for: set-up that all runs have, samples by the clock, secrets. */
const LEFT_OUT: ReadonlySet<EventKind> = new Set<EventKind>(['lab.started', 'host.added', 'socket.sampled', 'packet.captured', 'capture.changed', 'key.logged']);

/** Lanes in the order in which their roles started; no more steps than the limit, `cut` when there were more. */
export function lanesOf({ story, trace }: RunSide): { readonly lanes: readonly Lane[]; readonly cut: boolean } {
  const lanes = new Map<string, Lane>([['', { role: '', kind: 'none', steps: [] }]]);
  for (const { id, kind } of story.roles) lanes.set(id, { role: id, kind, steps: [] });
  const end = withoutStop({ story, trace });
  const count = Math.min(end, COMPARE_LIMITS.steps);
  for (let index = 0; index < count; index++) {
    const moment = story.moments.at(index);
    if (moment.seq !== null && LEFT_OUT.has(trace.kind(moment.seq))) continue;
    const kind = kindOf({ story, trace }, moment);
    const key = `${kind} ${fieldsOf({ story, trace }, moment).map(([name, value]) => `${name}=${value}`).join(' ')}${moment.seq === null ? '' : ` ${digest(trace.payload(moment.seq))}`}`;
    lanes.get(laneOf(story, moment))?.steps.push({ moment: index, t: moment.t, key, kind });
  }
  return { lanes: [...lanes.values()].filter((lane) => lane.steps.length > 0), cut: end > count };
}

/** What ends when a run is stopped after its script is over. */
const STOPPING: ReadonlySet<EventKind> = new Set<EventKind>(['role.ended', 'socket.closed', 'call.failed', 'stream.ended']);

/** Moments of a run, but those of its being stopped in the end: one run may be over and the other still open. */
function withoutStop({ story, trace }: RunSide): number {
  let count = story.moments.count;
  for (; count > 0; count--) {
    const { seq } = story.moments.at(count - 1);
    if (seq !== null && !STOPPING.has(trace.kind(seq))) break;
  }
  // Only behind the end of the script: a program that ends before it is part of the run.
  const last = count === 0 ? null : story.moments.at(count - 1);
  return last !== null && last.seq !== null && endedBy(trace, last.seq) ? count : story.moments.count;
}

function endedBy(trace: TraceStore, seq: number): boolean {
  for (let at = seq; at >= 0; at--) if (trace.kind(at) === 'lab.ended') return true;
  return false;
}

/** The role that a moment belongs to. */
export function laneOf(story: Story, moment: Moment): string {
  const role = moment.role === null ? null : story.role(moment.role);
  if (role !== null) return role.id;
  if (moment.segment === null) return '';
  const { fromSock, toSock } = story.segments.at(moment.segment);
  for (const sock of [fromSock, toSock]) {
    const socket = sock === null ? null : story.socket(sock);
    const owner = socket === null ? null : story.role(socket.role);
    if (owner !== null) return owner.id;
  }
  return '';
}

function kindOf({ story, trace }: RunSide, moment: Moment): string {
  if (moment.seq === null) return moment.segment === null ? 'inferred' : `segment ${story.segments.at(moment.segment).kind}`;
  const fact = trace.at(moment.seq);
  if (fact.kind === 'role.noted') return `note ${parseNote(fact.text)?.topic ?? ''}`;
  return fact.kind === 'call.failed' || fact.kind === 'fault.applied' ? `${fact.kind} ${fact.text}` : fact.kind;
}

/** What a step says, without what the system chooses anew. */
export function fieldsOf({ story, trace }: RunSide, moment: Moment): StepField[] {
  if (moment.call !== null) return [['option', story.calls.at(moment.call).text]];
  if (moment.seq === null) return moment.segment === null ? [] : segmentFields(story.segments.at(moment.segment));
  const fact = trace.at(moment.seq);
  const failed: StepField[] = fact.err === '' ? [] : [['errno', fact.err]];
  return [...factFields(fact, () => previewBytes(trace.payload(fact.seq), COMPARE_LIMITS.preview, fact.size)), ...failed];
}

const segmentFields = (segment: Segment): StepField[] => [['size', `${segment.size}`], ...(segment.fate === 'lost' ? [['outcome', 'lost'] as const] : [])];

function factFields(fact: Fact, bytes: () => string): StepField[] {
  switch (fact.kind) {
    case 'bytes.sent': case 'plaintext.sent':
      return [['size', `${fact.size}`], ['result', fact.a < fact.size ? `${fact.a}` : 'all'], ['bytes', bytes()]];
    case 'send.ended': return [['result', `${fact.a}`]];
    case 'bytes.received': case 'plaintext.received': return [['size', `${fact.size}`], ['buffer', `${fact.a}`], ['bytes', bytes()]];
    case 'datagram.sent': return [['to', place(fact.remote)], ['size', `${fact.size}`], ['bytes', bytes()]];
    case 'datagram.received': return [['size', `${fact.size}`], ['bytes', bytes()]];
    case 'recv.started': case 'recvfrom.started': return [['buffer', `${fact.a}`]];
    case 'connect.started': case 'connect.ended': return [['to', place(fact.remote)]];
    case 'socket.bound': return [['at', place(fact.local)]];
    case 'socket.listened': return [['at', place(fact.local)], ['buffer', `${fact.a}`]];
    case 'socket.opened': return [['option', `${fact.text} ${fact.b === 2 ? 'SOCK_DGRAM' : 'SOCK_STREAM'}`]];
    case 'option.set': return [['option', fact.text]];
    case 'stream.shutdown': return [['option', ['SHUT_RD', 'SHUT_WR', 'SHUT_RDWR'][fact.a] ?? '']];
    case 'socket.closed': return fact.a === 1 ? [['option', 'SO_LINGER=0']] : [];
    case 'stream.ended': case 'accept.started': case 'connection.accepted': case 'call.failed': case 'role.started': return [];
    case 'select.started': return [['option', `${fact.a}`]];
    case 'select.returned': return [['result', `${fact.a}`]];
    case 'fault.applied': return [['size', `${fact.size}`]];
    case 'role.ended': case 'lab.ended': return [['outcome', fact.text]];
    default: return [['text', previewText(fact.text, COMPARE_LIMITS.text)]];
  }
}

function place(endpoint: Endpoint | null): string {
  if (endpoint === null) return '';
  if (isPath(endpoint.address)) return endpoint.address.slice(endpoint.address.lastIndexOf('/') + 1);
  return `${endpoint.address}:${isEphemeral(endpoint.port) ? '*' : endpoint.port}`;
}

/** FNV-1a of the kept bytes: tells contents apart; what it says equal is shown as equal, not proved. */
function digest(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}
