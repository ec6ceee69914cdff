import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from './bytes';
import { utf8Bytes, utf8Text } from './bytesText';

describe('UTF-8', () => {
  it('says the same as the platform, for all text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Bytes(text)).toEqual(new TextEncoder().encode(text));
      expect(utf8Text(utf8Bytes(text))).toBe(text);
    }));
  });

  it('keeps every valid part of broken input, and says where it broke', () => {
    expect(utf8Text(fromHex('41 ff 42'))).toBe('A\ufffdB');
    expect(utf8Text(fromHex('e2 82'))).toBe('\ufffd\ufffd');
    expect(utf8Text(fromHex('c0 80'))).toBe('\ufffd\ufffd');
    expect(utf8Text(fromHex('ed a0 80'))).toBe('\ufffd\ufffd\ufffd');
    expect(utf8Text(fromHex('f4 90 80 80'))).toHaveLength(4);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      expect(utf8Text(bytes).length).toBeLessThanOrEqual(bytes.length);
    }));
  });
});
