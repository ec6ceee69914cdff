// Which picture some bytes are, by their own signature, and how big it would be: read from its header before any decoder sees it, so that
// a small file cannot unfold into a huge bitmap. PNG, GIF, JPEG and WebP; SVG is shown as the text that it is. Pure.

import { BODY_LIMITS } from './limits';

export interface Picture {
  readonly type: 'image/png' | 'image/gif' | 'image/jpeg' | 'image/webp';
  readonly width: number;
  readonly height: number;
}

/** Null: no picture that may be shown. */
export function pictureOf(bytes: Uint8Array): Picture | null {
  if (bytes.length < 16 || bytes.length > BODY_LIMITS.picture) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = png(bytes, view) ?? gif(bytes, view) ?? jpeg(bytes, view) ?? webp(bytes, view);
  return found !== null && found.width > 0 && found.height > 0 && found.width * found.height <= BODY_LIMITS.pixels ? found : null;
}

const says = (bytes: Uint8Array, at: number, text: string): boolean => Array.from(text).every((sign, i) => bytes[at + i] === sign.charCodeAt(0));

/** PNG 11.2.2: IHDR is the first chunk. */
const png = (bytes: Uint8Array, view: DataView): Picture | null =>
  says(bytes, 1, 'PNG\r\n\x1a\n') && bytes[0] === 0x89 && bytes.length >= 24 ? { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) } : null;

/** GIF89a, 18: logical screen descriptor. */
const gif = (bytes: Uint8Array, view: DataView): Picture | null =>
  says(bytes, 0, 'GIF8') ? { type: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) } : null;

/** ITU T.81 B.2.2: the frame header (SOF) after any number of other segments. */
function jpeg(bytes: Uint8Array, view: DataView): Picture | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return { type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** RFC 9649 2.5 - 2.7: lossy, lossless and extended files each say their size in their own way. */
function webp(bytes: Uint8Array, view: DataView): Picture | null {
  if (!says(bytes, 0, 'RIFF') || !says(bytes, 8, 'WEBP') || bytes.length < 30) return null;
  const of = (width: number, height: number): Picture => ({ type: 'image/webp', width, height });
  if (says(bytes, 12, 'VP8 ')) return of(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  if (says(bytes, 12, 'VP8X')) return of((view.getUint32(24, true) & 0xffffff) + 1, (view.getUint32(26, true) >>> 8) + 1);
  const bits = view.getUint32(21, true);
  return says(bytes, 12, 'VP8L') ? of((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1) : null;
}
