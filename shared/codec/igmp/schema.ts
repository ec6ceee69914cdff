// Field types of IGMP (RFC 3376), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'igmp': 'protocol', 'igmp.aux_data': 'bytes', 'igmp.aux_data_len': 'uint8', 'igmp.checksum': 'uint16 hex', 'igmp.checksum.status': 'uint8', 'igmp.data': 'bytes',
  'igmp.maddr': 'ipv4', 'igmp.max_resp': 'uint8', 'igmp.num_grp_recs': 'uint16', 'igmp.num_src': 'uint16', 'igmp.qqic': 'uint8', 'igmp.qrv': 'uint8',
  'igmp.record_type': 'uint8', 'igmp.reserved': 'bytes', 'igmp.s': 'bool', 'igmp.saddr': 'ipv4', 'igmp.type': 'uint8 hex', 'igmp.version': 'uint8',
  // Ours: Wireshark shows these bytes without a name.
  'igmp.group_record': 'none',
};
