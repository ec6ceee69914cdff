// Names of values of ICMP that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';
import { CHECKSUM_VALUES } from '../valueNames/verdicts';

export const values: ProtocolValues = {
  'icmp.checksum.status': CHECKSUM_VALUES,
};
