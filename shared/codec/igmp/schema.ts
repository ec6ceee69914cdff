// Field types of IGMP (RFC 3376), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'igmp': 'protocol', 'igmp.aux_data': 'bytes', 'igmp.aux_data_len': 'uint8', 'igmp.checksum': 'uint16 hex', 'igmp.checksum.status': 'uint8', 'igmp.data': 'bytes',
  'igmp.maddr': 'ipv4', 'igmp.max_resp': 'uint8', 'igmp.num_grp_recs': 'uint16', 'igmp.num_src': 'uint16', 'igmp.qqic': 'uint8', 'igmp.qrv': 'uint8',
  'igmp.record_type': 'uint8', 'igmp.reserved': 'bytes', 'igmp.s': 'bool', 'igmp.saddr': 'ipv4', 'igmp.type': 'uint8 hex', 'igmp.version': 'uint8',
  // Goes along as a type of IGMP.
  'dvmrp': 'protocol', 'dvmrp.cap.genid': 'bool', 'dvmrp.cap.leaf': 'bool', 'dvmrp.cap.mtrace': 'bool', 'dvmrp.cap.netmask': 'bool',
  'dvmrp.cap.prune': 'bool', 'dvmrp.cap.snmp': 'bool', 'dvmrp.capabilities': 'uint8 hex', 'dvmrp.checksum': 'uint16 hex', 'dvmrp.checksum.status': 'uint8',
  'dvmrp.flag.disabled': 'bool', 'dvmrp.flag.down': 'bool', 'dvmrp.flag.leaf': 'bool', 'dvmrp.flag.querier': 'bool', 'dvmrp.flag.srcroute': 'bool',
  'dvmrp.flag.tunnel': 'bool', 'dvmrp.flags': 'none', 'dvmrp.genid': 'uint32', 'dvmrp.lifetime': 'uint32', 'dvmrp.local': 'ipv4', 'dvmrp.maddr': 'ipv4',
  'dvmrp.maj_ver': 'uint8 hex', 'dvmrp.metric': 'uint8', 'dvmrp.min_ver': 'uint8 hex', 'dvmrp.ncount': 'uint8', 'dvmrp.neighbor': 'ipv4',
  'dvmrp.netmask': 'ipv4', 'dvmrp.reserved': 'uint16 hex', 'dvmrp.saddr': 'ipv4', 'dvmrp.threshold': 'uint8', 'dvmrp.type': 'uint8 hex',
  'dvmrp.v1.code': 'uint8 hex', 'dvmrp.v3.code': 'uint8 hex', 'dvmrp.version': 'uint8',
  // Ours: Wireshark shows these bytes without a name.
  'igmp.group_record': 'none',
};
