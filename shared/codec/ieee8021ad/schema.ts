// Field types of a provider's VLAN tag (IEEE 802.1ad), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'ieee8021ad': 'protocol', 'ieee8021ad.cvid': 'uint16', 'ieee8021ad.dei': 'uint16', 'ieee8021ad.id': 'uint16', 'ieee8021ad.priority': 'uint16',
  'ieee8021ad.svid': 'uint16',
  // Ours: Wireshark shows these bytes without a name.
  'ieee8021ad.etype': 'uint16 hex', 'ieee8021ad.len': 'uint16', 'ieee8021ad.trailer': 'bytes',
};
