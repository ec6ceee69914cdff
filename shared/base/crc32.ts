// CRC-32 as Ethernet, gzip and PNG have it (IEEE 802.3; RFC 1952 section 8): tells whether stored bytes are still those that were written.
// Eight bytes a step where the machine's words are little-endian, by tables that are made once.

import { IS_LITTLE_ENDIAN } from './byteOrder';

const POLYNOMIAL = 0xedb88320;
const STEP = 8;
/** 256 entries for each k: what a byte does to the sum when k more bytes follow it. */
const TABLE = makeTable();

function makeTable(): Uint32Array {
  const table = new Uint32Array(256 * STEP);
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
    table[byte] = sum;
  }
  for (let at = 256; at < table.length; at++) {
    const sum = table[at - 256] as number;
    table[at] = (sum >>> 8) ^ (table[sum & 0xff] as number);
  }
  return table;
}

/** The CRC-32 of `bytes` from `start` up to `end`, unsigned. */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const table = TABLE;
  let sum = 0xffffffff;
  let at = start;
  const aligned = IS_LITTLE_ENDIAN ? Math.min(start + (-(bytes.byteOffset + start) & 3), end) : end;
  for (; at < aligned; at++) sum = (sum >>> 8) ^ (table[(sum ^ (bytes[at] as number)) & 0xff] as number);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + at - ((bytes.byteOffset + at) & 3), (end - at) >>> 2);
  const pairs = words.length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    const one = sum ^ (words[i] as number);
    const two = words[i + 1] as number;
    sum = (table[1792 + (one & 0xff)] as number) ^ (table[1536 + ((one >>> 8) & 0xff)] as number) ^ (table[1280 + ((one >>> 16) & 0xff)] as number) ^ (table[1024 + (one >>> 24)] as number)
      ^ (table[768 + (two & 0xff)] as number) ^ (table[512 + ((two >>> 8) & 0xff)] as number) ^ (table[256 + ((two >>> 16) & 0xff)] as number) ^ (table[two >>> 24] as number);
  }
  for (at += 4 * pairs; at < end; at++) sum = (sum >>> 8) ^ (table[(sum ^ (bytes[at] as number)) & 0xff] as number);
  return ~sum >>> 0;
}
