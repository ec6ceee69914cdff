// Paints strips of pieces: filled (has), hatched (under way), crossed (came bad), empty; bars of copies with the rarest marked. Canvas 2D,
// on ticks only.

import type { Tokens } from '../../ui/canvas/tokens';
import { CELL, runsOf } from './strips';

export type StripContext = Pick<
  CanvasRenderingContext2D,
  'clearRect' | 'fillRect' | 'strokeRect' | 'beginPath' | 'moveTo' | 'lineTo' | 'stroke' | 'fill' | 'closePath' | 'save' | 'restore' | 'clip' | 'rect' | 'fillText' | 'fillStyle' | 'strokeStyle' | 'lineWidth' | 'font' | 'textAlign' | 'textBaseline'
>;

interface Strip {
  readonly pieces: number;
  readonly width: number;
  readonly height: number;
  readonly tokens: Tokens;
  /** Piece that is chosen; -1: none. */
  readonly chosen: number;
}

/** px from which on a piece has an edge of its own, and from which on its number. */
const EDGED = 4;
const NUMBERED = 15;

export function paintPieces(context: StripContext, strip: Strip, state: (piece: number) => number): void {
  const { pieces, width, height, tokens } = strip;
  const { colour } = tokens;
  context.clearRect(0, 0, width, height);
  if (pieces === 0) return;
  const at = (piece: number): number => (piece / pieces) * width;
  const cell = width / pieces;
  context.fillStyle = colour.panel2;
  context.fillRect(0, 0, width, height);
  for (const { from, to, state: what } of runsOf(pieces, width, state)) {
    const [x, w] = [at(from), at(to) - at(from)];
    if (what === CELL.has) {
      context.fillStyle = colour.app;
      context.fillRect(x, 0, w, height);
    } else if (what !== CELL.missing) hatch(context, x, w, height, what === CELL.bad ? colour.bad : colour.app, what === CELL.bad);
  }
  if (cell >= EDGED) {
    context.fillStyle = colour.bg;
    for (let piece = 1; piece < pieces; piece++) context.fillRect(Math.round(at(piece)) - 0.5, 0, 1, height);
  }
  if (cell >= NUMBERED * tokens.scale && height >= 12) {
    context.font = `600 ${Math.min(10.5 * tokens.scale, height - 2)}px ${tokens.mono}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let piece = 0; piece < pieces; piece++) {
      context.fillStyle = state(piece) === CELL.has ? colour.bg : colour.ink2;
      context.fillText(String(piece), at(piece + 0.5), height / 2 + 0.5);
    }
  }
  paintChosen(context, strip);
}

function hatch(context: StripContext, x: number, width: number, height: number, colour: string, cross: boolean): void {
  context.save();
  context.beginPath();
  context.rect(x, 0, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1.3;
  context.beginPath();
  for (let at = x - height; at < x + width; at += 4) {
    context.moveTo(at, height);
    context.lineTo(at + height, 0);
    if (!cross) continue;
    context.moveTo(at, 0);
    context.lineTo(at + height, height);
  }
  context.stroke();
  context.restore();
}

function paintChosen(context: StripContext, { pieces, width, height, tokens, chosen }: Strip): void {
  if (chosen < 0) return;
  const cell = width / pieces;
  const w = Math.max(cell, 4);
  context.strokeStyle = tokens.colour.focus;
  context.lineWidth = 2;
  context.strokeRect(Math.min(width - w - 1, Math.max(1, (chosen / pieces) * width + (cell - w) / 2)), 1, w, height - 2);
}

/** Bars as high as there are copies; at those with the fewest a mark below; where there is none at all, a cross. */
export function paintCopies(context: StripContext, strip: Strip, copies: ArrayLike<number>, least: number, most: number): void {
  const { pieces, width, height, tokens } = strip;
  const { colour } = tokens;
  context.clearRect(0, 0, width, height);
  if (pieces === 0) return;
  const MARK = 6;
  const room = height - MARK;
  const cell = width / pieces;
  const columns = Math.min(pieces, Math.max(1, Math.floor(width)));
  for (let column = 0; column < columns; column++) {
    const [from, to] = [Math.floor((column * pieces) / columns), Math.floor(((column + 1) * pieces) / columns)];
    let fewest = Number.POSITIVE_INFINITY;
    for (let piece = from; piece < to; piece++) fewest = Math.min(fewest, copies[piece] ?? 0);
    const [x, w] = [(from / pieces) * width, ((to - from) / pieces) * width - (cell >= EDGED ? 1 : 0)];
    const high = most === 0 ? 0 : Math.max(fewest > 0 ? 2 : 0, (fewest / most) * (room - 1));
    const rare = fewest === least && least < most;
    context.fillStyle = colour.panel2;
    context.fillRect(x, 0, w, room);
    context.fillStyle = fewest === 0 ? colour.bad : colour.app;
    context.fillRect(x, room - high, w, high);
    if (fewest === 0) hatch(context, x, w, room, colour.bad, true);
    if (rare) paintMark(context, x + w / 2, room + 1, Math.min(4, Math.max(1, w / 2)), MARK - 1, fewest === 0 ? colour.bad : colour.ink);
  }
  if (cell >= NUMBERED * tokens.scale) {
    context.font = `600 ${10.5 * tokens.scale}px ${tokens.mono}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let piece = 0; piece < pieces; piece++) {
      const count = copies[piece] ?? 0;
      const high = most === 0 ? 0 : (count / most) * (room - 1);
      // Where there is more room: in the bar, or above it.
      const inside = high >= room - high;
      context.fillStyle = inside ? colour.bg : count === 0 ? colour.bad : colour.ink2;
      context.fillText(String(count), (piece + 0.5) * cell, (inside ? room - high / 2 : (room - high) / 2) + 0.5);
    }
  }
  paintChosen(context, strip);
}

/** An arrow head that points up. */
function paintMark(context: StripContext, x: number, y: number, half: number, height: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + half, y + height);
  context.lineTo(x - half, y + height);
  context.closePath();
  context.fill();
}
