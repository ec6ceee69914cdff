// Field types of ICMP (RFC 792), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'icmp': 'protocol', 'icmp.addr_entry_size': 'uint8', 'icmp.address_mask': 'ipv4', 'icmp.checksum': 'uint16 hex', 'icmp.checksum.status': 'uint8',
  'icmp.code': 'uint8', 'icmp.data_time': 'abstime', 'icmp.data_time_relative': 'reltime', 'icmp.ident': 'uint16', 'icmp.ident_le': 'uint16',
  'icmp.length': 'uint8', 'icmp.lifetime': 'uint16', 'icmp.mtu': 'uint16', 'icmp.no_resp': 'none', 'icmp.num_addrs': 'uint8', 'icmp.originate_timestamp': 'uint32',
  'icmp.pointer': 'uint32', 'icmp.pref_level': 'int32', 'icmp.receive_timestamp': 'uint32', 'icmp.redir_gw': 'ipv4', 'icmp.reserved': 'bytes',
  'icmp.resp_in': 'frame', 'icmp.resp_to': 'frame', 'icmp.resptime': 'double', 'icmp.router_address': 'ipv4', 'icmp.seq': 'uint16', 'icmp.seq_le': 'uint16',
  'icmp.ext': 'none', 'icmp.ext.checksum': 'uint16 hex', 'icmp.ext.checksum.status': 'uint8', 'icmp.ext.class': 'uint8', 'icmp.ext.ctype': 'uint8', 'icmp.ext.data': 'bytes',
  'icmp.ext.echo.req.local': 'bool', 'icmp.ext.echo.req.res': 'uint8 hex', 'icmp.ext.echo.rsp.active': 'bool', 'icmp.ext.echo.rsp.ipv4': 'bool', 'icmp.ext.echo.rsp.ipv6': 'bool',
  'icmp.ext.echo.rsp.res': 'uint8 hex', 'icmp.ext.echo.rsp.state': 'uint8', 'icmp.ext.echo.seq': 'uint8', 'icmp.ext.length': 'uint16', 'icmp.ext.res': 'uint16 hex', 'icmp.ext.version': 'uint8',
  'icmp.int_ident.addr_length': 'uint8', 'icmp.int_ident.address': 'bytes', 'icmp.int_ident.afi': 'uint16', 'icmp.int_ident.index': 'uint32', 'icmp.int_ident.ipv4': 'ipv4',
  'icmp.int_ident.ipv6': 'ipv6', 'icmp.int_ident.name': 'string', 'icmp.int_ident.reserved': 'bytes', 'icmp.int_info.afi': 'uint16', 'icmp.int_info.ifindex': 'bool',
  'icmp.int_info.index': 'uint32', 'icmp.int_info.ipaddr': 'bool', 'icmp.int_info.ipv4': 'ipv4', 'icmp.int_info.ipv6': 'ipv6', 'icmp.int_info.mtu': 'uint32', 'icmp.int_info.mtu_present': 'bool',
  'icmp.int_info.name': 'string', 'icmp.int_info.name_length': 'uint8', 'icmp.int_info.name_present': 'bool', 'icmp.int_info.reserved': 'uint8', 'icmp.int_info.role': 'uint8',
  'icmp.length.original_datagram': 'uint8', 'icmp.mpls.exp': 'uint24', 'icmp.mpls.label': 'uint24', 'icmp.mpls.s': 'bool', 'icmp.mpls.ttl': 'uint8',
  'icmp.transmit_timestamp': 'uint32', 'icmp.type': 'uint8', 'icmp.unused': 'bytes',
  // Ours: Wireshark shows it without a name.
  'icmp.ext.object': 'none',
};
