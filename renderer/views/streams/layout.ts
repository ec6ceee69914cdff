// The scale of a ruler and what of its lanes is on screen: zoom and pan, boxes with room for their labels, and many narrow pieces drawn as
// one, so that thousands cost no more than the pane is wide. Pure; places in px from the left edge of the lanes.

import { firstEndingAfter, type Lane, type Piece, type Region } from './pieces';

/** Which bytes are seen: the first (a fraction while panning), and px a byte. */
export interface Scale {
  readonly first: number;
  readonly per: number;
}

/** Px of a byte: the most, and from which on the bytes themselves are shown, as text and as two hex digits. */
export const MOST = 30;
export const TEXT_FROM = 8;
export const HEX_FROM = 18;
/** Pieces narrower than this are drawn together, in px. */
const NARROW = 4;
/** Colours that repeat. */
export const HUES = 5;

export const LANES: readonly (Lane | 'bytes')[] = ['writes', 'segments', 'bytes', 'reads', 'messages'];

export const fitted = (total: number, width: number): Scale => ({ first: 0, per: Math.min(width / Math.max(total, 1), MOST) });

/** Within bounds: no more than all, no further than the ends. */
export function clamped({ first, per }: Scale, total: number, width: number): Scale {
  const bounded = Math.min(Math.max(per, Math.min(width / Math.max(total, 1), MOST)), MOST);
  return { first: Math.max(Math.min(first, total - width / bounded), 0), per: bounded };
}

/** Zoomed by `factor` so that the byte at `x` px stays there. */
export function zoomed(scale: Scale, factor: number, x: number, total: number, width: number): Scale {
  const per = Math.min(Math.max(scale.per * factor, Math.min(width / Math.max(total, 1), MOST)), MOST);
  return clamped({ first: scale.first + x / scale.per - x / per, per }, total, width);
}

export const panned = (scale: Scale, px: number, total: number, width: number): Scale => clamped({ ...scale, first: scale.first + px / scale.per }, total, width);

/** Moved as little as needed for a byte to be seen, with a little of what is around it. */
export function revealing(scale: Scale, offset: number, total: number, width: number): Scale {
  const seen = width / scale.per;
  const margin = Math.min(seen / 4, 4);
  if (offset < scale.first + margin && scale.first > 0) return clamped({ ...scale, first: offset - margin }, total, width);
  if (offset + 1 > scale.first + seen - margin) return clamped({ ...scale, first: offset + 1 + margin - seen }, total, width);
  return scale;
}

export const placeOf = (scale: Scale, offset: number): number => (offset - scale.first) * scale.per;

export interface Box {
  readonly key: number;
  readonly x: number;
  readonly width: number;
  /** The piece; null: `count` pieces too narrow to be told apart. */
  readonly piece: Piece | null;
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

/** The boxes of a lane that are on screen, at most a few hundred. */
export function boxesOf(pieces: readonly Piece[], scale: Scale, width: number): readonly Box[] {
  const boxes: Box[] = [];
  const end = scale.first + width / scale.per;
  for (let at = firstEndingAfter(pieces, scale.first); at < pieces.length; at++) {
    const piece = pieces[at];
    if (piece === undefined || piece.start >= end) break;
    const [x, wide] = [placeOf(scale, piece.start), (piece.end - piece.start) * scale.per];
    const before = boxes.at(-1);
    if (before !== undefined && wide < NARROW && before.width < NARROW * 3 && (before.piece === null || before.width < NARROW) && x - before.x - before.width < 1) {
      boxes[boxes.length - 1] = { ...before, width: x + wide - before.x, piece: null, count: before.count + 1, end: piece.end };
    } else boxes.push({ key: piece.number, x, width: wide, piece, count: 1, start: piece.start, end: piece.end });
  }
  return boxes;
}

/** Regions that are on screen, cut to it; those that touch and are alike drawn as one. */
export function regionsOn(regions: readonly Region[], scale: Scale, width: number): readonly (Region & { readonly x: number; readonly width: number })[] {
  const joined: Region[] = [];
  const end = scale.first + width / scale.per;
  for (const region of regions) {
    if (region.end <= scale.first || region.start >= end) continue;
    const before = joined.at(-1);
    if (before?.fate === region.fate && before.end === region.start) joined[joined.length - 1] = { ...before, end: region.end };
    else joined.push(region);
  }
  return joined.map((region) => {
    const [from, to] = [Math.max(placeOf(scale, region.start), 0), Math.min(placeOf(scale, region.end), width)];
    return { ...region, x: from, width: to - from };
  });
}

/** Offsets with a tick: 1, 2, 4, 5 times a power of ten or of two apart, with room for their numbers. */
export function ticksOn(scale: Scale, width: number, total: number): readonly number[] {
  const least = 60 / scale.per;
  let step = 1;
  for (const times of [2, 2.5, 2]) if (step < least) step *= times;
  while (step < least) for (const times of [2, 2.5, 2]) if (step < least) step *= times;
  step = Math.max(Math.round(step), 1);
  const ticks: number[] = [];
  for (let at = Math.ceil(scale.first / step) * step; at <= Math.min(scale.first + width / scale.per, total); at += step) ticks.push(at);
  return ticks;
}

/** Hue of the pieces that one write made: repeats, the number tells them apart. */
export const hueOf = (number: number): number => (number - 1) % HUES;

/** As much of a label as `width` px hold: whole, its number alone, or nothing. */
export function fitLabel(long: string, short: string, width: number, character = 6.2): string {
  const room = Math.floor((width - 6) / character);
  return long.length <= room ? long : short.length <= room ? short : '';
}
