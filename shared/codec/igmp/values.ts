// Names of values of IGMP that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';
import { CHECKSUM_VALUES } from '../valueNames/verdicts';

export const values: ProtocolValues = {
  'igmp.checksum.status': CHECKSUM_VALUES,
  'igmp.record_type': {
    1: 'Mode Is Include', 2: 'Mode Is Exclude', 3: 'Change To Include Mode', 4: 'Change To Exclude Mode', 5: 'Allow New Sources', 6: 'Block Old Sources',
  },
  'igmp.s': ['SUPPRESS router side processing', 'Do not suppress router side processing'],
  'igmp.type': {
    1: 'Create Group Request', 2: 'Create Group Reply', 3: 'Join Group Request', 4: 'Join Group Reply', 5: 'Leave Group Request', 6: 'Leave Group Reply',
    7: 'Confirm Group Request', 8: 'Confirm Group Reply', 17: 'Membership Query', 18: 'Membership Report', 19: 'DVMRP Protocol', 20: 'PIM Routing Message',
    22: 'Membership Report', 23: 'Leave Group', 30: 'Traceroute Response', 31: 'Traceroute Query or Request', 34: 'Membership Report',
  },
};
