// A pcap file as bytes (draft-ietf-opsawg-pcap): its header and its records, little-endian, version 2.4, in micro- or nanoseconds.

import { PCAP_HEADER, PCAP_MAGIC } from './format';

export interface PcapFileOptions {
  readonly linkType: number;
  /** Bytes of a packet that are kept at most. 0 is what some readers refuse: the largest usual one is written for it. */
  readonly snapLength: number;
  readonly nanoseconds: boolean;
  /** Bits of the frame check sequence at the end of each packet: a multiple of 16, at most 240; null: not known. */
  readonly fcs: number | null;
}

const USUAL_SNAP_LENGTH = 262_144;

export function pcapHeader({ linkType, snapLength, nanoseconds, fcs }: PcapFileOptions): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PCAP_HEADER);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, nanoseconds ? PCAP_MAGIC.nanoseconds : PCAP_MAGIC.microseconds, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapLength === 0 ? USUAL_SNAP_LENGTH : snapLength, true);
  // Section 4: in units of 16 bits, with a bit that says that it is there.
  view.setUint32(20, fcs === null ? linkType : (linkType | 0x04000000 | ((fcs / 16) << 28)) >>> 0, true);
  return bytes;
}

/**
 * Writes a record into `target` (with `view` over the same bytes) at `at`: seconds since 1970 in 32 bits, `parts` of a second, and `captured` bytes from
 * `start` of `source`. Where it ends.
 */
export function putPcapRecord(target: Uint8Array, view: DataView, at: number, seconds: number, parts: number, source: Uint8Array, start: number, captured: number, wire: number): number {
  view.setUint32(at, seconds, true);
  view.setUint32(at + 4, parts, true);
  view.setUint32(at + 8, captured, true);
  view.setUint32(at + 12, wire, true);
  target.set(source.subarray(start, start + captured), at + 16);
  return at + 16 + captured;
}
