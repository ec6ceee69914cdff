// Which variant of pcap a file is, where its magic number does not tell: patched writers of 1999 and Nokia's put more before each packet. The
// first records are looked at as each variant would have them; the one that makes most sense is it, as Wireshark does.

import { PCAP_RECORD, type PcapHeader } from '../../codec/pcap/format';

/** Records that are looked at. */
const LOOKED_AT = 3;
/** No packet on a wire is longer, whatever is kept of it: the largest message of D-Bus. */
const LARGEST = 128 * 1024 * 1024;
/** Linux boxes of 1999 did not have more interfaces. */
const INTERFACES = 10_000;
/** ETH_P_ of Linux below the EtherTypes: loop, echo, PUP. */
const PROTOCOLS: readonly number[] = [0x60, 0x200, 0x400];

/** The two lengths of a record in their order, whatever order the file has. */
export function recordLengths(view: DataView, at: number, { little, swapped }: PcapHeader): readonly [captured: number, wire: number] {
  const first = view.getUint32(at + 8, little);
  const second = view.getUint32(at + 12, little);
  return swapped === 'yes' || (swapped === 'maybe' && first > second) ? [second, first] : [first, second];
}

/**
 * Bytes of a record's header, told by the records from `start`; below zero: as many bytes must be there to tell. `last`: no more will come.
 * `longest`: of a packet.
 */
export function recordHeaderLength(view: DataView, start: number, end: number, header: PcapHeader, longest: number, last: boolean): number {
  let best = header.records[0] ?? PCAP_RECORD;
  let least = Infinity;
  if (header.records.length === 1) return best;
  for (const length of header.records) {
    const doubts = doubtsOf(view, start, end, header, longest, length, last);
    if (doubts < 0) return doubts;
    if (doubts < least) [best, least] = [length, doubts];
    if (doubts === 0) break;
  }
  return best;
}

/** How much speaks against headers of this length (a cut record does a little); below zero: too little is there to say. */
function doubtsOf(view: DataView, start: number, end: number, header: PcapHeader, longest: number, length: number, last: boolean): number {
  let doubts = 0;
  let at = start;
  for (let looked = 0; looked < LOOKED_AT && !(last && at === end); looked++) {
    if (end - at < length) return last ? doubts + 1 : start - at - length;
    const [captured, wire] = recordLengths(view, at, header);
    if (view.getUint32(at + 4, header.little) >= header.resolution) doubts++;
    if (header.snapLength > 0 && captured > header.snapLength) doubts++;
    if (wire > LARGEST) doubts++;
    if (captured > wire) doubts++;
    doubts += length === 20 ? nokiaDoubts(view.getUint32(at + 16, header.little)) : length > PCAP_RECORD ? patchDoubts(view, at, header.little) : 0;
    if (captured > longest) return doubts + 1;
    if (end - at < length + captured) return last ? doubts + 1 : start - at - length - captured;
    at += length + captured;
  }
  return doubts;
}

/** Interface, protocol and packet type of the patches. */
function patchDoubts(view: DataView, at: number, little: boolean): number {
  const protocol = view.getUint16(at + 20, little);
  let doubts = view.getUint32(at + 16, little) > INTERFACES ? 1 : 0;
  if (protocol < 0x600 && protocol > 0x17 && !PROTOCOLS.includes(protocol)) doubts++;
  return view.getUint8(at + 22) > 4 ? doubts + 1 : doubts;
}

/** What was seen of Nokia: 0x[9b]fbf[bd][69]0[12]. */
function nokiaDoubts(value: number): number {
  return /^[9b]fbf[bd][69]0[12]$/.test((value >>> 0).toString(16).padStart(8, '0')) ? 0 : 1;
}
