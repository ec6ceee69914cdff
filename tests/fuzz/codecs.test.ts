// Hostile bytes for every codec: cut, flipped, overwritten, random. Seeded, so that a failure can be run again. What is promised:
// nothing throws, nothing hangs, nothing is read beyond the given bytes, no tree grows without bound.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../shared/base/bytes';
import { codecs, dissect, LINK_TYPE } from '../../shared/codec/dissect';
import { walkFields } from '../../shared/codec/field';
import { CODEC_LIMITS } from '../../shared/codec/limits';
import { expectSame } from './same.fixture';

/** Frames to spoil: a SYN with options, a datagram in IPv6 with extension headers, an ICMP error that quotes, IPv4 options. */
const SEEDS = [
  '000000000000 000000000000 0800 4500003c000040004006 0000 7f0000017f000001 c03a1b5f00000061000000 00a002ffd7f3fc0000 0204ffd70402080a00bc614e0000000001030307',
  '000000000000 000000000000 86dd 6000000000201140 00000000000000000000000000000001 00000000000000000000000000000001 3c00050200000100 2b000104 00000000 1102000000000000',
  '000000000000 000000000000 0800 45000038000000004001 0000 7f0000017f000001 0303000000000000 45000021000040004011 0000 7f0000017f000001 1388 2ee0 000d 9ced',
  '000000000000 000000000000 8100 0001 0800 4f000040000000004002 0000 7f0000017f000001 94040000 070b04 0a000001 0a000002 44080501 00000000 0100',
].map(fromHex);

/** Mulberry32: small, seeded, good enough to spoil bytes. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function spoil(seed: number): Uint8Array {
  const next = random(seed);
  const pick = (below: number): number => Math.floor(next() * below);
  const model = SEEDS[pick(SEEDS.length)] ?? new Uint8Array(0);
  const bytes = next() < 0.1 ? Uint8Array.from({ length: pick(200) }, () => pick(256)) : model.slice(0, next() < 0.5 ? model.length : pick(model.length + 1));
  const faults = pick(6);
  for (let i = 0; i < faults && bytes.length > 0; i++) bytes[pick(bytes.length)] = next() < 0.3 ? [0, 0xff, 0x7f, 0x80][pick(4)] ?? 0 : pick(256);
  return bytes;
}

/** The same bytes in the middle of others: whoever reads beyond, answers differently for different surroundings. */
function within(bytes: Uint8Array, filler: number): Uint8Array {
  const around = new Uint8Array(bytes.length + 128).fill(filler);
  around.set(bytes, 64);
  return around.subarray(64, 64 + bytes.length);
}

const ROUNDS = 6000;

describe('spoilt bytes', () => {
  it('dissect the same wherever they lie, without a throw, into small trees that stay inside', { timeout: 120_000 }, () => {
    const links = Object.values(LINK_TYPE);
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const bytes = spoil(seed);
      const link = links[seed % links.length] ?? LINK_TYPE.ethernet;
      const linkType = seed % 3 === 0 ? link : LINK_TYPE.ethernet;
      const missing = seed % 5 === 0 ? seed % 2000 : 0;
      const layers = dissect(within(bytes, 0), linkType, missing);
      expectSame(dissect(within(bytes, 0xff), linkType, missing), layers, `seed ${seed}`);
      let items = 0;
      for (const layer of layers) {
        for (const { node, depth } of walkFields(layer.tree)) {
          items++;
          if (node.start < 0 || node.start + node.length > bytes.length || depth > CODEC_LIMITS.treeDepth) expect.fail(`seed ${seed}: ${node.name} at ${node.start}+${node.length} of ${bytes.length}`);
        }
      }
      expect(items, `seed ${seed}`).toBeLessThanOrEqual(CODEC_LIMITS.treeItems);
    }
  });

  it('are answered by each codec alone; what is whole is written back as it was read', { timeout: 120_000 }, () => {
    let whole = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const bytes = spoil(seed).subarray(seed % 40);
      for (const [i, codec] of [...codecs.values()].entries()) {
        // Each seed goes to a part of the codecs: time is bounded, however many there are.
        if ((seed + i) % 4 !== 0) continue;
        const answer = codec.decode(bytes, {});
        codec.fields(bytes, {}, 0);
        if (answer.status === 'incomplete' && answer.need <= bytes.length) expect.fail(`seed ${seed}: ${codec.protocol} needs ${answer.need} of ${bytes.length}`);
        if (answer.status !== 'complete') continue;
        whole++;
        const { start, end } = answer.payload;
        if (start > end || end > bytes.length) expect.fail(`seed ${seed}: ${codec.protocol} payload ${start} to ${end} of ${bytes.length}`);
        if (codec.protocol === 'data') continue;
        const written = codec.encode(answer.value, bytes.subarray(start, end), {});
        // An application may say the same in other bytes (a compressed name, white space): then the value comes back.
        const again = codec.layer === 'application' ? codec.decode(written, {}) : null;
        if (again !== null) expect(again, `seed ${seed}: ${codec.protocol}`).toMatchObject({ status: 'complete', value: answer.value });
        // What stands behind the payload is the codec's own too (extensions of an ICMP error, RFC 4884).
        else expect(written, `seed ${seed}: ${codec.protocol}`).toEqual(bytes.slice(0, Math.max(end, written.length)));
      }
    }
    expect(whole).toBeGreaterThan(ROUNDS / 2);
  });

  it('stay small even when every byte is an option', () => {
    const packet = new Uint8Array(40 + 16 * 2048);
    packet[0] = 0x60;
    packet[4] = 0x80;
    for (let i = 0; i < 16; i++) packet[40 + i * 2048 + 1] = 255;
    let items = 0;
    for (const layer of dissect(packet, LINK_TYPE.ipv6)) items += [...walkFields(layer.tree)].length;
    expect(items).toBeGreaterThan(1000);
    expect(items).toBeLessThanOrEqual(CODEC_LIMITS.treeItems);
  });
});
