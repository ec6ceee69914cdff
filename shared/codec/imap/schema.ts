// Field types of IMAP (RFC 9051), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'imap': 'protocol', 'imap.command': 'string', 'imap.isrequest': 'bool', 'imap.line': 'string', 'imap.request': 'string', 'imap.request.command': 'string',
  'imap.request.command.uid': 'bool', 'imap.request.folder': 'string', 'imap.request.password': 'string', 'imap.request.username': 'string',
  'imap.request_tag': 'string', 'imap.response': 'string', 'imap.response.command': 'string', 'imap.response.status': 'string', 'imap.response_tag': 'string',
  'imap.tag': 'string',
};
