// Field types of SMTP (RFC 5321), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'smtp': 'protocol', 'smtp.auth.password': 'string', 'smtp.auth.username': 'string', 'smtp.auth.username_password': 'string', 'smtp.command_line': 'string',
  'smtp.eom': 'none', 'smtp.message': 'string', 'smtp.req': 'bool', 'smtp.req.command': 'string', 'smtp.req.parameter': 'string', 'smtp.response': 'string',
  'smtp.response.code': 'uint32', 'smtp.rsp': 'bool', 'smtp.rsp.parameter': 'string',
};
