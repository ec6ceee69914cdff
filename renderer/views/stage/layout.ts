// Gives hosts, processes and doors their places: two columns of cards with the wires between them, as detailed as the room allows.
// Pure arithmetic on sizes in CSS pixels. What fits nowhere is counted, never silently dropped.

import { DENSITIES, fitColumn, type Fitted, type FittedColumn } from './fit';
import { CARD_GAP, METRICS, MORE_HEIGHT, isLine, isStrip, type Density } from './metrics';
import type { Door, HostCard, Picture, Side } from './picture';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedDoor {
  readonly door: Door;
  readonly box: Box;
  /** One line instead of a box with bars; `narrow`: half a line, beside its process. */
  readonly line: boolean;
  readonly narrow: boolean;
}

export interface PlacedProcess {
  readonly process: HostCard['processes'][number];
  readonly box: Box;
  readonly doors: readonly PlacedDoor[];
}

export interface PlacedCard {
  readonly card: HostCard;
  readonly box: Box;
  readonly density: Density;
  readonly processes: readonly PlacedProcess[];
  readonly doors: readonly PlacedDoor[];
}

/** Where a wire meets a door. `dir` is 1 when it leaves to the right. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly dir: 1 | -1;
  /** Distance of each lane from y. */
  readonly lane: number;
  /** Room for a capsule of two lines. */
  readonly roomy: boolean;
}

export interface StageLayout {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly PlacedCard[];
  /** Open sockets or processes without a place, by side, and the row that says so. */
  readonly more: readonly { readonly side: Side; readonly count: number; readonly box: Box }[];
  readonly anchors: ReadonlyMap<string, Anchor>;
}

const MARGIN = 24;

/** The stage of `width` x `height` CSS pixels at a text size. */
export function layoutStage(picture: Picture, width: number, height: number, scale: number): StageLayout {
  const cards: PlacedCard[] = [];
  const more: StageLayout['more'][number][] = [];
  const anchors = new Map<string, Anchor>();
  const sides = fitSides(picture, height, scale);
  // Two cards that face each other begin at the same height, so that their wires run level.
  const facing = sides.every(({ fitted }) => fitted.cards.length === 1) ? Math.max(...sides.map(({ fitted }) => fitted.height)) : 0;
  for (const { side, fitted } of sides) {
    const line = fitted.density === 'strip' || fitted.density === 'micro';
    const wide = Math.min(Math.max(width * (line ? 0.4 : 0.32), 208 * scale), (line ? 440 : 300) * scale, width * 0.4);
    const cardWidth = Math.round(wide);
    const x = Math.round(side === 'left' ? Math.min(MARGIN, width * 0.03) : width - Math.min(MARGIN, width * 0.03) - cardWidth);
    let y = Math.round(Math.max(0, (height - Math.max(facing, fitted.height)) / 2));
    for (const card of fitted.cards) {
      const placed = placeCard(card, fitted.density, { x, y, width: cardWidth, height: fitted.heightOf(card) }, side, scale, anchors);
      cards.push(placed);
      y += placed.box.height + CARD_GAP;
    }
    if (fitted.hidden.length > 0) {
      const box = { x, y, width: cardWidth, height: Math.round(MORE_HEIGHT * scale) };
      more.push({ side, count: fitted.hiddenCount, box });
      for (const key of fitted.hidden) anchors.set(key, anchorAt(box, side, 3, false));
    }
  }
  return { width, height, cards, more, anchors };
}

/** Both columns, as detailed as the fuller one allows: one stage, one hand. */
function fitSides(picture: Picture, height: number, scale: number): { readonly side: Side; readonly fitted: FittedColumn }[] {
  const sides = (['left', 'right'] as const).map((side) => ({ side, cards: picture.cards.filter((card) => card.side === side) }));
  const least = Math.max(...sides.map(({ cards }) => Math.min(DENSITIES.indexOf(fitColumn(cards, height, scale, 0).density), DENSITIES.indexOf('strip'))));
  return sides.map(({ side, cards }) => ({ side, fitted: fitColumn(cards, height, scale, least) }));
}

function placeCard(card: Fitted, density: Density, box: Box, side: Side, scale: number, anchors: Map<string, Anchor>): PlacedCard {
  const metrics = METRICS[density];
  const size = (value: number): number => Math.round(value * scale);
  const pad = size(metrics.pad);
  const gap = size(metrics.gap);
  const inner = { x: box.x + pad, width: box.width - 2 * pad };
  let y = box.y + pad + (card.header ? size(metrics.header) + gap : 0);
  const put = (door: Door, at: Box, narrow = false): PlacedDoor => {
    const line = isLine(door, density);
    anchors.set(door.key, anchorAt(at, side, line ? Math.min(5, at.height / 5) : Math.min(20, at.height / 3.6), !line));
    return { door, box: at, line, narrow };
  };
  const stack = (doors: readonly Door[]): PlacedDoor[] =>
    doors.map((door) => {
      const height = size(isLine(door, density) ? metrics.line : metrics.door);
      const placed = put(door, { ...inner, y, height });
      y += height + gap;
      return placed;
    });
  const processes = card.processes.map(({ process, doors }): PlacedProcess => {
    const height = size(metrics.process);
    const [only] = doors;
    if (isStrip(density, doors) && only !== undefined) {
      const doorWidth = Math.round(inner.width * 0.48);
      const processWidth = inner.width - doorWidth - gap;
      const left = side === 'left';
      const own = { x: left ? inner.x : inner.x + doorWidth + gap, y, width: processWidth, height };
      const placed = put(only, { x: left ? inner.x + processWidth + gap : inner.x, y, width: doorWidth, height }, true);
      y += height + gap;
      return { process, box: own, doors: [placed] };
    }
    const own = { ...inner, y, height };
    y += height + gap;
    return { process, box: own, doors: stack(doors) };
  });
  const doors = stack(card.doors);
  if (processes.length + doors.length === 0 || !anchors.has(card.card.key)) anchors.set(card.card.key, anchorAt(box, side, 8, true));
  return { card: card.card, box, density, processes, doors };
}

const anchorAt = (box: Box, side: Side, lane: number, roomy: boolean): Anchor => ({
  x: side === 'left' ? box.x + box.width : box.x,
  y: Math.round(box.y + box.height / 2),
  dir: side === 'left' ? 1 : -1,
  lane: Math.round(lane),
  roomy,
});
