// The bytes that are on screen, one sign each, once a byte has room for it: as text or as two hex digits. Pure.

import { byteSign } from '../../../shared/codec/text';
import { HEX_FROM, placeOf, TEXT_FROM, type Scale } from './layout';
import type { Ruler } from './ruler';

export type Writing = 'text' | 'hex';

export interface Sign {
  readonly offset: number;
  /** Middle of the byte, in px. */
  readonly x: number;
  readonly text: string;
  /** No character of its own: a line end, a control, part of a longer character. */
  readonly control: boolean;
}

const NAMED = new Map([[0x0a, '↵'], [0x0d, '␍'], [0x09, '⇥'], [0x00, '␀'], [0x20, '␣']]);

export const signOf = (byte: number): string => (byte < 0 ? '?' : (NAMED.get(byte) ?? byteSign(byte)));
export const hexOf = (byte: number): string => (byte < 0 ? '??' : byte.toString(16).padStart(2, '0'));

/** `hint`: there is no room for signs. */
export function signsOn(ruler: Ruler, scale: Scale, width: number, writing: Writing): { readonly signs: readonly Sign[]; readonly hint: boolean } {
  if (scale.per < (writing === 'hex' ? HEX_FROM : TEXT_FROM)) return { signs: [], hint: true };
  const signs: Sign[] = [];
  const last = Math.min(Math.ceil(scale.first + width / scale.per), ruler.total);
  for (let offset = Math.floor(scale.first); offset < last; offset++) {
    const byte = ruler.byteAt(offset);
    signs.push({ offset, x: placeOf(scale, offset + 0.5), text: writing === 'hex' ? hexOf(byte) : signOf(byte), control: byte <= 0x20 || byte >= 0x7f });
  }
  return { signs, hint: false };
}
