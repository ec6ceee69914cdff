// Where in the middle of a capture file a packet may begin: told by several that follow each other. Wrong only for a file that has a capture file in its
// packets; who reads what is before it finds that out.

import { BLOCK, BLOCK_FRAME } from '../../codec/pcapng/format';
import { CAPTURE_LIMITS, longestPacket } from '../file/limits';
import type { ScannerState } from '../file/scanner';

/** Items that must follow each other, or as many as there are, if at least two. */
const CHAIN = 6;
/** Of pcapng's blocks. */
const ALIGNED = 4;
/** Before the packet in its block, and the least that a block of it takes. */
const PACKET_BLOCK = 32;

/** Place in the bytes, of which the first lies at byte `base` of the file; -1: none is found. */
export function packetBoundary(view: DataView, base: number, state: ScannerState): number {
  const { pcap } = state;
  const step = pcap === null ? ALIGNED : 1;
  const next = pcap === null ? blockLength : recordLength;
  for (let at = pcap === null ? (ALIGNED - (base % ALIGNED)) % ALIGNED : 0; at < view.byteLength; at += step) {
    let end = at;
    for (let chained = 0; ; chained++) {
      const length = chained === CHAIN ? 0 : next(view, end, state, chained === 0);
      if (length === 0 && chained >= 2) return at;
      if (length <= 0) break;
      end += length;
    }
  }
  return -1;
}

/** Of the block there; 0: it cannot be seen whole; -1: it is none. The first one has to be a packet's. */
function blockLength(view: DataView, at: number, { little, interfaces, before }: ScannerState, first: boolean): number {
  const room = view.byteLength - at;
  if (room < PACKET_BLOCK) return 0;
  const type = view.getUint32(at, little);
  const length = view.getUint32(at + 4, little);
  if ((first && type !== BLOCK.packet) || length < BLOCK_FRAME || length % ALIGNED !== 0 || length > CAPTURE_LIMITS.block) return -1;
  if (type === BLOCK.packet) {
    const one = interfaces[before + view.getUint32(at + 8, little)];
    const captured = view.getUint32(at + 20, little);
    if (one === undefined || captured > length - PACKET_BLOCK || captured > longestPacket(one.linkType)) return -1;
  }
  if (length > room) return 0;
  return view.getUint32(at + length - 4, little) === length ? length : -1;
}

/** Of the record there, as `blockLength`. An empty packet says nothing: bytes that are 0 look so. */
function recordLength(view: DataView, at: number, { little, pcap }: ScannerState): number {
  if (pcap === null) return -1;
  const { record, header } = pcap;
  const room = view.byteLength - at;
  if (room < record) return 0;
  const captured = view.getUint32(at + 8, little);
  if (captured === 0 || captured > longestPacket(header.linkType) || captured > view.getUint32(at + 12, little) || view.getUint32(at + 4, little) >= header.resolution) return -1;
  return record + captured > room ? 0 : record + captured;
}
