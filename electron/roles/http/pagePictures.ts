// Pictures made by arithmetic, so that labs have pages worth looking at and no file is read: PNG (ISO 15948, RFC 2083) of any pixels.

import { deflateSync } from 'node:zlib';
import { createRandom } from '../../../shared/base/random';

/** Red, green, blue, 0 to 255; rounded and kept in range. */
export type Colour = readonly [number, number, number];

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A PNG of 8 bits a channel; `pixel` is asked for each from left to right, top to bottom. */
export function png(width: number, height: number, pixel: (x: number, y: number) => Colour): Uint8Array {
  const rows = new Uint8Array(height * (1 + width * 3));
  let at = 0;
  for (let y = 0; y < height; y++) {
    rows[at++] = 0; // no filter
    for (let x = 0; x < width; x++) for (const value of pixel(x, y)) rows[at++] = Math.min(255, Math.max(0, Math.round(value)));
  }
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, 2, 0, 0, 0], 8); // 8 bits, true colour, deflate, filters by row, not interlaced
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array(0))]);
}

/** Length, type, data, CRC of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

const TABLE = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const mix = (from: Colour, to: Colour, share: number): Colour => [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share, from[2] + (to[2] - from[2]) * share];

/** A landscape at dusk: sky, sun, two ranges of hills; `hue` turns its colours (0 to 1). The same seed gives the same picture. */
export function landscape(width: number, height: number, hue: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const phases = Array.from({ length: 6 }, () => random.next() * Math.PI * 2);
  const wave = (x: number, from: number): number => [1, 2.3, 4.1].reduce((sum, step, index) => sum + Math.sin((x / width) * step * Math.PI * 2 + (phases[from + index] ?? 0)) / step, 0);
  const tone = (shift: number, light: number): Colour => {
    const turn = (part: number): number => 128 + 127 * Math.cos(2 * Math.PI * (hue + shift + part));
    return mix([turn(0), turn(1 / 3), turn(2 / 3)], light > 0.5 ? [255, 255, 255] : [16, 20, 40], Math.abs(light - 0.5) * 1.6);
  };
  const sun = { x: width * (0.25 + 0.5 * random.next()), y: height * 0.42, r: height * 0.13 };
  const [top, bottom, far, near] = [tone(0.05, 0.25), tone(0.18, 0.8), tone(0.5, 0.35), tone(0.55, 0.12)];
  return png(width, height, (x, y) => {
    const grain = (random.next() - 0.5) * 5;
    const ground = y > height * (0.78 + 0.09 * wave(x, 3)) ? near : y > height * (0.62 + 0.07 * wave(x, 0)) ? far : null;
    const lit = (x - sun.x) ** 2 + (y - sun.y) ** 2 < sun.r ** 2;
    const [r, g, b] = ground ?? (lit ? [255, 240, 200] : mix(top, bottom, y / (height * 0.75)));
    return [r + grain, g + grain, b + grain];
  });
}
