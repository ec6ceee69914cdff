// Names of values of the cooked header that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';
import { ETHER_TYPE_VALUES } from '../valueNames/etherTypes';
import { HARDWARE_VALUES } from '../valueNames/hardware';

export const values: ProtocolValues = {
  'sll.etype': ETHER_TYPE_VALUES, 'sll.hatype': HARDWARE_VALUES,
  'sll.ltype': { 1: 'Raw 802.3', 3: 'Ethernet', 4: '802.2 LLC', 7: 'PPP (HDLC)', 12: 'CAN', 13: 'CAN FD', 23: 'IrDA LAP', 245: 'ISI', 246: 'IEEE 802.15.4' },
  'sll.pkttype': { 0: 'Unicast to us', 1: 'Broadcast', 2: 'Multicast', 3: 'Unicast to another host', 4: 'Sent by us' },
};
