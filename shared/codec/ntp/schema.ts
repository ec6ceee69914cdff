// Field types of NTP (RFC 5905), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'ntp': 'protocol', 'ntp.flags': 'uint8 hex', 'ntp.flags.li': 'uint8', 'ntp.flags.mode': 'uint8', 'ntp.flags.vn': 'uint8', 'ntp.keyid': 'bytes', 'ntp.mac': 'bytes',
  'ntp.org': 'abstime', 'ntp.ppoll': 'uint8', 'ntp.precision': 'uint8', 'ntp.rec': 'abstime', 'ntp.refid': 'bytes', 'ntp.reftime': 'abstime',
  'ntp.rootdelay': 'uint32', 'ntp.rootdispersion': 'uint32', 'ntp.stratum': 'uint8', 'ntp.xmt': 'abstime',
  // Ours: Wireshark shows these bytes without a name.
  'ntp.data': 'bytes',
};
