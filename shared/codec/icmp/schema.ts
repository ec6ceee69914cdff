// Field types of ICMP (RFC 792), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'icmp': 'protocol', 'icmp.addr_entry_size': 'uint8', 'icmp.address_mask': 'ipv4', 'icmp.checksum': 'uint16 hex', 'icmp.checksum.status': 'uint8',
  'icmp.code': 'uint8', 'icmp.data_time': 'abstime', 'icmp.data_time_relative': 'reltime', 'icmp.ident': 'uint16', 'icmp.ident_le': 'uint16',
  'icmp.length': 'uint8', 'icmp.lifetime': 'uint16', 'icmp.mtu': 'uint16', 'icmp.no_resp': 'none', 'icmp.num_addrs': 'uint8', 'icmp.originate_timestamp': 'uint32',
  'icmp.pointer': 'uint32', 'icmp.pref_level': 'int32', 'icmp.receive_timestamp': 'uint32', 'icmp.redir_gw': 'ipv4', 'icmp.reserved': 'bytes',
  'icmp.resp_in': 'frame', 'icmp.resp_to': 'frame', 'icmp.resptime': 'double', 'icmp.router_address': 'ipv4', 'icmp.seq': 'uint16', 'icmp.seq_le': 'uint16',
  'icmp.transmit_timestamp': 'uint32', 'icmp.type': 'uint8', 'icmp.unused': 'bytes',
};
