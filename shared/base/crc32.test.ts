import { crc32 as zlibs } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from './bytesText';
import { crc32 } from './crc32';

describe('CRC-32', () => {
  it('is that of every other program', () => {
    expect(crc32(utf8Bytes('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
    expect(crc32(utf8Bytes('The quick brown fox jumps over the lazy dog'))).toBe(0x414fa339);
  });

  it('is that of zlib for every length, and of a part', () => {
    const bytes = new Uint8Array(300).map((_, index) => (index * 197 + 31) % 256);
    for (let length = 0; length <= bytes.length; length++) expect(crc32(bytes, 0, length)).toBe(zlibs(bytes.subarray(0, length)));
    for (let start = 0; start < 12; start++) expect(crc32(bytes, start, 77)).toBe(zlibs(bytes.subarray(start, 77)));
    // Wherever in its memory it lies.
    for (let begin = 0; begin < 6; begin++) expect(crc32(bytes.subarray(begin), 1, 100)).toBe(zlibs(bytes.subarray(begin + 1, begin + 100)));
  });
});
