// Field types of what a packet is marked with, as Wireshark has them: broken off within a protocol, cut short by the capture, worth a look.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  '_ws.expert': 'protocol', '_ws.expert.group': 'uint32', '_ws.expert.message': 'string', '_ws.expert.severity': 'uint32', '_ws.malformed': 'protocol', '_ws.short': 'protocol',
};
