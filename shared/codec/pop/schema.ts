// Field types of POP3 (RFC 1939), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'pop': 'protocol', 'pop.request': 'string', 'pop.request.command': 'string', 'pop.request.data': 'string', 'pop.request.parameter': 'string',
  'pop.response': 'string', 'pop.response.data': 'string', 'pop.response.description': 'string', 'pop.response.indicator': 'string',
};
