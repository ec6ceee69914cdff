// What each end of a connection has gone through, as steps on the diagram with their causes: from the socket's own states, and for a server
// whose connection waits in accept()'s queue from the segments of the handshake. Derives no state itself but those. Pure.

import type { Micros, SockId } from '../../../shared/base/brand';
import type { TraceStore } from '../../../shared/trace/store';
import { groundsOf, type Provenance } from '../../../shared/trace/event';
import type { ConnectionModel, Segment, SocketModel, SocketState, Story } from '../../../shared/trace/story';
import { nodeOf, transitionBetween, type NodeId, type Transition } from './diagram';

export type Side = 'client' | 'server' | 'listener';
export const SIDES: readonly Side[] = ['client', 'server', 'listener'];

/** What made a step happen, as something that can be selected. */
export type Cause = { readonly type: 'fact'; readonly seq: number } | { readonly type: 'segment'; readonly id: number };

export interface Step {
  readonly side: Side;
  readonly t: Micros;
  readonly from: NodeId;
  readonly to: NodeId;
  /** Null: none of the figure leads from one to the other. */
  readonly transition: Transition | null;
  /** Null: a timer. */
  readonly cause: Cause | null;
  readonly provenance: Provenance;
}

export interface History {
  readonly side: Side;
  /** Null when its program is not ours, or the socket is not made yet: accept() will. */
  readonly sock: SockId | null;
  /** False: nothing of it is seen. */
  readonly seen: boolean;
  readonly start: NodeId;
  readonly bornAt: Micros;
  readonly steps: readonly Step[];
}

/** Moments of a connection in which its handshake is looked for, and its reset, from the end. */
const HANDSHAKE = 64;
const RESET = 4096;

interface Control {
  readonly syn: Segment | null;
  readonly synAck: Segment | null;
  readonly ack: Segment | null;
  readonly rst: Segment | null;
  readonly finUp: Segment | null;
  readonly finDown: Segment | null;
}

function controlOf(story: Story, conn: ConnectionModel): Control {
  const moments = story.momentsOf(conn.id);
  const find = (indices: Iterable<number>, kind: string): Segment | null => {
    for (const index of indices) {
      const { segment } = story.moments.at(moments.at(index));
      if (segment !== null && story.segmentKind(segment) === kind) return story.segments.at(segment);
    }
    return null;
  };
  const first = Array.from({ length: Math.min(moments.length, HANDSHAKE) }, (_, index) => index);
  const last = Array.from({ length: Math.min(moments.length, RESET) }, (_, index) => moments.length - 1 - index);
  const fin = (id: number | null): Segment | null => (id === null ? null : story.segments.at(id));
  return {
    syn: find(first, 'syn'), synAck: find(first, 'syn-ack'), ack: find(first, 'ack'), rst: conn.outcome === 'open' || conn.outcome === 'closed' ? null : find(last, 'rst'),
    finUp: fin(conn.up.fin), finDown: fin(conn.down.fin),
  };
}

interface Change {
  readonly t: Micros;
  readonly state: SocketState;
  readonly provenance: Provenance;
}

/** The ends of a connection and the socket that listened for it. */
export function historiesOf(story: Story, trace: TraceStore, conn: ConnectionModel): readonly History[] {
  const control = controlOf(story, conn);
  const client = conn.client.sock === null ? null : story.socket(conn.client.sock);
  const server = conn.server.sock === null ? null : story.socket(conn.server.sock);
  const listener = listenerOf(story, conn, server);
  const made = [
    history('client', client, client?.states ?? shownStates(conn.client.states), story, trace, control),
    history('server', server, serverChanges(conn, server, listener, control), story, trace, control),
    ...(listener === null ? [] : [history('listener', listener, listener.states, story, trace, control)]),
  ];
  return made;
}

/** The socket that accepted it, or that has it in its queue. */
function listenerOf(story: Story, conn: ConnectionModel, server: SocketModel | null): SocketModel | null {
  if (server !== null) return server.acceptedBy === null ? null : story.socket(server.acceptedBy);
  const { address, port } = conn.server.endpoint;
  for (let n = story.sockets.count - 1; n >= 0; n--) {
    const socket = story.sockets.at(n);
    if (socket.purpose === 'listening' && socket.local?.port === port && (socket.local.address === address || socket.local.address === '0.0.0.0' || socket.local.address === '::') && socket.openedAt <= conn.startedAt) return socket;
  }
  return null;
}

