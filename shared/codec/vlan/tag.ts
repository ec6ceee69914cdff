// The tag of a virtual LAN (IEEE 802.1Q 9.6): four bytes between Ethernet's addresses and what it carries. A customer's tag and a
// provider's (802.1ad) are the same but for the number before them, so one codec is made for each.

import { concatBytes } from '../../base/bytes';
import { incomplete, type Claim, type Codec } from '../codec';
import { nextAfterType, MAX_LENGTH } from '../ethernet/codec';
import { group } from '../field';
import { bit, hex, layoutNodes, readLayout, uint, writeLayout, type ValuesOf } from '../layout';

const LENGTH = 4;
const layoutOf = (name: 'vlan' | 'ieee8021ad') => ({
  priority: uint(`${name}.priority`, 0, 2, { mask: 0xe000 }),
  dropEligible: bit(`${name}.dei`, 0, 2, 0x1000),
  id: uint(`${name}.id`, 0, 2, { mask: 0x0fff }),
  // Wireshark has no name for the type behind a provider's tag.
  type: uint(name === 'vlan' ? 'vlan.etype' : 'ieee8021ad.etype', 2, 2, { format: hex(4) }),
});

export type VlanHeader = ValuesOf<ReturnType<typeof layoutOf>>;

/** The codec of tags that answer to `claims`. */
export function tagCodec(protocol: 'vlan' | 'ieee8021ad', title: string, claims: readonly Claim[]): Codec<VlanHeader> {
  const layout = layoutOf(protocol);
  const sized = { ...layout, type: uint(protocol === 'vlan' ? 'vlan.len' : 'ieee8021ad.len', 2, 2, { format: (value) => `${value} B` }) };
  return {
    protocol,
    title,
    layer: 'link',
    claims,
    decode(bytes, context) {
      if (bytes.length < LENGTH) return incomplete(LENGTH);
      const value = readLayout(layout, bytes);
      const end = value.type <= MAX_LENGTH ? Math.min(LENGTH + value.type, bytes.length) : bytes.length;
      return {
        status: 'complete', value, length: LENGTH, payload: { start: LENGTH, end, missing: context.missing ?? 0 },
        next: nextAfterType(value.type, bytes, LENGTH), inside: {}, quotes: false,
      };
    },
    encode(value, payload) {
      const header = new Uint8Array(LENGTH);
      writeLayout(layout, header, value);
      return concatBytes(header, payload);
    },
    fields(bytes, _context, base) {
      const length = bytes.length >= LENGTH && readLayout(layout, bytes).type <= MAX_LENGTH;
      return group(protocol, title, base, Math.min(LENGTH, bytes.length), layoutNodes(length ? sized : layout, bytes, base));
    },
  };
}
