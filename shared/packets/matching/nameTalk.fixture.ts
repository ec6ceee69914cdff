// Datagrams on the ports of DNS, mDNS and LLMNR as a seed has them: messages with pointers, EDNS and records of many types, the same cut short and
// spoilt, and bytes that are none at all.

import { concatBytes, writeUint } from '../../base/bytes';
import { createRandom, type Random } from '../../base/random';
import { codec as ethernet } from '../../codec/ethernet/codec';
import { codec as ipv4 } from '../../codec/ipv4/codec';
import { codec as udp } from '../../codec/udp/codec';
import type { Mixed } from './mixedTalk.fixture';

const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)] ?? list[0] as T;
const noise = (random: Random, length: number): Uint8Array => Uint8Array.from({ length }, () => random.below(256));

function header(random: Random, counts: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12);
  writeUint(bytes, 0, 2, random.below(4));
  writeUint(bytes, 2, 2, pick(random, [0x0100, 0x8180, 0x8183, 0x8400, 0, random.below(65_536)]));
  counts.forEach((count, i) => writeUint(bytes, 4 + i * 2, 2, count));
  return bytes;
}

const NAME = Uint8Array.of(1, 0x61, 4, 0x74, 0x65, 0x73, 0x74, 0);
/** To the name behind the header, to the middle of it, into the header, to itself, beyond the end. */
const POINTERS = [12, 14, 0, 2, 11, 16, 0x3fff];
const name = (random: Random): Uint8Array => (random.next() < 0.5 ? NAME : random.next() < 0.2 ? concatBytes(Uint8Array.of(2, 0x62, 0x63), pointer(random)) : pointer(random));
const pointer = (random: Random): Uint8Array => {
  const to = pick(random, [12, 12, 12, ...POINTERS]);
  return Uint8Array.of(0xc0 | (to >> 8), to & 0xff);
};

const RECORDS: readonly (readonly [type: number, data: readonly number[]])[] = [[1, [10, 0, 0, 1]], [28, Array<number>(16).fill(1)], [5, [0xc0, 12]], [2, [0xc0, 12]], [12, [0xc0, 14]], [15, [0, 1, 0xc0, 12]], [16, [2, 0x68, 0x69]], [33, [0, 1, 0, 2, 0, 80, 0xc0, 12]], [65, [0, 1, 0]], [9999, [1, 2, 3]]];

function record(random: Random): Uint8Array {
  if (random.next() < 0.2) return Uint8Array.of(0, 0, 41, 4, 0xd0, 0, 0, 0x80, 0, 0, 0);
  const [type, data] = pick(random, RECORDS);
  return concatBytes(name(random), Uint8Array.of(type >> 8, type & 0xff, 0, 1, 0, 0, 0, 60, 0, data.length), Uint8Array.from(data));
}

function message(random: Random): Uint8Array {
  const questions = pick(random, [1, 1, 1, 0, 2]);
  const records = [random.below(3), random.below(2), random.below(2)];
  // Some say that more comes than does.
  const said = [questions, ...records].map((count) => (random.next() < 0.05 ? random.below(65_536) : count));
  const asked = Array.from({ length: questions }, (_, n) => concatBytes(n === 0 && random.next() < 0.8 ? NAME : name(random), Uint8Array.of(0, pick(random, [1, 28, 255]), 0, 1)));
  return concatBytes(header(random, said), ...asked, ...Array.from({ length: records.reduce((sum, count) => sum + count, 0) }, () => record(random)));
}

function payload(random: Random): Uint8Array {
  const kind = random.next();
  if (kind < 0.3) return noise(random, random.below(60));
  // Noise behind a header that can be one.
  if (kind < 0.5) return concatBytes(header(random, [random.below(3), random.below(3), 0, random.below(2)]), noise(random, random.below(40)));
  if (kind < 0.55) return header(random, [pick(random, [0, 1]), 0, 0, 0]);
  const whole = message(random);
  if (kind < 0.8) return whole;
  if (kind < 0.9) return whole.slice(0, random.below(whole.length));
  const spoilt = whole.slice();
  for (let i = 1 + random.below(3); i > 0; i--) spoilt[random.below(spoilt.length)] = random.below(256);
  return spoilt;
}

/** So many datagrams. */
export function nameTalk(seed: number, count: number): Mixed[] {
  const random = createRandom(seed);
  const network = { source: '10.0.0.3', destination: '10.0.0.4' };
  return Array.from({ length: count }, () => {
    const ports = [pick(random, [53, 53, 53, 53, 5353, 5355]), 40_000 + random.below(3)];
    const [sourcePort = 0, destinationPort = 0] = random.next() < 0.5 ? ports : ports.reverse();
    const bytes = ethernet.encode({ source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02', type: 0x0800 }, ipv4.encode({ ...network, protocol: 17 }, udp.encode({ sourcePort, destinationPort }, payload(random), { network }), {}), {});
    // Some the capture cut.
    return { bytes: random.next() < 0.05 ? bytes.slice(0, Math.max(42, bytes.length - random.below(30))) : bytes, wire: bytes.length };
  });
}
