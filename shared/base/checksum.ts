// The Internet checksum (RFC 1071), that IPv4, ICMP, TCP and UDP carry. Used by the codecs to write and to verify headers.

import { byteAt } from './bytes';

/** Adds bytes to a running sum of 16-bit words. An odd last byte is padded with zero, so only the last part may be odd. */
export function addWords(sum: number, bytes: Uint8Array): number {
  let total = sum;
  const even = bytes.length & ~1;
  for (let i = 0; i < even; i += 2) total += (byteAt(bytes, i) << 8) | byteAt(bytes, i + 1);
  if (even < bytes.length) total += byteAt(bytes, even) << 8;
  return total;
}

/** Folds the carries and takes the one's complement (RFC 1071 section 1): 0 over data that holds its own right checksum. */
export function foldChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = Math.floor(folded / 0x10000) + (folded % 0x10000);
  return ~folded & 0xffff;
}

/** Checksum of the parts, taken as one run of bytes. All parts but the last must be even in length. */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  return foldChecksum(parts.reduce(addWords, 0));
}

/** The checksum that would have been right, by the one that is there and the verdict of internetChecksum() over all of it (0 when it is right). */
export const rightChecksum = (stored: number, left: number): number => ~foldChecksum(stored + left) & 0xffff;
