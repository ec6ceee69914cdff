import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { landscape, png } from './pagePictures';

/** type -> data of each chunk. */
function chunks(bytes: Uint8Array): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const buffer = Buffer.from(bytes);
  for (let at = 8; at < buffer.length; ) {
    const length = buffer.readUInt32BE(at);
    found.set(buffer.toString('latin1', at + 4, at + 8), buffer.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}

describe('a PNG', () => {
  const picture = png(3, 2, (x, y) => [x * 100, y * 300, -5]);
  it('has the signature, three chunks, and the pixels in rows', () => {
    expect([...picture.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect([...chunks(picture).keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
    expect([...inflateSync(chunks(picture).get('IDAT') ?? Buffer.alloc(0))]).toEqual([0, 0, 0, 0, 100, 0, 0, 200, 0, 0, 0, 0, 255, 0, 100, 255, 0, 200, 255, 0]);
  });
  it('ends with the IEND chunk that all PNGs have, CRC and all', () => {
    expect(Buffer.from(picture.subarray(-12)).toString('hex')).toBe('0000000049454e44ae426082');
  });
});

it('a landscape is the same with the same seed', () => {
  expect(landscape(20, 10, 0.3, 1)).toEqual(landscape(20, 10, 0.3, 1));
  expect(landscape(20, 10, 0.3, 1)).not.toEqual(landscape(20, 10, 0.3, 2));
});
