// Field types of VLAN tags (IEEE 802.1Q), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'vlan': 'protocol', 'vlan.cfi': 'bool', 'vlan.dei': 'bool', 'vlan.etype': 'uint16 hex', 'vlan.id': 'uint16', 'vlan.len': 'uint16', 'vlan.priority': 'uint16',
  'vlan.trailer': 'bytes',
};
