// What a captured packet between two programs that are not ours gives to the application story: bytes of a stream, a datagram, the end of a connection.
// Of connections with a socket of ours the calls tell, and packets add nothing.

import { eventSeq } from '../../base/brand';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { AppConn } from './appConn';
import type { AppContext } from './appContext';
import type { ConnClosing } from './appStory';
import type { Datagrams } from './datagrams';

const NONE: readonly ConnClosing[] = [];

/** Fact `seq`, a captured packet. Returns the closing of its connection when it is the first of it. */
export function readPacket({ story, messages, exchanges }: AppContext, datagrams: Datagrams, connOf: (id: number) => AppConn, seq: number): readonly ConnClosing[] {
  const id = story.segmentOfPacket(seq);
  if (id < 0) return NONE;
  const segment = story.segments.at(id);
  if (segment.fromSock !== null || segment.toSock !== null || segment.special === 'keepAlive') return NONE;
  if (segment.transport === 'udp') datagrams.packet(id, seq);
  if (segment.transport !== 'tcp' || segment.conn === null || segment.dir === null) return NONE;
  const model = story.connection(segment.conn);
  if (model === null || model.client.sock !== null || model.server.sock !== null) return NONE;
  const conn = connOf(segment.conn);
  conn.client = model.client.endpoint;
  conn.server = model.server.endpoint;
  const { wire } = conn;
  const { dir, kind, offset, size, depart } = segment;
  if (kind === 'syn') conn.connectStarted ??= { seq, t: depart };
  if (kind === 'syn-ack') conn.connectEnded ??= { seq, t: depart };
  const fresh = Math.max(offset, wire[dir].sent);
  if (size > 0 && fresh < offset + size) {
    wire[dir].carried(seq, fresh, offset + size - fresh, segment.payloadAt + fresh - offset);
    wire.pump(dir);
    messages.arrived(wire[dir]);
  }
  const fin = ((segment.flags ?? 0) & TCP_FLAGS.FIN) !== 0;
  if (kind !== 'rst' && !fin) return NONE;
  if (kind === 'rst') conn.broken = true;
  for (const one of kind === 'rst' ? (['up', 'down'] as const) : [dir]) wire.end(one, kind !== 'rst');
  const first = conn.clientClosed === null && conn.serverClosed === null;
  if (dir === 'up') conn.clientClosed ??= { seq, t: depart };
  else conn.serverClosed ??= { seq, t: depart };
  exchanges.connChanged(conn);
  return first ? [{ conn: conn.id, at: depart, seq: eventSeq(seq) }] : NONE;
}
