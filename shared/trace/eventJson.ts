// A fact as JSON, for programs that read the command line's output and run files: names instead of codes, one flat object, the same
// keys first on each line. Facts only: what is inferred is derived again from them. The schema is the documentation that a test checks.

import * as v from 'valibot';
import { toBase64 } from '../base/base64';
import { never } from '../base/assert';
import { sockId } from '../base/brand';
import { KIND_CODE, type EventKind, type Fact } from './event';
import { record } from './foldHosts';
import type { TraceStore } from './store';
import type { Story } from './story';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const endpoint = v.strictObject({ address: v.string(), port: v.pipe(count, v.maxValue(65_535)) });

/** One event. The first ten keys are always there; the others when the kind has them. */
export const eventJsonSchema = v.strictObject({
  /** 0, 1, 2 ... in the order in which they were recorded. */
  seq: count,
  /** Microseconds since the run began, with a fraction. */
  t_us: v.pipe(v.number(), v.minValue(0)),
  evidence: v.picklist(['captured', 'observed']),
  kind: v.picklist(Object.keys(KIND_CODE) as EventKind[]),
  /** Ids as the lab gives them; null where the event belongs to none. */
  host: v.nullable(v.string()),
  role: v.nullable(v.string()),
  /** Number of the connection, from 1; null before it has one, and for what belongs to none. */
  conn: v.nullable(positive),
  /** Number of the socket, from 1, never used again. */
  sock: v.nullable(positive),
  /** errno name; null when the call succeeded. */
  err: v.nullable(v.string()),
  /** What the kind is about: the option set, the call that failed, what was printed, how it ended. */
  text: v.nullable(v.string()),
  local: v.optional(endpoint),
  remote: v.optional(endpoint),
  /** Descriptor of a new socket; null where the system does not tell. */
  fd: v.optional(v.nullable(count)),
  type: v.optional(v.picklist(['SOCK_STREAM', 'SOCK_DGRAM'])),
  backlog: v.optional(v.number()),
  /** connection.accepted: number of the new socket. */
  accepted: v.optional(positive),
  /** What the call returned: bytes taken by the kernel, -1 for an error. */
  result: v.optional(v.number()),
  /** Size of the buffer that the program gave to recv(). */
  buffer: v.optional(count),
  how: v.optional(v.picklist(['SHUT_RD', 'SHUT_WR', 'SHUT_RDWR'])),
  /** socket.closed: with SO_LINGER 0. */
  abort: v.optional(v.boolean()),
  /** Bytes of this direction of the stream before these. */
  offset: v.optional(count),
  /** Bytes that the call carried. */
  size: v.optional(count),
  /** Base64 of the bytes, when asked for; `kept` of them, which is fewer than `size` for very large ones. */
  payload: v.optional(v.string()),
  kept: v.optional(count),
  /** fault.applied: ms that the relay held the bytes, and which way they went. */
  held_ms: v.optional(count),
  /** Of select(); null: it waits for ever. */
  timeout_ms: v.optional(v.nullable(count)),
  /** Of the kernel's socket table: bytes, of a listening socket connections. */
  send_queue: v.optional(count),
  receive_queue: v.optional(count),
  timer: v.optional(v.picklist(['retransmission', 'keepalive', 'time_wait', 'window_probe', 'other'])),
  timer_ms: v.optional(count),
  /** capture.changed: packets are recorded from now on; so many were missed. */
  on: v.optional(v.boolean()),
  missed: v.optional(count),
  direction: v.optional(v.picklist(['up', 'down'])),
  /** tls.secured: an earlier session went on. */
  resumed: v.optional(v.boolean()),
  /** lab.started, host.added, role.started, role.noted, action.taken, tls.secured: what they say of themselves. */
  about: v.optional(v.record(v.string(), v.unknown())),
});
export type EventJson = v.InferOutput<typeof eventJsonSchema>;

