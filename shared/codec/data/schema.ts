// Field types of bytes that nobody decodes, as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'data': 'protocol', 'data.data': 'bytes', 'data.len': 'int32', 'data.text': 'string',

};
