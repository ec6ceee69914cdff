// The short way through the headers of nearly every packet: TCP or UDP in whole headers of IPv4 or IPv6, straight in Ethernet. Leaves the same answers as
// headers.ts does on its long way (whose test asks both at once), or says that the packet has to take it.

import { isIsl } from '../../codec/ethernet/isl';
import { PACKET_FLAG } from '../packetTable';
import type { HeaderScan } from './headers';
import { KIND } from './linkHeader';

const ETHERNET = 14;

/**
 * False: nothing is found out, and `scan` is as it was. `captured` bytes from `start` of a frame that was `wire` bytes long. Throws RangeError when they
 * are not in `view`.
 */
export function plainHeaders(scan: HeaderScan, view: DataView, start: number, captured: number, wire: number): boolean {
  // The smallest that can be read to its end: UDP in IPv4.
  if (captured < ETHERNET + 28) return false;
  if (isIsl(view.getUint32(start), view.getUint8(start + 4))) return false;
  const type = view.getUint16(start + 12);
  const at = start + ETHERNET;
  let transport = at + 20;
  let total = 0;
  let protocol = 0;
  if (type === 0x0800) {
    // Version 4, a header of 20 bytes, and no fragment (RFC 791 3.1).
    if (view.getUint8(at) !== 0x45 || (view.getUint16(at + 6) & 0x3fff) !== 0) return false;
    total = view.getUint16(at + 2);
    protocol = view.getUint8(at + 9);
  } else if (type === 0x86dd) {
    // Announced, and no extension header: those are neither TCP nor UDP (RFC 8200 3).
    const length = view.getUint16(at + 4);
    if (view.getUint8(at) >>> 4 !== 6 || length === 0) return false;
    transport = at + 40;
    total = 40 + length;
    protocol = view.getUint8(at + 6);
  } else return false;
  const end = at + total;
  const here = start + captured;
  // All of the packet is on the wire; of its payload some may be cut off.
  if (end > start + wire) return false;
  if (protocol === 6) {
    if (transport + 20 > end || transport + 20 > here) return false;
    const word = view.getUint16(transport + 12);
    const header = (word >>> 12) * 4;
    const payload = transport + header;
    if (header < 20 || payload > end || payload > here) return false;
    scan.kind = KIND.tcp;
    scan.flags = (word & 0x1ff) | ((word & 0x0e00) === 0 ? 0 : PACKET_FLAG.more);
    scan.sequence = view.getUint32(transport + 4);
    scan.acknowledgment = view.getUint32(transport + 8);
    scan.window = view.getUint16(transport + 14);
    scan.payloadAt = payload - start;
    scan.payload = end - payload;
    scan.optionsAt = transport + 20;
    scan.optionsEnd = payload;
  } else if (protocol === 17) {
    if (transport + 8 > end || transport + 8 > here) return false;
    // Its own length, where it is not that of the packet, is for the long way (RFC 768; RFC 2675 4).
    if (view.getUint16(transport + 4) !== end - transport) return false;
    scan.kind = KIND.udp;
    scan.flags = scan.sequence = scan.acknowledgment = scan.window = scan.optionsAt = scan.optionsEnd = 0;
    scan.payloadAt = transport + 8 - start;
    scan.payload = end - transport - 8;
  } else return false;
  const six = type === 0x86dd;
  scan.version = six ? 6 : 4;
  scan.sourceAt = six ? at + 8 : at + 12;
  scan.destinationAt = six ? at + 24 : at + 16;
  scan.ported = true;
  scan.sourcePort = view.getUint16(transport);
  scan.destinationPort = view.getUint16(transport + 2);
  scan.linkAt = start;
  return true;
}
