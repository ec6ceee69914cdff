// Names of values of QUIC that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';

export const values: ProtocolValues = {
  'quic.header_form': { 0: 'Short Header', 1: 'Long Header' }, 'quic.long.packet_type': { 0: 'Initial', 1: '0-RTT', 2: 'Handshake', 3: 'Retry' },
  'quic.long.packet_type_v2': { 0: 'Retry', 1: 'Initial', 2: '0-RTT', 3: 'Handshake' },
};
