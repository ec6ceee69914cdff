// The bytes of packets for who goes through a capture in order: pieces of the file as they lie there, of which a packet is a part and which are searched
// as a whole. What a file is, is the business of electron/packets.

import { containsBytes } from '../../filter/values';
import type { PacketBytes } from '../dissector';

export interface PacketWindow {
  /** Has the captured bytes of a packet, by number from 0, in `bytes`; gives where they begin there. Only until the next call. Throws what reading a file throws. */
  place(packet: number): number;
  readonly bytes: Uint8Array;
  /** Tells whether `wanted` lies in from..to-1 of `bytes`. Asked of packet after packet, a piece of the file is gone through once. */
  finder(wanted: Uint8Array): (from: number, to: number) => boolean;
}

/** Packet by packet, where there is no file. */
export function windowOf(packets: PacketBytes): PacketWindow {
  let latest = new Uint8Array(0);
  return {
    place: (packet) => {
      latest = Uint8Array.from(packets.bytes(packet));
      return 0;
    },
    get bytes() {
      return latest;
    },
    finder: (wanted) => (from, to) => containsBytes(latest.subarray(from, to), wanted),
  };
}
