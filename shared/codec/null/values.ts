// Names of values of the loopback header that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';
import { ETHER_TYPE_VALUES } from '../valueNames/etherTypes';

export const values: ProtocolValues = {
  'null.family': { 2: 'IP', 7: 'OSI', 16: 'Appletalk', 23: 'Netware IPX/SPX', 24: 'IPv6', 28: 'IPv6', 30: 'IPv6' }, 'null.type': ETHER_TYPE_VALUES,
};
