// The promises of codec.ts as one test to call: golden bytes both ways, an answer to every prefix, every byte in the tree, and seeded
// damage that throws nothing, reads nothing beyond the bytes and comes back as it went. Test code only.

import { expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../base/bytes';
import { utf8Bytes } from '../base/bytesText';
import type { Codec, Context } from './codec';
import { walkFields } from './field';
import { CODEC_LIMITS } from './limits';

export interface Golden<V, E> {
  readonly codec: Codec<V, E>;
  readonly context?: Context;
  /** The message: hex, or the text of a protocol of lines (`text:` before it). */
  readonly bytes: string;
  /** What it says, or a part of that. */
  readonly value: object;
  /** A message that follows in the same bytes; default none. */
  readonly after?: string;
  /** True: cut bytes may already be a message of their own, or none (datagrams whose end is the message's end). */
  readonly datagram?: boolean;
}

const bytesOf = (text: string): Uint8Array => (text.startsWith('text:') ? utf8Bytes(text.slice(5)) : fromHex(text));

/** Mulberry32: small, seeded. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Every byte of `bytes` that some node with a value shows; fails for a node outside of them. */
function shown<V, E>(codec: Codec<V, E>, bytes: Uint8Array, context: Context): Set<number> {
  const covered = new Set<number>();
  let items = 0;
  for (const { node, depth } of walkFields(codec.fields(bytes, context, 100))) {
    items++;
    if (node.start < 100 || node.start + node.length > 100 + bytes.length || depth > CODEC_LIMITS.treeDepth) expect.fail(`${node.name} at ${node.start - 100}+${node.length} of ${bytes.length}: ${toHex(bytes)}`);
    if (depth > 0 && node.value !== null && node.generated === undefined) for (let i = 0; i < node.length; i++) covered.add(node.start - 100 + i);
  }
  expect(items).toBeLessThanOrEqual(CODEC_LIMITS.treeItems);
  return covered;
}

/** Tests for one golden message. `rounds`: how often it is spoilt. */
export function keepsPromises<V, E>({ codec, context = {}, bytes, value, after = '', datagram = false }: Golden<V, E>, rounds = 150): void {
  const message = bytesOf(bytes);
  const whole = concatBytes(message, bytesOf(after));

  it('is decoded, and encoded to the same bytes', () => {
    const answer = codec.decode(whole, context);
    expect(answer).toMatchObject({ status: 'complete', value, length: message.length });
    if (answer.status !== 'complete') return;
    // What decode gives, encode takes: those that take more than that make it right.
    expect(toHex(codec.encode(answer.value as unknown as E, whole.subarray(answer.payload.start, answer.payload.end), context))).toBe(toHex(whole.subarray(0, answer.payload.end)));
  });

  it('has an answer to every prefix, and shows every byte', () => {
    for (let end = 0; end <= whole.length; end++) {
      const cut = whole.subarray(0, end);
      const answer = codec.decode(cut, context);
      if (end < message.length && !datagram) expect(answer.status, `after ${end} bytes`).toBe('incomplete');
      if (answer.status === 'incomplete') {
        expect(answer.need).toBeGreaterThan(end);
        if (!datagram) expect(answer.need).toBeLessThanOrEqual(message.length);
      }
      const covered = shown(codec, cut, context);
      if (end === whole.length) expect(Array.from(message.keys()).filter((at) => !covered.has(at)), 'bytes without a field').toEqual([]);
    }
  });

  it('may be spoilt', () => {
    for (let seed = 1; seed <= rounds; seed++) {
      const pick = random(seed);
      const spoilt = whole.slice(0, pick(3) === 0 ? pick(whole.length + 1) : whole.length);
      for (let i = pick(5); i >= 0 && spoilt.length > 0; i--) spoilt[pick(spoilt.length)] = pick(3) === 0 ? [0, 0xff, 0x0d, 0x0a][pick(4)] ?? 0 : pick(256);
      const answer = codec.decode(spoilt, context);
      const around = concatBytes(new Uint8Array(8).fill(0xff), spoilt, new Uint8Array(64).fill(0xff)).subarray(8, 8 + spoilt.length);
      expect(codec.decode(around, context), `seed ${seed}`).toEqual(answer);
      shown(codec, spoilt, context);
      if (answer.status === 'incomplete') expect(answer.need, `seed ${seed}`).toBeGreaterThan(spoilt.length);
      if (answer.status !== 'complete') continue;
      const { start, end } = answer.payload;
      expect(start <= end && end <= spoilt.length && answer.length <= spoilt.length, `seed ${seed}`).toBe(true);
      const again = codec.decode(codec.encode(answer.value as unknown as E, spoilt.subarray(start, end), context), context);
      expect(again, `seed ${seed}`).toMatchObject({ status: 'complete', value: answer.value as object });
    }
  });
}
