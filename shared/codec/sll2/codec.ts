// Linux "cooked" capture, second version (LINKTYPE_LINUX_SLL2, https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html): as sll/,
// with the number of the interface. What `tcpdump -i any` writes today.

import { concatBytes } from '../../base/bytes';
import { incomplete, type Codec } from '../codec';
import { group } from '../field';
import { hex, labelled, layoutNodes, macAddress, readLayout, specNode, uint, unit, writeLayout, type ValuesOf } from '../layout';
import { PACKET_TYPES } from '../sll/codec';

const LENGTH = 20;
const layout = {
  type: uint('sll.etype', 0, 2, { format: hex(4) }),
  reserved: uint('sll.unused', 2, 2, { format: hex(4) }),
  interfaceIndex: uint('sll.ifindex', 4, 4),
  hardware: uint('sll.hatype', 8, 2),
  packetType: uint('sll.pkttype', 10, 1, { format: labelled(PACKET_TYPES) }),
  addressLength: uint('sll.halen', 11, 1, { format: unit('B') }),
  addressStart: uint('sll.src.other', 12, 6, { format: hex(12) }),
  addressEnd: uint('sll.unused', 18, 2, { format: hex(4) }),
};
const source = macAddress('sll.src.eth', 12);

export type Sll2Header = ValuesOf<typeof layout>;

export const codec: Codec<Sll2Header> = {
  protocol: 'sll2',
  title: 'Linux cooked',
  layer: 'link',
  claims: ['linktype:276'],
  decode(bytes, context) {
    if (bytes.length < LENGTH) return incomplete(LENGTH);
    const value = readLayout(layout, bytes);
    return { status: 'complete', value, length: LENGTH, payload: { start: LENGTH, end: bytes.length, missing: context.missing ?? 0 }, next: [`ethertype:${value.type}`], inside: {}, quotes: false };
  },
  encode(value, payload) {
    const header = new Uint8Array(LENGTH);
    writeLayout(layout, header, value);
    return concatBytes(header, payload);
  },
  fields(bytes, _context, base) {
    const ethernet = bytes.length >= 18 && layout.addressLength.read(bytes) === 6;
    const nodes = layoutNodes(layout, bytes, base).map((node) => (ethernet && node.name === 'sll.src.other' ? specNode(source, bytes, base) : node));
    return group('sll', 'Linux cooked', base, Math.min(LENGTH, bytes.length), nodes);
  },
};
