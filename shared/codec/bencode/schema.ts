// Field types of bencoding (BEP 3), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'bencode': 'protocol', 'bencode.dict': 'none', 'bencode.dict.entry': 'none', 'bencode.int': 'int32', 'bencode.list': 'none', 'bencode.str': 'string',
  'bencode.str.length': 'uint32', 'bencode.truncated_data': 'bytes',
};
