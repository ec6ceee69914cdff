// Spoils capture files in the ways that disks, programs and people do, seeded: bits and bytes, cuts, records that are lost, doubled or out of their
// place, lengths and counts that lie. Knows just enough of the formats to find their records. Test code only.

import { concatBytes } from '../../shared/base/bytes';
import type { Random } from '../../shared/base/random';

/** What length fields, counts and offsets dislike. */
const NASTY = [0, 1, 2, 3, 4, 5, 7, 8, 12, 15, 16, 19, 20, 27, 28, 40, 63, 64, 127, 128, 191, 192, 255, 256, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];

interface Part {
  readonly start: number;
  readonly end: number;
}

/** Where its blocks or records lie, behind the header of a pcap; none when nothing can be told. */
function recordsOf(bytes: Uint8Array): Part[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Part[] = [];
  if (bytes.length < 28) return found;
  const magic = view.getUint32(0);
  if (magic === 0x0a0d0d0a) {
    const little = view.getUint8(8) === 0x4d;
    for (let at = 0; at + 12 <= bytes.length;) {
      const end = at + view.getUint32(at + 4, little);
      if (end < at + 12 || end > bytes.length) break;
      found.push({ start: at, end });
      at = end;
    }
    return found;
  }
  const little = magic >>> 24 !== 0xa1;
  for (let at = 24; at + 16 <= bytes.length;) {
    const end = at + 16 + view.getUint32(at + 8, little);
    if (end > bytes.length) break;
    found.push({ start: at, end });
    at = end;
  }
  return found;
}

/** Bits of the whole file, at a rate as of `editcap -E`, but of bytes that stand for the file too. */
function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const count = Math.max(1, Math.floor(copy.length * ([0.0005, 0.002, 0.01, 0.05][random.below(4)] ?? 0.01) * random.next()));
  for (let n = 0; n < count; n++) {
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  }
  return copy;
}

/** Numbers of one, two and four bytes inside the records: lengths and counts are among them. Most of them near the records' beginnings. */
function lie(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const records = recordsOf(bytes);
  for (let n = 1 + random.below(12); n > 0; n--) {
    const record = records[random.below(records.length || 1)] ?? { start: 0, end: copy.length };
    const length = Math.min(record.end - record.start, random.next() < 0.7 ? 130 : 70_000);
    const at = record.start + random.below(Math.max(1, length));
    const value = NASTY[random.below(NASTY.length)] ?? 0;
    const size = [1, 2, 2, 4][random.below(4)] ?? 1;
    if (at + size > copy.length) continue;
    if (size === 1) view.setUint8(at, value & 0xff);
    else if (size === 2) view.setUint16(at, value & 0xffff, random.next() < 0.3);
    else view.setUint32(at, value, random.next() < 0.5);
  }
  return copy;
}

const cutShort = (bytes: Uint8Array, random: Random): Uint8Array => bytes.slice(0, random.below(bytes.length + 1));

/** Bytes that are missing in the middle, or that nobody wrote. */
function tear(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(random.next() < 0.5 ? 16 : 2000);
  if (random.next() < 0.5) return concatBytes(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + length)));
  return concatBytes(bytes.subarray(0, at), Uint8Array.from({ length }, () => random.below(256)), bytes.subarray(at));
}

/** Records that change places, come again, come in pieces of each other, or are lost. */
function shuffle(bytes: Uint8Array, random: Random): Uint8Array {
  const records = recordsOf(bytes);
  const [first] = records;
  const last = records.at(-1);
  if (first === undefined || last === undefined) return cutShort(bytes, random);
  const order = records.map(({ start, end }) => bytes.subarray(start, end));
  for (let n = 1 + random.below(1 + Math.ceil(order.length / 4)); n > 0 && order.length > 0; n--) {
    const [a, b] = [random.below(order.length), random.below(order.length)];
    const [one, other] = [order[a], order[b]];
    if (one === undefined || other === undefined) continue;
    switch (random.below(4)) {
      case 0: [order[a], order[b]] = [other, one]; break;
      case 1: order.splice(b, 0, one); break;
      case 2: order.splice(a, 1); break;
      // The rest of another one behind the beginning of this: headers of a packet with what another one carried.
      default: {
        const at = Math.min(one.length, other.length, 28 + random.below(100));
        order[a] = concatBytes(one.subarray(0, at), other.subarray(at, one.length), one.subarray(Math.max(at, other.length)));
      }
    }
  }
  return concatBytes(bytes.subarray(0, first.start), ...order, bytes.subarray(last.end));
}

const WAYS = [flipBits, lie, lie, cutShort, tear, shuffle, shuffle];

/** A spoilt copy: the same for the same seed. */
export function spoilt(bytes: Uint8Array, random: Random): Uint8Array {
  let left = bytes;
  for (let n = 1 + random.below(3); n > 0 && left.length > 0; n--) left = (WAYS[random.below(WAYS.length)] ?? lie)(left, random);
  return left;
}
