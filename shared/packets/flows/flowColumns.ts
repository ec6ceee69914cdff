// What is known of each flow, as columns: one row a flow, rows from 1. Owned by FlowTable, which alone adds; read by the analysis, by tables and by
// filters where an object a flow would be too slow.

import { grown } from './growing';

/** Bits of `known`: each for the first end, shifted by one for the second. */
export const KNOWN = {
  /** `base` holds the number before its first byte. */
  base: 0x01,
  /** It was the SYN's own number, not a guess from later packets. */
  syn: 0x04,
  /** Its SYN had a window scale option. */
  scale: 0x10,
} as const;

export class FlowColumns {
  /** Rows that there is room for; row 0 is nobody's. */
  room = 0;
  /** Index of PACKET_KINDS. */
  kind = new Uint8Array(0);
  /** Of IP: 4 or 6. */
  version = new Uint8Array(0);
  /** Four words an end, first end first; IPv4 has its address in the first of each. */
  addresses = new Uint32Array(0);
  /** First end's in the high 16 bits. */
  ports = new Uint32Array(0);
  /** Number among the flows of its protocol (tcp.stream, udp.stream), from 0. */
  stream = new Uint32Array(0);
  /** Two a flow: sent by the first end, sent by the second. Bytes are those on the wire, all headers included. */
  packets = new Uint32Array(0);
  bytes = new Float64Array(0);
  /** Numbers of its first and its latest packet. */
  first = new Uint32Array(0);
  last = new Uint32Array(0);
  /** Two a flow: sequence number that counts as 0. */
  base = new Uint32Array(0);
  /** Two a flow: shift of its first window scale option, and the packet that brought it. */
  scaledAt = new Uint32Array(0);
  shift = new Uint8Array(0);
  known = new Uint8Array(0);
  /** 1: an earlier connection of the same addresses and ports was over (or is taken to be). */
  reused = new Uint8Array(0);

  /** Makes room for `rows`. */
  ensure(rows: number): void {
    if (rows <= this.room) return;
    // Room that nobody wrote to costs no memory, copies of what was written do.
    const room = Math.max(256, rows, this.room * 4);
    this.kind = grown(this.kind, room);
    this.version = grown(this.version, room);
    this.addresses = grown(this.addresses, room, 8);
    this.ports = grown(this.ports, room);
    this.stream = grown(this.stream, room);
    this.packets = grown(this.packets, room, 2);
    this.bytes = grown(this.bytes, room, 2);
    this.first = grown(this.first, room);
    this.last = grown(this.last, room);
    this.base = grown(this.base, room, 2);
    this.scaledAt = grown(this.scaledAt, room, 2);
    this.shift = grown(this.shift, room, 2);
    this.known = grown(this.known, room);
    this.reused = grown(this.reused, room);
    this.room = room;
  }
}
