// The course's message generator: lines of one length, each ending with LF.

import { encode } from '../text';

/** Bytes of a line with its LF. */
export const LINE_BYTES = 32;

/** `count` lines of 32 bytes: "GET READY: line 1 of 3.........\n". Up to 9,999. */
export const messages = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => encode(`${`GET READY: line ${index + 1} of ${count}`.padEnd(LINE_BYTES - 1, '.')}\n`));
