// Field types of IPv6 and its extension headers (RFC 8200), and AH (RFC 4302), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'ah': 'protocol', 'ipv6': 'protocol', 'ah.icv': 'bytes', 'ah.length': 'uint8', 'ah.next_header': 'uint8', 'ah.reserved': 'bytes', 'ah.sequence': 'uint32',
  'ah.spi': 'uint32 hex', 'ipv6.addr': 'ipv6', 'ipv6.dst': 'ipv6', 'ipv6.dst_host': 'string', 'ipv6.dstopts': 'protocol', 'ipv6.dstopts.len': 'uint8',
  'ipv6.dstopts.len_oct': 'uint16', 'ipv6.dstopts.nxt': 'uint8', 'ipv6.flow': 'uint24 hex', 'ipv6.fraghdr': 'protocol', 'ipv6.fraghdr.ident': 'uint32 hex',
  'ipv6.fraghdr.more': 'bool', 'ipv6.fraghdr.nxt': 'uint8', 'ipv6.fraghdr.offset': 'uint16', 'ipv6.fraghdr.reserved_bits': 'uint16',
  'ipv6.fraghdr.reserved_octet': 'uint8 hex', 'ipv6.fragment': 'frame', 'ipv6.fragment.count': 'uint32', 'ipv6.fragment.error': 'frame',
  'ipv6.fragment.multipletails': 'bool', 'ipv6.fragment.overlap': 'bool', 'ipv6.fragment.overlap.conflict': 'bool', 'ipv6.fragment.toolongfragment': 'bool',
  'ipv6.fragments': 'none', 'ipv6.hlim': 'uint8', 'ipv6.hopopts': 'protocol', 'ipv6.hopopts.len': 'uint8', 'ipv6.hopopts.len_oct': 'uint16',
  'ipv6.hopopts.nxt': 'uint8', 'ipv6.host': 'string', 'ipv6.nxt': 'uint8', 'ipv6.opt': 'none', 'ipv6.opt.jumbo': 'uint32', 'ipv6.opt.length': 'uint8',
  'ipv6.opt.padn': 'bytes', 'ipv6.opt.router_alert': 'uint16', 'ipv6.opt.type': 'uint8 hex', 'ipv6.plen': 'uint16', 'ipv6.reassembled.data': 'bytes',
  'ipv6.reassembled.in': 'frame', 'ipv6.reassembled.length': 'uint32', 'ipv6.routing': 'protocol', 'ipv6.routing.len': 'uint8', 'ipv6.routing.len_oct': 'uint16',
  'ipv6.routing.nxt': 'uint8', 'ipv6.routing.segleft': 'uint8', 'ipv6.routing.type': 'uint8', 'ipv6.src': 'ipv6', 'ipv6.src_host': 'string',
  'ipv6.tclass': 'uint32 hex', 'ipv6.tclass.dscp': 'uint32', 'ipv6.tclass.ecn': 'uint32', 'ipv6.version': 'uint8',
  'ipv6.opt.mipv6.home_address': 'ipv6', 'ipv6.routing.mipv6.home_address': 'ipv6', 'ipv6.routing.mipv6.reserved': 'bytes', 'ipv6.routing.src.addr': 'ipv6',
  'ipv6.routing.src.reserved': 'bytes', 'ipv6.routing.srh.addr': 'ipv6', 'ipv6.routing.srh.flags': 'uint8 hex', 'ipv6.routing.srh.last_entry': 'uint8',
  'ipv6.routing.srh.tag': 'bytes',
  // Ours: Wireshark shows these bytes without a name.
  'ah.data': 'bytes', 'ipv6.ext': 'none', 'ipv6.opt.data': 'bytes', 'ipv6.routing.data': 'bytes',
};
