// Names of values of VLAN tags that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';
import { ETHER_TYPE_VALUES } from '../valueNames/etherTypes';

export const values: ProtocolValues = {
  'vlan.cfi': ['Non-canonical', 'Canonical'], 'vlan.dei': ['Eligible', 'Ineligible'], 'vlan.etype': ETHER_TYPE_VALUES,
  'vlan.priority': {
    0: 'Best Effort (default)', 1: 'Background', 2: 'Spare', 3: 'Excellent Effort', 4: 'Controlled Load', 5: 'Video, < 100ms latency and jitter',
    6: 'Voice, < 10ms latency and jitter', 7: 'Network Control',
  },
};
