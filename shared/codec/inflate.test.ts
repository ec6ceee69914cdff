// What zlib made smaller, made large again: all kinds of blocks, windows that go on, damage and bombs.

import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../base/bytes';
import { utf8Bytes, utf8Text } from '../base/bytesText';
import { createRandom } from '../base/random';
import { messageDeflate } from './websocket/deflate';
import { Inflater } from './inflate';

const fresh = (): Inflater => new Inflater({ takeOver: true, bits: 15 });
const pack = (bytes: Uint8Array, options: Parameters<typeof deflateRawSync>[1] = {}): Uint8Array => Uint8Array.from(deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, ...options })).subarray(0, -4);

describe('inflate', () => {
  it('undoes the examples of RFC 7692 7.2.3', () => {
    const inflater = fresh();
    expect(utf8Text(inflater.message(fromHex('f248cdc9c90700'), 100).bytes)).toBe('Hello');
    // The window goes on: the second one says 'as before'.
    expect(utf8Text(inflater.message(fromHex('f200110000'), 100).bytes)).toBe('Hello');
    expect(utf8Text(fresh().message(fromHex('000500faff48656c6c6f00'), 100).bytes)).toBe('Hello');
    expect(utf8Text(fresh().message(fromHex('f348cdc9c9070000'), 100).bytes)).toBe('Hello');
    expect(utf8Text(fresh().message(fromHex('f248050000 00ffffcac9c90700'), 100).bytes)).toBe('Hello');
    // Without what went before it is nothing.
    expect(fresh().message(fromHex('f200110000'), 100)).toMatchObject({ outcome: 'damaged' });
    expect(fresh().message(new Uint8Array(0), 100)).toEqual({ bytes: new Uint8Array(0), outcome: 'decoded' });
  });

  it('undoes what zlib does at every level and with every strategy', () => {
    const random = createRandom(7);
    for (let round = 0; round < 60; round++) {
      const spread = [2, 20, 256][round % 3] ?? 2;
      const bytes = Uint8Array.from({ length: random.below(6000) }, (_, at) => (random.next() < 0.3 ? random.below(spread) : at % 7));
      const packed = pack(bytes, { level: round % 10, strategy: [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE][round % 4] });
      expect(fresh().message(packed, 10_000), `round ${round}`).toEqual({ bytes, outcome: 'decoded' });
    }
  });

  it('cuts what grows too far, and keeps what comes before damage', () => {
    const bomb = fresh().message(pack(new Uint8Array(1_000_000)), 1000);
    expect([bomb.outcome, bomb.bytes.length <= 1000]).toEqual(['large', true]);
    const packed = pack(utf8Bytes('the quick brown fox jumps over the lazy dog, and again: the quick brown fox'));
    const half = fresh().message(packed.subarray(0, packed.length / 2), 1000);
    expect('the quick brown fox jumps over the lazy dog'.startsWith(utf8Text(half.bytes).slice(0, 12))).toBe(true);
  });

  it('says of spoilt data what zlib says: the same bytes, or damage', () => {
    const random = createRandom(11);
    for (let round = 0; round < 400; round++) {
      const spoilt = pack(Uint8Array.from({ length: 300 }, () => random.below(9))).slice();
      for (let n = 1 + random.below(3); n > 0; n--) spoilt[random.below(spoilt.length)] = random.below(256);
      const ours = fresh().message(spoilt, 5000);
      let theirs: Uint8Array | null = null;
      try {
        theirs = Uint8Array.from(inflateRawSync(Buffer.concat([spoilt, Uint8Array.of(0, 0, 0xff, 0xff)]), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 5000 }));
      } catch {
        // Damaged, or too large.
      }
      // zlib stops at a block that says it is the last; the messages of a WebSocket go on.
      if (theirs !== null && ours.outcome === 'decoded') expect(ours.bytes.subarray(0, theirs.length), `round ${round}`).toEqual(theirs);
      if (theirs === null) expect(ours.bytes.length, `round ${round}`).toBeLessThanOrEqual(5000);
    }
  });

  it('knows what both sides agreed on', () => {
    expect(messageDeflate('x-unknown, permessage-deflate; Server_No_Context_Takeover; client_max_window_bits="10"')).toEqual({
      text: 'permessage-deflate; Server_No_Context_Takeover; client_max_window_bits="10"', up: { takeOver: true, bits: 10 }, down: { takeOver: false, bits: 15 },
    });
    for (const none of ['', 'permessage-bzip2', 'permessage-deflate; client_max_window_bits=99']) expect(messageDeflate(none)).toBe(null);
  });
});