/** Fact `seq` of the trace; `story` is that of the same trace, told as far as this fact at least. */
export function eventJson(trace: TraceStore, story: Story, seq: number, options: { readonly payload?: boolean } = {}): EventJson {
  const fact = trace.at(seq);
  // accept() is called on the listening socket; its connection is that of the socket that it returns.
  const sock = fact.kind === 'connection.accepted' ? sockId(fact.a) : fact.sock;
  const socket = sock === 0 ? null : story.socket(sock);
  const role = fact.role === 0 ? null : story.role(fact.role);
  const host = role === null ? null : story.host(role.host);
  return {
    seq, t_us: fact.t, evidence: fact.evidence, kind: fact.kind,
    host: host?.id ?? null, role: role?.id ?? null, conn: socket?.conn ?? null, sock: fact.sock === 0 ? null : fact.sock,
    err: fact.err === '' ? null : fact.err,
    text: fact.text === '' || isAbout(fact.kind) ? null : fact.text,
    ...(fact.local !== null && { local: fact.local }),
    ...(fact.remote !== null && { remote: fact.remote }),
    ...details(fact),
    ...(options.payload === true && fact.size > 0 && fact.kind !== 'socket.sampled' && { payload: toBase64(trace.payload(seq)), kept: fact.kept }),
  };
}

const TIMERS = [undefined, 'retransmission', 'keepalive', 'time_wait', 'window_probe'] as const;

const isAbout = (kind: EventKind): boolean => kind === 'lab.started' || kind === 'host.added' || kind === 'role.started' || kind === 'action.taken'
  || kind === 'role.noted' || kind === 'select.started' || kind === 'select.returned' || kind === 'tls.secured';

/** What the columns `a`, `b`, `offset` and `size` mean for the kind (the table in event.ts). */
function details(fact: Fact): Partial<EventJson> {
  const { a, b, offset, size } = fact;
  switch (fact.kind) {
    case 'lab.started': case 'host.added': case 'role.started': case 'action.taken': case 'role.noted':
      return { about: record(fact.text) };
    case 'socket.opened': return { fd: a < 0 ? null : a, type: b === 2 ? 'SOCK_DGRAM' : 'SOCK_STREAM' };
    case 'socket.listened': return { backlog: a };
    case 'connection.accepted': return { ...(a > 0 && { accepted: a }), fd: b < 0 ? null : b };
    case 'bytes.sent': return { result: a, offset, size };
    case 'send.ended': return { result: a, offset };
    case 'recv.started': case 'recvfrom.started': return { buffer: a };
    case 'bytes.received': return { buffer: a, offset, size };
    case 'stream.ended': return { buffer: a, offset };
    case 'stream.shutdown': return { how: a === 0 ? 'SHUT_RD' : a === 1 ? 'SHUT_WR' : 'SHUT_RDWR', offset };
    case 'socket.closed': return { abort: a === 1 };
    case 'datagram.sent': return { result: a, size };
    case 'datagram.received': return { buffer: a, size };
    case 'select.started': return { about: record(fact.text), timeout_ms: a < 0 ? null : a };
    case 'select.returned': return { about: record(fact.text), result: a };
    case 'packet.captured': return { size };
    case 'capture.changed': return { on: a === 1, missed: size };
    case 'socket.sampled': return { ...(a >= 0 && { send_queue: a }), ...(b >= 0 && { receive_queue: b }), ...(size > 0 && { timer: TIMERS[size] ?? 'other', timer_ms: offset }) };
    case 'fault.applied': return { held_ms: a, direction: b === 1 ? 'up' : 'down', size };
    case 'tls.secured': return { about: record(fact.text), resumed: a === 1 };
    case 'plaintext.sent': return { result: a, offset, size };
    case 'plaintext.received': return { offset, size };
    case 'lab.ended': case 'role.ended': case 'role.printed': case 'option.set': case 'socket.bound': case 'connect.started':
    case 'connect.ended': case 'accept.started': case 'call.failed': case 'tls.failed': case 'key.logged':
      return {};
    default: return never(fact.kind);
  }
}
