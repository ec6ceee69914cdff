// The tag of a virtual LAN (IEEE 802.1Q 9.6): four bytes between Ethernet's addresses and what it carries.

import { concatBytes } from '../../base/bytes';
import { incomplete, type Codec } from '../codec';
import { group } from '../field';
import { bit, hex, layoutNodes, readLayout, uint, writeLayout, type ValuesOf } from '../layout';

const LENGTH = 4;
const MAX_LENGTH = 1500;
const layout = {
  priority: uint('vlan.priority', 0, 2, { mask: 0xe000 }),
  dropEligible: bit('vlan.dei', 0, 2, 0x1000),
  id: uint('vlan.id', 0, 2, { mask: 0x0fff }),
  type: uint('vlan.etype', 2, 2, { format: hex(4) }),
};

export type VlanHeader = ValuesOf<typeof layout>;

export const codec: Codec<VlanHeader> = {
  protocol: 'vlan',
  title: 'VLAN',
  layer: 'link',
  claims: ['ethertype:33024', 'ethertype:34984'],
  decode(bytes, context) {
    if (bytes.length < LENGTH) return incomplete(LENGTH);
    const value = readLayout(layout, bytes);
    return {
      status: 'complete', value, length: LENGTH, payload: { start: LENGTH, end: bytes.length, missing: context.missing ?? 0 },
      next: value.type <= MAX_LENGTH ? [] : [`ethertype:${value.type}`], inside: {}, quotes: false,
    };
  },
  encode(value, payload) {
    const header = new Uint8Array(LENGTH);
    writeLayout(layout, header, value);
    return concatBytes(header, payload);
  },
  fields: (bytes, _context, base) => group('vlan', 'VLAN', base, Math.min(LENGTH, bytes.length), layoutNodes(layout, bytes, base)),
};
