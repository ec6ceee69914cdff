// The TCP state of each end of a connection as its captured segments drive it (RFC 9293 3.3.2, 3.10.7): from the kernel's own packets, at their
// times. What the calls let infer of an end of ours is laid beside it when a reader asks (mergedStates.ts); the fold itself goes by the calls.

import { eventSeq, micros } from '../../base/brand';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { Conn, Side } from '../foldConnections';
import type { SocketState } from '../story';
import type { Life, WireSegment } from './life';

/** Takes a segment in, which stands at time `t` of the picture, after everything that its connection's packets said before. */
export function driveStates(life: Life, conn: Conn, packet: WireSegment, up: boolean, t: number): void {
  const [from, to] = up ? [conn.client, conn.server] : [conn.server, conn.client];
  const [sender, receiver] = up ? [life.up, life.down] : [life.down, life.up];
  const has = (flag: keyof typeof TCP_FLAGS): boolean => (packet.flags & TCP_FLAGS[flag]) !== 0;
  const set = (side: Side, state: SocketState): void => change(side, state, t, packet.seq);
  if (has('RST')) {
    // Where nobody listens there never was one.
    for (const side of [from, to]) if (side.wire.length > 0 || side.sock !== null) set(side, 'CLOSED');
    return;
  }
  if (has('SYN')) {
    // Whether anybody takes it, its answer tells. Two that call each other both answer (RFC 9293 3.5, Figure 7).
    set(from, has('ACK') ? 'SYN_RECEIVED' : 'SYN_SENT');
    if (has('ACK')) set(to, 'ESTABLISHED');
    return;
  }
  begin(from, t, packet.seq);
  begin(to, t, packet.seq);
  if (has('ACK')) {
    if (stateOf(to, t) === 'SYN_RECEIVED') set(to, 'ESTABLISHED');
    if (receiver.finEnd !== null && ((packet.acknowledgment - receiver.finEnd) | 0) >= 0) {
      const next = AFTER_FIN_ACK.get(stateOf(to, t));
      if (next !== undefined) set(to, next);
    }
  }
  if (!has('FIN')) return;
  sender.finEnd ??= (packet.sequence + packet.size + 1) >>> 0;
  // A FIN that does not acknowledge the other's left before that had come: both closed at once.
  if (receiver.finEnd !== null && from.wire.at(-1)?.state === 'CLOSE_WAIT' && ((packet.acknowledgment - receiver.finEnd) | 0) < 0) {
    from.wire.pop();
    set(from, 'FIN_WAIT_1');
    set(from, 'CLOSING');
  }
  const left = SENT_FIN.get(stateOf(from, t));
  if (left !== undefined) set(from, left);
  const got = GOT_FIN.get(stateOf(to, t));
  if (got !== undefined) set(to, got);
}

const SENT_FIN: ReadonlyMap<SocketState, SocketState> = new Map([['SYN_RECEIVED', 'FIN_WAIT_1'], ['ESTABLISHED', 'FIN_WAIT_1'], ['CLOSE_WAIT', 'LAST_ACK']]);
const GOT_FIN: ReadonlyMap<SocketState, SocketState> = new Map([['SYN_RECEIVED', 'CLOSE_WAIT'], ['ESTABLISHED', 'CLOSE_WAIT'], ['FIN_WAIT_1', 'CLOSING'], ['FIN_WAIT_2', 'TIME_WAIT']]);
const AFTER_FIN_ACK: ReadonlyMap<SocketState, SocketState> = new Map([['FIN_WAIT_1', 'FIN_WAIT_2'], ['CLOSING', 'TIME_WAIT'], ['LAST_ACK', 'CLOSED']]);

/**
 * The state that the packets have told, unless the calls have told of a later one since: packets may have been missed, or nobody captured for a
 * while. Of calls that came just now the packets may still be on their way.
 */
function stateOf(side: Side, t: number): SocketState {
  const shown = side.wire.at(-1);
  const told = side.sock?.states.findLast((one) => one.t <= t - ON_ITS_WAY);
  if (told !== undefined && told.t > (shown?.t ?? Number.NEGATIVE_INFINITY) + ON_ITS_WAY && rank(told.state) > rank(shown?.state ?? 'CLOSED')) return told.state;
  return shown?.state ?? side.sock?.states.findLast((one) => one.t <= t)?.state ?? 'ESTABLISHED';
}

/** So long after its call (µs) a segment that a call caused at once has surely been seen. */
const ON_ITS_WAY = 50_000;

/** States in the order in which a connection goes through them: it never goes back. */
const ORDER: readonly SocketState[] = ['LISTEN', 'SYN_SENT', 'SYN_RECEIVED', 'ESTABLISHED', 'FIN_WAIT_1', 'CLOSE_WAIT', 'FIN_WAIT_2', 'CLOSING', 'LAST_ACK', 'TIME_WAIT'];
const rank = (state: SocketState): number => ORDER.indexOf(state);

/** Of a connection whose beginning nobody captured: it stands, for it carries segments. Of an end of ours the calls tell. */
function begin(side: Side, t: number, seq: number): void {
  if (side.wire.length === 0 && side.sock === null) change(side, 'ESTABLISHED', t, seq);
}

function change(side: Side, state: SocketState, t: number, seq: number): void {
  const before = side.wire.at(-1)?.state;
  // What is sent again changes nothing, and a late RST finds nobody.
  if (before !== undefined && (before === 'CLOSED' || (state !== 'CLOSED' && rank(state) <= rank(before)))) return;
  side.wire.push({ t: micros(Math.max(t, side.wire.at(-1)?.t ?? t)), state, provenance: { evidence: 'captured', packet: eventSeq(seq), rule: 'tcp.state', from: [] } });
}
