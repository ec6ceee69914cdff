// Ethernet II and IEEE 802.3 frames (RFC 894, IEEE 802.3 3.2). The link layer of what we reconstruct and of most captures. The frame
// check sequence is not here: network cards do not hand it on.

import { concatBytes, readUint } from '../../base/bytes';
import { incomplete, type Claim, type Codec } from '../codec';
import { group } from '../field';
import { bit, hex, labelled, layoutNodes, macAddress, readLayout, uint, view, writeLayout, type ValuesOf } from '../layout';
import { isIsl } from './isl';
import { payloadEnd } from './payloadEnd';

const ETHERTYPES: ReadonlyMap<number, string> = new Map([
  [0x0800, 'IPv4'], [0x0806, 'ARP'], [0x8100, '802.1Q'], [0x86dd, 'IPv6'], [0x88a8, '802.1ad'],
  [0x8035, 'RARP'], [0x8137, 'IPX'], [0x8847, 'MPLS'], [0x8863, 'PPPoE discovery'], [0x8864, 'PPPoE session'], [0x888e, '802.1X'], [0x88cc, 'LLDP'], [0x9000, 'Loopback test'],
  [0x9100, 'QinQ'],
]);
const LENGTH = 14;
/** Up to this the third field is a length (IEEE 802.3 3.2.6). */
export const MAX_LENGTH = 1500;
/** NetWare's own form of 802.3: the packet begins at once, with the checksum of IPX, which is never calculated. */
const RAW_IPX = 0xff;

/** What the two bytes before `start` lead to: a type names it, a length has LLC behind it (IEEE 802.3 3.2.6). */
export function nextAfterType(type: number, bytes: Uint8Array, start: number): readonly Claim[] {
  if (type > MAX_LENGTH) return [`ethertype:${type}`];
  return bytes[start] === RAW_IPX && bytes[start + 1] === RAW_IPX ? [] : ['app:llc'];
}

const layout = {
  destination: macAddress('eth.dst', 0),
  destinationLocal: view(bit('eth.dst.lg', 0, 3, 0x020000), 'destination'),
  destinationGroup: view(bit('eth.dst.ig', 0, 3, 0x010000), 'destination'),
  source: macAddress('eth.src', 6),
  sourceLocal: view(bit('eth.src.lg', 6, 3, 0x020000), 'source'),
  sourceGroup: view(bit('eth.src.ig', 6, 3, 0x010000), 'source'),
  type: uint('eth.type', 12, 2, { format: labelled(ETHERTYPES, hex(4)) }),
};
const lengthSpec = { ...layout, type: uint('eth.len', 12, 2, { format: (value) => `${value} B` }) };

export type EthernetHeader = ValuesOf<typeof layout>;

export const codec: Codec<EthernetHeader> = {
  protocol: 'eth',
  title: 'Ethernet',
  layer: 'link',
  // In IP: protocol 143 (RFC 8986 9.1).
  claims: ['linktype:1', 'ip.proto:143'],
  decode(bytes, context) {
    if (bytes.length < LENGTH) return incomplete(LENGTH);
    const value = readLayout(layout, bytes);
    const sized = value.type <= MAX_LENGTH;
    const end = sized ? Math.min(LENGTH + value.type, bytes.length) : payloadEnd(value.type, bytes, LENGTH) ?? bytes.length;
    return {
      status: 'complete', value, length: LENGTH, payload: { start: LENGTH, end, missing: context.missing ?? 0 },
      next: isIsl(readUint(bytes, 0, 4), bytes[4] ?? 0) ? [] : nextAfterType(value.type, bytes, LENGTH), inside: {}, quotes: false,
    };
  },
  encode(value, payload) {
    const header = new Uint8Array(LENGTH);
    writeLayout(layout, header, value);
    return concatBytes(header, payload);
  },
  fields(bytes, _context, base) {
    const sized = bytes.length >= LENGTH && layout.type.read(bytes) <= MAX_LENGTH;
    return group('eth', 'Ethernet', base, Math.min(LENGTH, bytes.length), layoutNodes(sized ? lengthSpec : layout, bytes, base));
  },
};
