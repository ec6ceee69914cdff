// Field types of ARP (RFC 826), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'arp': 'protocol', 'arp.dst.hw': 'bytes', 'arp.dst.proto': 'bytes', 'arp.dst.proto_ipv4': 'ipv4',
  'arp.duplicate-address-detected': 'none', 'arp.duplicate-address-frame': 'frame', 'arp.hw.size': 'uint8', 'arp.hw.type': 'uint16', 'arp.isannouncement': 'bool',
  'arp.isgratuitous': 'bool', 'arp.isprobe': 'bool', 'arp.opcode': 'uint16', 'arp.proto.size': 'uint8', 'arp.proto.type': 'uint16 hex', 'arp.src.hw': 'bytes',
  'arp.src.hw_mac': 'ether', 'arp.src.proto': 'bytes', 'arp.src.proto_ipv4': 'ipv4',
};