/** Of a program that is not ours packets tell, where they were captured: from before its first segment. */
function shownStates(states: readonly Change[]): readonly Change[] | null {
  const first = states[0];
  return first === undefined ? null : [{ ...first, state: first.state === 'SYN_RECEIVED' ? 'LISTEN' : first.state === 'SYN_SENT' ? 'CLOSED' : first.state }, ...states];
}

/** Its kernel answers before accept() makes a socket of it: from the listening socket's state by the segments of the handshake. */
function serverChanges(conn: ConnectionModel, server: SocketModel | null, listener: SocketModel | null, { syn, synAck, ack, finUp, rst }: Control): readonly Change[] | null {
  if (listener === null && server === null) return shownStates(conn.server.states);
  const queued: Change[] = [];
  if (listener !== null && syn !== null && synAck !== null) {
    queued.push({ t: conn.startedAt, state: 'LISTEN', provenance: syn.provenance }, { t: syn.arrive ?? syn.depart, state: 'SYN_RECEIVED', provenance: syn.provenance });
    if (ack !== null) queued.push({ t: ack.arrive ?? ack.depart, state: 'ESTABLISHED', provenance: ack.provenance });
  }
  if (server === null) {
    // No program has it, so no call changes it: only what comes from the client does.
    for (const [segment, state] of [[finUp, 'CLOSE_WAIT'], [rst, 'CLOSED']] as const) {
      if (queued.length > 0 && segment !== null) queued.push({ t: segment.arrive ?? segment.depart, state, provenance: segment.provenance });
    }
    return queued.length === 0 ? null : queued;
  }
  const [first, ...rest] = server.states;
  return queued.length === 0 || first === undefined ? server.states : [...queued, ...(queued.at(-1)?.state === first.state ? rest : server.states)];
}

function history(side: Side, socket: SocketModel | null, changes: readonly Change[] | null, story: Story, trace: TraceStore, control: Control): History {
  const sock = socket?.id ?? null;
  const first = changes?.[0];
  if (changes === null || first === undefined) return { side, sock, seen: false, start: 'CLOSED', bornAt: 0 as Micros, steps: [] };
  let at = nodeOf(first.state, false);
  const start = at;
  const steps: Step[] = [];
  for (const change of changes.slice(1)) {
    const reset = side !== 'listener' && change.state === 'CLOSED' && control.rst !== null && at !== 'TIME_WAIT' && (at !== 'LAST_ACK' || near(control.rst, change.t));
    // The figure leads back to its first CLOSED from where no connection has been yet.
    const to = nodeOf(change.state, at !== 'CLOSED' && at !== 'LISTEN' && (at !== 'SYN_SENT' || reset));
    if (to === at) continue;
    const made = transitionBetween(at, to, reset);
    steps.push({ side, t: change.t, from: at, to, transition: made, cause: causeOf(made, change, side, sock, story, trace, control), provenance: change.provenance });
    at = to;
  }
  return { side, sock, seen: true, start, bornAt: first.t, steps };
}

const near = (segment: Segment, t: number): boolean => Math.abs(segment.depart - t) < 2 || (segment.arrive !== null && Math.abs(segment.arrive - t) < 2);

/** The segment that an end received, or the call that it made. */
function causeOf(made: Transition | null, { provenance }: Change, side: Side, sock: SockId | null, story: Story, trace: TraceStore, control: Control): Cause | null {
  const segment = (found: Segment | null): Cause | null => (found === null ? null : { type: 'segment', id: found.id });
  const from = groundsOf(provenance);
  const own = from.find((seq) => trace.at(seq).sock === sock) ?? from[0];
  const call: Cause | null = own === undefined ? null : { type: 'fact', seq: own };
  const shown = provenance.evidence === 'captured' ? story.segmentOfPacket(provenance.packet) : -1;
  const packet: Cause | null = shown < 0 ? null : { type: 'segment', id: shown };
  switch (made?.trigger) {
    case 'syn': return segment(control.syn) ?? call;
    case 'syn-ack': return segment(control.synAck) ?? call;
    case 'ack': return segment(control.ack) ?? call;
    case 'fin': return segment(side === 'client' ? control.finDown : control.finUp) ?? call;
    case 'rst': return segment(control.rst) ?? call;
    case 'timeout': return null;
    case 'ack-of-fin': return packet ?? call;
    // Of a program that is not ours no call is seen, but the segment that it sent.
    case 'call': return call ?? packet;
    case undefined: return call;
  }
}

/** All steps in order of time. */
export const stepsOf = (histories: readonly History[]): readonly Step[] => histories.flatMap((one) => one.steps).sort((a, b) => a.t - b.t);
