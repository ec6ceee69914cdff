// Field types of the loopback header of BSD, as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'null': 'protocol', 'null.family': 'uint32', 'null.type': 'uint16 hex',
};
