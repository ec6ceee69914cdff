// Spoilt capture files, seeded: whatever the bytes are, reading ends in a refusal or in facts; nothing else is thrown, nothing is told that is not
// there, and the size of the pieces changes nothing.

import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../base/bytes';
import { createRandom } from '../../base/random';
import { blocksIn, pack, pcapBytes, tell, type Told } from './captureBytes.fixture';
import { CaptureError } from './captureError';

const ROUNDS = 2500;
const RECORDS = [{ seconds: 1, parts: 5, bytes: 'first' }, { seconds: 2, parts: 6, bytes: 'x'.repeat(70), wire: 90 }, { seconds: 3, parts: 7, bytes: 'third' }];

function pcapng(little: boolean): Uint8Array {
  const b = blocksIn(little);
  return concatBytes(
    b.section([[1, 'c'], [4, 'p']]), b.interface(1, 100, [[2, 'eth0'], [9, Uint8Array.of(9)]]), b.names([[1, [127, 0, 0, 1], 'me\0']]), b.secrets(0x544c534b, 'A b c'), b.packet(0, 1_700_000_000_000_000_001n, 'hello', [[1, 'note']]),
    b.simple('simple'), b.oldPacket(0, 5n, 'old'), b.statistics(0, [[5, b.number(3n, 8)]]), b.custom(7, Uint8Array.of(1, 2)), b.block(0x77, Uint8Array.of(9, 9, 9, 9)), b.section(), b.interface(101, 0, [[9, Uint8Array.of(0x8a)]]), b.packet(0, 1n, 'bye'),
  );
}

const MODELS = [
  pcapBytes(RECORDS), pcapBytes(RECORDS, { little: false, magic: 0xa1b23c4d }), pcapBytes(RECORDS, { version: [2, 3] }),
  pcapBytes(RECORDS.map((record) => ({ ...record, extra: pack(true, [1, 4], [0x800, 2], [0, 2]) })), { magic: 0xa1b2cd34 }), pcapng(true), pcapng(false),
];
/** What length fields dislike. */
const NASTY = [0, 1, 3, 8, 11, 12, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_fffc, 0xffff_ffff];

function spoil(seed: number): Uint8Array {
  const random = createRandom(seed);
  const model = MODELS[random.below(MODELS.length)] ?? new Uint8Array(0);
  const bytes = model.slice(0, random.next() < 0.6 ? model.length : random.below(model.length + 1));
  const view = new DataView(bytes.buffer);
  for (let faults = random.below(5); faults > 0 && bytes.length > 4; faults--) {
    const aligned = Math.floor(random.below(bytes.length - 3) / 4) * 4;
    if (random.next() < 0.4) view.setUint32(aligned, NASTY[random.below(NASTY.length)] ?? 0, random.next() < 0.5);
    else bytes[random.below(bytes.length)] = random.below(256);
  }
  if (random.next() >= 0.1) return bytes;
  const at = random.below(bytes.length + 1);
  return concatBytes(bytes.subarray(0, at), Uint8Array.from({ length: random.below(40) }, () => random.below(256)), bytes.subarray(at));
}

type Outcome = { readonly told: Told } | { readonly refused: string };

/** Anything but a CaptureError goes on to the test. */
function read(file: Uint8Array, piece: number): Outcome {
  try {
    return { told: tell(file, piece) };
  } catch (thrown) {
    if (!(thrown instanceof CaptureError)) throw thrown;
    return { refused: `${thrown.code} ${thrown.message}` };
  }
}

const plain = (outcome: Outcome): unknown => ('told' in outcome ? { ...outcome.told, facts: structuredClone(outcome.told.facts) } : outcome);

describe('spoilt capture files', () => {
  it('are read up to their damage or refused, the same in pieces of any size', { timeout: 120_000 }, () => {
    let opened = 0;
    let damaged = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const file = spoil(seed);
      const whole = read(file, file.length || 1);
      if ('told' in whole) {
        opened++;
        if (whole.told.facts.damage !== null) damaged++;
        for (const { offset, text } of whole.told.packets) expect(offset + text.length, `seed ${seed}`).toBeLessThanOrEqual(file.length);
        for (const { text, offset } of whole.told.packets) expect(String.fromCharCode(...file.subarray(offset, offset + text.length)), `seed ${seed}`).toBe(text);
        expect(whole.told.facts.damage?.offset ?? 0, `seed ${seed}`).toBeLessThanOrEqual(file.length);
      }
      expect(plain(read(file, 1 + (seed % 37))), `seed ${seed}`).toEqual(plain(whole));
    }
    // The suite means something only if both happen often.
    expect(opened).toBeGreaterThan(ROUNDS / 2);
    expect(damaged).toBeGreaterThan(ROUNDS / 10);
  });
});
