// The columns of the table of segments and datagrams, and the names behind the codes in them. Used by foldSegments.ts alone, but for FLIGHT.

import type { InferenceRule } from './event';
import type { SegmentKind, SegmentSpecial } from './story';

export const KINDS = ['syn', 'syn-ack', 'ack', 'data', 'fin', 'rst', 'datagram', 'unreachable'] as const satisfies readonly SegmentKind[];
export const kindCode = (kind: SegmentKind): number => KINDS.indexOf(kind);
export const DATA = kindCode('data');
export const DATAGRAM = kindCode('datagram');
export const UNREACHABLE = kindCode('unreachable');

/** Rules of inferred segments by the code of the column; 0 is "observed". */
export const RULES: readonly (InferenceRule | null)[] = [
  null, 'tcp.handshake.connected', 'tcp.refused', 'tcp.fin.shutdown', 'tcp.fin.close', 'tcp.fin.end-of-stream', 'tcp.rst.close-unread',
  'tcp.rst.data-after-close', 'tcp.rst.reset', 'tcp.rst.linger', 'tcp.rst.listener-closed', 'udp.unreachable', 'peer.sent', 'tcp.syn.unanswered',
];

export const SPECIALS = [null, 'retransmission', 'windowUpdate', 'zeroWindow', 'duplicateAck', 'keepAlive', 'outOfOrder'] as const satisfies readonly (SegmentSpecial | null)[];

/** Where a datagram is on its way. */
export const FLIGHT = { waiting: 0, read: 1, partly: 2, lost: 3, unknown: 4 } as const;
export const FATE_OF_FLIGHT = ['unread', 'read', 'partly', 'lost', 'unknown'] as const;

export const columns = (capacity: number) => ({
  capacity,
  depart: new Float64Array(capacity),
  arrive: new Float64Array(capacity),
  offset: new Float64Array(capacity),
  conn: new Uint32Array(capacity),
  size: new Uint32Array(capacity),
  fromSock: new Uint32Array(capacity),
  toSock: new Uint32Array(capacity),
  fromEnd: new Uint32Array(capacity),
  toEnd: new Uint32Array(capacity),
  payload: new Int32Array(capacity),
  sent: new Int32Array(capacity),
  received: new Int32Array(capacity),
  ground1: new Int32Array(capacity),
  ground2: new Int32Array(capacity),
  ground3: new Int32Array(capacity),
  anchor: new Int32Array(capacity),
  packet: new Int32Array(capacity),
  within: new Int32Array(capacity),
  skip: new Uint32Array(capacity),
  flags: new Uint16Array(capacity),
  special: new Uint8Array(capacity),
  kind: new Uint8Array(capacity),
  up: new Uint8Array(capacity),
  rule: new Uint8Array(capacity),
  flight: new Uint8Array(capacity),
});

/** The same with twice the room. */
export function grown(old: ReturnType<typeof columns>): ReturnType<typeof columns> {
  const rows = columns(old.capacity * 2);
  for (const name of Object.keys(old) as (keyof typeof old)[]) if (name !== 'capacity') (rows[name] as Float64Array).set(old[name] as Float64Array);
  return rows;
}
