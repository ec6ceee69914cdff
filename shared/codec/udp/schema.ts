// Field types of UDP (RFC 768), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'udp': 'protocol', 'udp.srcport': 'uint16', 'udp.dstport': 'uint16', 'udp.port': 'uint16', 'udp.length': 'uint16', 'udp.checksum': 'uint16 hex', 'udp.checksum.status': 'uint8', 'udp.checksum_calculated': 'uint16 hex',
  'udp.stream': 'uint32', 'udp.payload': 'bytes',
};
