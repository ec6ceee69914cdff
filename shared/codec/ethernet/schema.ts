// Field types of Ethernet (IEEE 802.3), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'eth': 'protocol', 'llc': 'protocol', 'eth.addr': 'ether', 'eth.addr.oui': 'uint24', 'eth.addr_resolved': 'string', 'eth.dst': 'ether', 'eth.dst.ig': 'bool',
  'eth.dst.lg': 'bool', 'eth.dst.oui': 'uint24', 'eth.dst_resolved': 'string', 'eth.fcs': 'uint32 hex', 'eth.fcs.status': 'uint8', 'eth.ig': 'bool',
  'eth.len': 'uint16', 'eth.lg': 'bool', 'eth.padding': 'bytes', 'eth.src': 'ether', 'eth.src.ig': 'bool', 'eth.src.lg': 'bool', 'eth.src.oui': 'uint24',
  'eth.src_resolved': 'string', 'eth.trailer': 'bytes', 'eth.type': 'uint16 hex',
};
