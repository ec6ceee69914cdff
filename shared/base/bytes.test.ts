import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes, fromHex, readUint, toHex, writeUint } from './bytes';
import { internetChecksum } from './checksum';

describe('bytes', () => {
  it('reads most significant byte first', () => {
    const bytes = fromHex('01 02 ff ff ff ff');
    expect(readUint(bytes, 0, 2)).toBe(0x0102);
    expect(readUint(bytes, 2, 4)).toBe(4_294_967_295);
    expect(readUint(bytes, 0, 6)).toBe(0x0102ffffffff);
  });

  it('refuses to read or write past the end', () => {
    expect(() => readUint(fromHex('0102'), 1, 2)).toThrow(RangeError);
    expect(() => writeUint(new Uint8Array(2), 1, 2, 7)).toThrow(RangeError);
    expect(() => fromHex('0g')).toThrow(RangeError);
    expect(() => fromHex('012')).toThrow(RangeError);
  });

  it('reads back what it wrote', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(), (length, seed) => {
      const value = seed % 256 ** length;
      const bytes = new Uint8Array(length + 1);
      writeUint(bytes, 1, length, value);
      expect(readUint(bytes, 1, length)).toBe(value);
      expect(bytes[0]).toBe(0);
    }));
  });

  it('joins, compares, and writes hex', () => {
    const joined = concatBytes(fromHex('00ff'), fromHex(''), fromHex('7f'));
    expect(toHex(joined, ' ')).toBe('00 ff 7f');
    expect(equalBytes(joined, fromHex('00:ff:7f'))).toBe(true);
    expect(equalBytes(joined, fromHex('00ff'))).toBe(false);
  });
});

describe('Internet checksum', () => {
  it('gives the sum of the example in RFC 1071 section 3', () => {
    expect(internetChecksum(fromHex('0001 f203 f4f5 f6f7'))).toBe(~0xddf2 & 0xffff);
  });

  it('is zero over data that contains it, whatever the data', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (data) => {
      const even = data.length % 2 === 0 ? data : concatBytes(data, new Uint8Array(1));
      const sum = new Uint8Array(2);
      writeUint(sum, 0, 2, internetChecksum(even));
      expect(internetChecksum(even, sum)).toBe(0);
    }));
  });

  it('does not depend on where the data is cut, and pads an odd end with zero', () => {
    expect(internetChecksum(fromHex('0102'), fromHex('0304'))).toBe(internetChecksum(fromHex('01020304')));
    expect(internetChecksum(fromHex('010203'))).toBe(internetChecksum(fromHex('01020300')));
  });
});
