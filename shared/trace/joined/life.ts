// One life of a TCP connection as the kernel's packets show it: from its SYN (or the first packet that was captured) to the next SYN of the
// same four numbers. Keeps how far each direction has come; what the packets mean for the story, stream.ts and control.ts say.

import type { Conn } from '../foldConnections';

/** A packet of a TCP connection, as far as the join needs it. */
export interface WireSegment {
  /** Its fact, and its time (µs of the trace, never falling). */
  readonly seq: number;
  readonly t: number;
  readonly fromEnd: number;
  readonly toEnd: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  readonly window: number;
  /** Bytes of payload on the wire, and where they begin in the kept ones. */
  readonly size: number;
  readonly payloadStart: number;
}

/** Holes of one direction that are remembered. */
export const MOST_HOLES = 64;

/** One direction. */
export interface Way {
  /** Sequence number of its first byte; null until it is known. */
  base: number | null;
  /** Bytes up to here have been seen in packets, or are known to have been missed. */
  front: number;
  /** Bytes before `front` that no packet has shown: since when later ones have been seen. Ascending, at most MOST_HOLES. */
  readonly holes: { from: number; readonly to: number; readonly since: number }[];
  /** Offset of the FIN that was seen; -1 before. */
  fin: number;
  rst: boolean;
  /** Sequence number behind its FIN; null before. */
  finEnd: number | null;
  /** What its last segment acknowledged and offered; -1 before. */
  acknowledged: number;
  window: number;
  /** Time of its last packet. */
  last: number;
}

const way = (): Way => ({ base: null, front: 0, holes: [], fin: -1, rst: false, finEnd: null, acknowledged: -1, window: -1, last: Number.NEGATIVE_INFINITY });

export class Life {
  conn: Conn | null = null;
  /** Packets that wait for the calls that tell of them. */
  readonly queue: WireSegment[] = [];
  readonly up = way();
  readonly down = way();
  /** SYN, SYN-ACK, ACK of its beginning that were seen. */
  opened = 0;
  /** Where and when the last of its packets stands in the picture: the next one is not before it. */
  anchor = 0;
  now = Number.NEGATIVE_INFINITY;

  constructor(readonly clientEnd: number, readonly serverEnd: number, readonly began: number, /** Sequence number of its SYN; null: it had begun before. */ readonly syn: number | null) {}

  way(up: boolean): Way {
    return up ? this.up : this.down;
  }
}

/** Stream offset of a sequence number, nearest to what has been seen: the numbers go round at 2^32 (RFC 9293 3.4). */
export const offsetOf = (one: Way, sequence: number): number => one.front + ((sequence - (((one.base ?? 0) + one.front) >>> 0)) | 0);
