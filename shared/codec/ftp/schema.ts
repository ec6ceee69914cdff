// Field types of FTP (RFC 959), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'ftp': 'protocol', 'ftp.active.cip': 'ipv4', 'ftp.active.port': 'uint16', 'ftp.eprt.af': 'uint8', 'ftp.eprt.ip': 'ipv4', 'ftp.eprt.ipv6': 'ipv6',
  'ftp.eprt.port': 'uint16', 'ftp.epsv.ip': 'ipv4', 'ftp.epsv.ipv6': 'ipv6', 'ftp.epsv.port': 'uint16', 'ftp.passive.ip': 'ipv4', 'ftp.passive.port': 'uint16',
  'ftp.request': 'bool', 'ftp.request.arg': 'string', 'ftp.request.command': 'string', 'ftp.response': 'bool', 'ftp.response.arg': 'string', 'ftp.response.code': 'uint32',
  // Ours: Wireshark shows these bytes without a name.
  'ftp.line': 'string',
};
