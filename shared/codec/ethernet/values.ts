// Names of values of Ethernet that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';
import { ETHER_TYPE_VALUES } from '../valueNames/etherTypes';
import { CHECKSUM_VALUES } from '../valueNames/verdicts';

export const values: ProtocolValues = {
  'eth.dst.ig': ['Group address (multicast/broadcast)', 'Individual address (unicast)'],
  'eth.dst.lg': ['Locally administered address (this is NOT the factory default)', 'Globally unique address (factory default)'], 'eth.fcs.status': CHECKSUM_VALUES,
  'eth.ig': ['Group address (multicast/broadcast)', 'Individual address (unicast)'],
  'eth.lg': ['Locally administered address (this is NOT the factory default)', 'Globally unique address (factory default)'],
  'eth.src.ig': ['Group address (multicast/broadcast)', 'Individual address (unicast)'],
  'eth.src.lg': ['Locally administered address (this is NOT the factory default)', 'Globally unique address (factory default)'], 'eth.type': ETHER_TYPE_VALUES,
};
