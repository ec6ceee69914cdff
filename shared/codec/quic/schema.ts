// Field types of QUIC (RFC 8999, RFC 9000), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'quic': 'protocol', 'quic.dcid': 'bytes', 'quic.dcil': 'uint8', 'quic.fixed_bit': 'bool', 'quic.header_form': 'uint8', 'quic.length': 'uint64',
  'quic.long.packet_type': 'uint8', 'quic.long.packet_type_v2': 'uint8', 'quic.packet_length': 'uint32', 'quic.remaining_payload': 'bytes',
  'quic.retry_integrity_tag': 'bytes', 'quic.retry_token': 'bytes', 'quic.scid': 'bytes', 'quic.scil': 'uint8', 'quic.short': 'none', 'quic.spin_bit': 'bool',
  'quic.supported_version': 'uint32 hex', 'quic.token': 'bytes', 'quic.token_length': 'uint64', 'quic.version': 'uint32 hex', 'quic.vn.unused': 'uint8 hex',
  // Ours: Wireshark shows these bits without a name until they are opened.
  'quic.protected_bits': 'uint8 hex',
};
