// What a TCP stream can begin with, and what its ports alone make of it: told from the first bytes of a segment. In doubt it may; what it says 'no' of is
// data to the dissection (dissection/streams/detect.ts). Used by flowTalks.ts.

import type { Claim } from '../../codec/codec';
import { claimed } from '../../codec/dissect';
import { isToken } from '../../codec/http/chars';
import { KNOWN_BY_BYTES, recognize } from '../../codec/recognize';
import { DISSECTION_LIMITS } from '../dissection/limits';

/** By port: it alone makes something of what is said there, as dissection/streams/detect.ts has it: of those known by their bytes only HTTP on 80, of what the client says first. */
const known = new Int8Array(65_536).fill(-1);
const STANDS = ['nothing', 'first', 'all'] as const;

export function standsFor(a: number, b: number): (typeof STANDS)[number] {
  const one = (port: number): number => {
    if (known[port] === -1) {
      const codec = claimed([`tcp.port:${port}` satisfies Claim]);
      known[port] = codec !== null && !KNOWN_BY_BYTES.has(codec.protocol) ? 2 : port === 80 ? 1 : 0;
    }
    return known[port] ?? 0;
  };
  return STANDS[Math.max(one(a), one(b))] ?? 'all';
}

/**
 * Whether a stream that is read from `at` on, by whoever sent it, may turn out to be something: `stop` is behind those that were captured of `length`. `late`:
 * nothing more is waited for.
 */
export function mayBegin(bytes: Uint8Array, at: number, stop: number, length: number, late: boolean): boolean {
  if (at >= stop) return false;
  const first = bytes[at] ?? 0;
  // TLS records, of a stream that was joined in its middle too; handshakes of BitTorrent.
  if (first >= 0x13 && first <= 0x18) return length < 2 || stop <= at + 1 || bytes[at + 1] === (first === 0x13 ? 0x42 : 3);
  if (!isToken(first)) return false;
  const end = Math.min(stop, at + DISSECTION_LIMITS.recognize);
  // A method and a space, or "HTTP/1." and the preface of HTTP/2; what is neither so far, and not at its end, is none of them.
  let space = at;
  while (space < end && isToken(bytes[space] ?? 0)) space++;
  if (space < end && bytes[space] !== 0x20 && bytes[space] !== 0x2f) return false;
  const begun = bytes.subarray(at, end);
  return recognize(begun, 'up', null, late) !== 'none' || recognize(begun, 'down', null, late) !== 'none';
}
