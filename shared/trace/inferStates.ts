// TCP states of our sockets (RFC 9293 3.3.2) as they follow from calls and segments, rule `tcp.state`. On loopback a segment is
// in its receiver's kernel as soon as it is sent. CLOSING does not occur: a FIN there always acknowledges the other's.

import { eventSeq, micros } from '../base/brand';
import type { Conn } from './foldConnections';
import type { SocketRow } from './foldSockets';
import type { SocketState } from './story';

/** A FIN alone is acknowledged after this long at the latest (Linux TCP_DELACK_MIN, 40 ms; RFC 1122 4.2.3.2 allows 500 ms). */
const DELAYED_ACK = 40_000;
/** How long TIME_WAIT lasts (Linux TCP_TIMEWAIT_LEN, 60 s; RFC 9293 3.4.2 says 2 MSL). */
const TIME_WAIT = 60_000_000;
/** The shortest stay in a state: less than any two facts lie apart. */
export const INSTANT = 0.2;

/** An AF_UNIX stream socket has these and no others, and each shows by the call itself (Linux unix_stream_connect: sk_state). */
const LOCAL_STATES: ReadonlySet<SocketState> = new Set(['CLOSED', 'LISTEN', 'ESTABLISHED']);

/** From `t` on the socket is in `state`; takes the place of an expected state that has not come yet. */
export function setState(row: SocketRow | null, t: number, state: SocketState, from: readonly number[]): void {
  if (row === null) return;
  if (row.family === 'AF_UNIX') {
    if (LOCAL_STATES.has(state)) observedState(row, t, state);
    return;
  }
  settle(row, t);
  if (row.states.at(-1)?.state === state) return;
  row.states.push({ t: micros(t), state, provenance: { evidence: 'inferred', rule: 'tcp.state', from: from.map(eventSeq) } });
}

/** A state that a call's success shows by itself (datagram sockets, a new socket). */
export function observedState(row: SocketRow, t: number, state: SocketState): void {
  settle(row, t);
  if (row.states.at(-1)?.state !== state) row.states.push({ t: micros(t), state, provenance: { evidence: 'observed' } });
}

/** At `t`, in the future, the socket will be in `state`, unless something happens before. */
function expectState(row: SocketRow, t: number, state: SocketState, from: readonly number[]): void {
  setState(row, t, state, from);
  row.provisional = true;
}

/** Drops an expected state that something at `t` has overtaken. */
function settle(row: SocketRow, t: number): void {
  const last = row.states.at(-1);
  if (row.provisional && last !== undefined && last.t >= t) row.states.pop();
  row.provisional = false;
}

const stateAt = (row: SocketRow, t: number): SocketState => row.states.findLast((change) => change.t <= t)?.state ?? 'CLOSED';

/** SYN-ACK came to the client at `t`: it is ESTABLISHED even before connect() returns. */
export function synAckInStates(conn: Conn, t: number, from: readonly number[]): void {
  const row = conn.client.sock;
  if (row !== null && row.states.at(-1)?.state === 'SYN_SENT') setState(row, t, 'ESTABLISHED', from);
}

/** A FIN went from `from` to `to` at `t`. */
export function finInStates(from: SocketRow | null, to: SocketRow | null, t: number, seq: number): void {
  if (from !== null) {
    const state = stateAt(from, t);
    if (state === 'ESTABLISHED') {
      setState(from, t, 'FIN_WAIT_1', [seq]);
      expectState(from, t + DELAYED_ACK, 'FIN_WAIT_2', [seq]);
    } else if (state === 'CLOSE_WAIT') {
      // The receiver, in FIN_WAIT, acknowledges a FIN at once: LAST_ACK is over within the call.
      setState(from, t, 'LAST_ACK', [seq]);
      setState(from, t + 2 * INSTANT, 'CLOSED', [seq]);
    }
  }
  if (to !== null) {
    const state = stateAt(to, t);
    if (state === 'ESTABLISHED') setState(to, t + INSTANT, 'CLOSE_WAIT', [seq]);
    else if (state === 'FIN_WAIT_1' || state === 'FIN_WAIT_2') {
      setState(to, t + INSTANT, 'TIME_WAIT', [seq]);
      expectState(to, t + TIME_WAIT, 'CLOSED', [seq]);
    }
  }
}

/** A segment of the peer, at `t`, carries the acknowledgment of everything that `row` had sent, its FIN too. */
export function ackInStates(row: SocketRow | null, t: number, seq: number): void {
  if (row !== null && stateAt(row, t) === 'FIN_WAIT_1') setState(row, t, 'FIN_WAIT_2', [seq]);
}

/** A RST went between the two at `t`. */
export function resetInStates(conn: Conn, t: number, from: readonly number[]): void {
  setState(conn.client.sock, t, 'CLOSED', from);
  setState(conn.server.sock, t, 'CLOSED', from);
}

/** Both were thought to be CLOSED by a RST at `t`, but a FIN went from `from` to `to` just before it. */
export function finBeforeResetInStates(from: SocketRow | null, to: SocketRow | null, t: number, seq: number): void {
  for (const [row, state] of [[from, 'FIN_WAIT_1'], [to, 'CLOSE_WAIT']] as const) {
    if (row === null || row.states.at(-1)?.t !== t) continue;
    row.states.pop();
    setState(row, t, state, [seq]);
    setState(row, t + INSTANT, 'CLOSED', [seq]);
  }
}

/** The state that a socket has when it comes to a connection on which things may have happened already. */
export function joinInStates(row: SocketRow, conn: Conn, t: number, seq: number): void {
  const peer = row.isServer ? conn.client : conn.server;
  setState(row, t, 'ESTABLISHED', [seq]);
  if (conn.rst >= 0) setState(row, t + INSTANT, 'CLOSED', [seq]);
  else if (peer.finSent) setState(row, t + INSTANT, 'CLOSE_WAIT', [seq]);
}
