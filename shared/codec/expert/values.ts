// Names of what marks weigh and of what they are about, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';

export const values: ProtocolValues = {
  '_ws.expert.severity': { 0x100000: 'Comment', 0x200000: 'Chat', 0x400000: 'Note', 0x600000: 'Warning', 0x800000: 'Error' },
  '_ws.expert.group': {
    0x1000000: 'Checksum', 0x2000000: 'Sequence', 0x3000000: 'Response', 0x4000000: 'Request', 0x5000000: 'Undecoded', 0x6000000: 'Reassemble', 0x7000000: 'Malformed',
    0x8000000: 'Debug', 0x9000000: 'Protocol', 0xa000000: 'Security', 0xb000000: 'Comment', 0xc000000: 'Decryption', 0xd000000: 'Assumption', 0xe000000: 'Deprecated',
  },
};
