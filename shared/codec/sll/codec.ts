// Linux "cooked" capture (LINKTYPE_LINUX_SLL, https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html): the link header that
// libpcap writes when it captures on all interfaces at once.

import { concatBytes } from '../../base/bytes';
import { incomplete, type Codec } from '../codec';
import { group } from '../field';
import { bytesNode, hex, labelled, layoutNodes, macAddress, readLayout, specNode, uint, unit, writeLayout, type ValuesOf } from '../layout';

const LENGTH = 16;
export const PACKET_TYPES: ReadonlyMap<number, string> = new Map([[0, 'to us'], [1, 'broadcast'], [2, 'multicast'], [3, 'to another'], [4, 'sent by us']]);
const layout = {
  packetType: uint('sll.pkttype', 0, 2, { format: labelled(PACKET_TYPES) }),
  hardware: uint('sll.hatype', 2, 2),
  addressLength: uint('sll.halen', 4, 2, { format: unit('B') }),
  addressStart: uint('sll.src.other', 6, 6, { format: hex(12) }),
  addressEnd: uint('sll.unused', 12, 2, { format: hex(4) }),
  type: uint('sll.etype', 14, 2, { format: hex(4) }),
};
const source = macAddress('sll.src.eth', 6);

export type SllHeader = ValuesOf<typeof layout>;

export const codec: Codec<SllHeader> = {
  protocol: 'sll',
  title: 'Linux cooked',
  layer: 'link',
  claims: ['linktype:113'],
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
    const ethernet = bytes.length >= 12 && layout.addressLength.read(bytes) === 6;
    const none = bytes.length >= 6 && layout.addressLength.read(bytes) === 0;
    const nodes = layoutNodes(layout, bytes, base).flatMap((node) => {
      if (ethernet && node.name === 'sll.src.other') return [specNode(source, bytes, base)];
      // Without an address, its field is one with the unused one.
      if (none && node.name === 'sll.src.other') return bytes.length < 14 ? [node] : [bytesNode('sll.unused', bytes, 6, 14, base)];
      return none && node.name === 'sll.unused' ? [] : [node];
    });
    return group('sll', 'Linux cooked', base, Math.min(LENGTH, bytes.length), nodes);
  },
};
