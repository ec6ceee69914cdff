// What became of a checksum, and how a flag is spelled, in Wireshark's spelling. For filters.

import type { FlagNames, ValueNames } from '../values';

export const CHECKSUM_VALUES: ValueNames = {
  0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present', 4: 'Illegal',
};

export const FLAG: FlagNames = ['Set', 'Not set'];
