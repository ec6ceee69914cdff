// Names of values of the frame that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';

export const values: ProtocolValues = {
  'frame.packet_flags_direction': { 0: 'Unknown', 1: 'Inbound', 2: 'Outbound' },
};
