// Field types of raw IP, as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'raw': 'protocol',
};
