// TCP connections between two programs that are not ours, as captured packets tell of them: their ends as doors, with the states that the packets
// show, and the wire between. A port has one door, however many connections it serves. Part of doors.ts.

import type { Endpoint, Provenance } from '../../../shared/trace/event';
import type { ConnectionEnd, ConnectionModel, HostModel, SocketState, StateChange, Story } from '../../../shared/trace/story';

interface StrangersEnd {
  readonly key: string;
  readonly host: HostModel['index'];
  readonly local: Endpoint;
  readonly peer: Endpoint | null;
  readonly present: boolean;
  readonly state: SocketState | null;
  readonly provenance: Provenance | null;
}

export interface StrangersWire {
  readonly key: string;
  readonly a: StrangersEnd;
  readonly b: StrangersEnd;
  readonly live: boolean;
}

/** Connections that are looked at, the newest; and of those that have ended, how many of one client's host to one port still stand. */
const LOOKED = 64;
const ENDED = 1;

/** `t`: the playhead's time, µs. Those that are open, and the last that was, oldest first. */
export function strangersAt(story: Story, t: number): StrangersWire[] {
  const found: StrangersWire[] = [];
  const ended = new Map<string, number>();
  for (let index = story.connections.count - 1; index >= Math.max(0, story.connections.count - LOOKED); index--) {
    const conn = story.connections.at(index);
    if (conn.client.sock !== null || conn.server.sock !== null || conn.client.states.length + conn.server.states.length === 0) continue;
    const wire = wireOf(conn, t);
    if (!wire.live && wire.a.present) {
      const pair = `${conn.client.host} ${conn.server.host}:${conn.server.endpoint.port}`;
      const before = ended.get(pair) ?? 0;
      ended.set(pair, before + 1);
      if (before >= ENDED) continue;
    }
    found.push(wire);
  }
  return found.reverse();
}

function wireOf(conn: ConnectionModel, t: number): StrangersWire {
  const present = conn.startedAt <= t;
  const [a, b] = [endOf(conn.client, conn.server.endpoint, present, t), endOf(conn.server, null, present, t)];
  const over = (end: StrangersEnd): boolean => end.state === null || end.state === 'CLOSED' || end.state === 'TIME_WAIT';
  return { key: `c${conn.id}`, a, b, live: present && !(over(a) && over(b)) };
}

/** What packets say of an end's state at that time; null: nothing. */
export const shownState = ({ states }: ConnectionEnd, t: number): StateChange | null => states.findLast((change) => change.t <= t) ?? null;

function endOf(end: ConnectionEnd, peer: Endpoint | null, present: boolean, t: number): StrangersEnd {
  const { host, endpoint } = end;
  const now = shownState(end, t);
  return { key: `p${host}:${endpoint.port}`, host, local: endpoint, peer, present, state: now?.state ?? null, provenance: now?.provenance ?? null };
}
