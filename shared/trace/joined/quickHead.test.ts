// The quick way to read a frame says what the codecs say, or nothing.

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../base/random';
import { headOf } from '../capturedPackets';
import { scenario } from '../fixture';
import { capture } from '../fixtureCaptured';
import { EndpointTable } from '../foldHosts';
import { QuickHead } from './quickHead';

const FROM = { address: '127.0.20.1', port: 7 };
const TO = { address: '10.255.0.9', port: 65_535 };

function frames(): { readonly bytes: Uint8Array; readonly size: number }[] {
  const s = scenario();
  const seqs = [
    capture(s, { from: FROM, to: TO, flags: 0x1ff, sequence: 0xffff_fffe, acknowledgment: 0x8000_0000, window: 65_535, text: 'hello' }),
    capture(s, { from: FROM, to: TO, flags: 2, shift: 7 }), capture(s, { from: FROM, to: TO, flags: 0x10 }), capture(s, { from: FROM, to: TO, text: 'datagram' }), capture(s, { from: FROM, to: TO }),
    capture(s, { from: FROM, to: TO, flags: 0x18, text: 'much that was not kept', keep: 60 }),
  ];
  const trace = s.trace();
  const made = seqs.map((seq) => ({ bytes: trace.payload(seq).slice(), size: trace.at(seq).size }));
  // As Linux sends nearly all: with timestamps.
  const plain = made[0]?.bytes ?? new Uint8Array(0);
  const stamped = new Uint8Array([...plain.subarray(0, 54), 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, ...plain.subarray(54)]);
  stamped[46] = 0x80 | ((stamped[46] ?? 0) & 0x0f);
  stamped[17] = (stamped[17] ?? 0) + 12;
  return [...made, { bytes: stamped, size: stamped.length }];
}

const EMPTY = scenario().trace();

function both(bytes: Uint8Array, size: number) {
  const ends = new EndpointTable(EMPTY);
  const quick = new QuickHead(ends).read(bytes, 1, size);
  const slow = headOf(bytes, 1, Math.max(0, size - bytes.length));
  if (quick === null) return { quick, slow: null, read: false };
  const { tcp } = quick;
  return {
    quick: { from: ends.get(quick.fromEnd), to: ends.get(quick.toEnd), size: quick.size, payload: { start: quick.start, end: quick.end }, tcp }, read: true,
    slow: slow === null ? null : { from: slow.from, to: slow.to, size: slow.packet.size, payload: slow.packet.payload, tcp: slow.packet.tcp === null ? null : { sequence: slow.packet.tcp.sequence, acknowledgment: slow.packet.tcp.acknowledgment, flags: slow.packet.tcp.flags, window: slow.packet.tcp.window } },
  };
}

describe('the quick way', () => {
  it('says what the codecs say of plain frames', () => {
    const said = frames().map(({ bytes, size }) => both(bytes, size));
    for (const one of said) expect(one.quick).toEqual(one.slow);
    // All but the SYN with its option.
    expect(said.map(({ read }) => read)).toEqual([true, false, true, true, true, true, true]);
  });

  it('says the same or nothing of every prefix and of what was changed on the way', () => {
    const random = createRandom(11);
    for (const { bytes, size } of frames()) {
      for (let length = 0; length <= bytes.length; length++) {
        const { quick, slow } = both(bytes.subarray(0, length), size);
        expect(quick).toEqual(slow);
      }
      for (let n = 0; n < 150; n++) {
        const changed = bytes.slice();
        // Behind the payload's beginning nothing is read.
        changed[random.below(Math.min(changed.length, 66))] = random.below(256);
        const { quick, slow } = both(changed, size);
        expect(quick).toEqual(slow);
      }
    }
  });
});
