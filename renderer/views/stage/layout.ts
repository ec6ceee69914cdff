// Gives hosts, processes and doors their places: columns of cards with the wires between them, as detailed as the room allows. Pure
// arithmetic on sizes in CSS pixels. What fits nowhere is counted; what is still too much makes the stage larger than its pane: it scrolls.

import type { Side } from './columns';
import { DENSITIES, fitColumn, type Fitted, type FittedColumn } from './fit';
import { CHANNEL_HEIGHT, METRICS, MORE_HEIGHT, gapOf, isLine, isStrip, padOf, rowsOf, type Density, type Shape } from './metrics';
import type { Door, HostCard, Picture } from './pictureModel';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedDoor {
  readonly door: Door;
  readonly box: Box;
  /** One line instead of a box with bars; `narrow`: half a line, beside its process or another door. */
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
  /** False: its only process says who it is. */
  readonly header: boolean;
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

/** Both edges at which wires may meet a door, and the column that it stands in. */
export interface Ends {
  readonly side: Side;
  readonly left: Anchor;
  readonly right: Anchor;
}

/** Where wires from one side to the other pass the cards of the middle. */
export interface Channel {
  readonly x0: number;
  readonly x1: number;
  readonly y: number;
}

export interface StageLayout {
  /** Of the whole picture; larger than the pane when it scrolls. */
  readonly width: number;
  readonly height: number;
  readonly cards: readonly PlacedCard[];
  /** Open sockets or processes without a place, by side, and the row that says so. */
  readonly more: readonly { readonly side: Side; readonly count: number; readonly box: Box }[];
  readonly ends: ReadonlyMap<string, Ends>;
  /** Doors without a place: what goes to them goes to their process or to the row that counts them. */
  readonly hidden: ReadonlySet<string>;
  readonly channel: Channel | null;
}

const MARGIN = 24;
const SIDES = ['left', 'middle', 'right'] as const;
/** Three columns, at text scale 1: the narrowest card that its text fits, between two of them room for a small capsule. */
const THREE = { margin: 12, card: 160, gap: 64 } as const;
/** Cards of this width can have two boxes on a line. */
const WIDE_CARD = 250;

interface Column {
  readonly side: Side;
  readonly shape: Shape;
  readonly fitted: FittedColumn;
}

/** The stage in a pane of `width` x `height` CSS pixels at a text size. */
export function layoutStage(picture: Picture, width: number, height: number, scale: number): StageLayout {
  const three = picture.cards.some((card) => card.side === 'middle');
  const least = three ? Math.ceil(2 * THREE.margin + (3 * THREE.card + 2 * THREE.gap) * scale) : 0;
  const wide = width === 0 ? 0 : Math.max(width, least);
  const channelHeight = three && picture.through ? Math.round(CHANNEL_HEIGHT * scale) : 0;
  const columns = fitColumns(picture, wide, height, scale, channelHeight);
  const extent = (column: Column): number => column.fitted.height + (column.side === 'middle' ? channelHeight : 0);
  const tall = height === 0 ? 0 : Math.max(height, ...columns.map(extent));
  // Cards that face each other, one in each column, begin at the same height, so that their wires run level.
  const facing = columns.every(({ fitted }) => fitted.cards.length <= 1) ? Math.max(...columns.map(extent)) : 0;
  const cards: PlacedCard[] = [];
  const more: StageLayout['more'][number][] = [];
  const ends = new Map<string, Ends>();
  const hidden = new Set<string>();
  let channel: Channel | null = null;
  for (const column of columns) {
    const { side, fitted } = column;
    const { x, width: cardWidth } = columnBox(column, wide, three);
    let y = Math.round(Math.max(0, (tall - Math.max(facing, extent(column))) / 2));
    for (const card of fitted.cards) {
      const placed = placeCard(card, fitted.density, { x, y, width: cardWidth, height: fitted.heightOf(card) }, column.shape, ends);
      cards.push(placed);
      y += placed.box.height + gapOf(fitted.density);
    }
    const rest = { x, y, width: cardWidth, height: Math.round(MORE_HEIGHT * scale) };
    if (fitted.hiddenCount > 0) {
      more.push({ side, count: fitted.hiddenCount, box: rest });
      y += rest.height + gapOf(fitted.density);
    }
    for (const door of fitted.hidden) {
      const instead = processOf(cards, door, ends) ?? (fitted.hiddenCount > 0 ? endsAt(rest, side, 3, false) : undefined);
      if (instead !== undefined) ends.set(door.key, instead);
      hidden.add(door.key);
    }
    if (side === 'middle' && channelHeight > 0) channel = { x0: x - 8, x1: x + cardWidth + 8, y: Math.round(y - gapOf(fitted.density) + channelHeight / 2 + 4) };
  }
  return { width: wide, height: tall, cards, more, ends, hidden, channel };
}

function columnBox({ side, fitted, shape }: Column, width: number, three: boolean): { readonly x: number; readonly width: number } {
  const { scale } = shape;
  if (three) {
    const card = threeCard(width, scale);
    const x = side === 'left' ? THREE.margin : side === 'middle' ? (width - card) / 2 : width - THREE.margin - card;
    return { x: Math.round(x), width: card };
  }
  const line = fitted.density === 'strip' || fitted.density === 'micro';
  const card = Math.round(Math.min(Math.max(width * (line ? 0.4 : 0.32), 208 * scale), (line ? 440 : 300) * scale, width * 0.4));
  const margin = Math.min(MARGIN, width * 0.03);
  return { x: Math.round(side === 'left' ? margin : width - margin - card), width: card };
}

const threeCard = (width: number, scale: number): number =>
  Math.round(Math.max(THREE.card * scale, Math.min(width * 0.22, 300 * scale, (width - 2 * THREE.margin - 2 * 120 * scale) / 3)));

/** All columns, as detailed as the fullest one allows: one stage, one hand. */
function fitColumns(picture: Picture, width: number, height: number, scale: number, channel: number): Column[] {
  const three = picture.cards.some((card) => card.side === 'middle');
  const narrow = three && threeCard(width, scale) < WIDE_CARD * scale;
  const sides = SIDES.filter((side) => side !== 'middle' || three).map((side) => ({
    side,
    cards: picture.cards.filter((card) => card.side === side),
    shape: { side, narrow, scale },
    room: side === 'middle' ? height - channel : height,
  }));
  const least = Math.max(...sides.map(({ cards, room, shape }) => Math.min(DENSITIES.indexOf(fitColumn(cards, room, shape, 0).density), DENSITIES.indexOf('strip'))));
  return sides.map(({ side, cards, room, shape }) => ({ side, shape, fitted: fitColumn(cards, room, shape, least) }));
}

function placeCard(card: Fitted, density: Density, box: Box, { side, narrow, scale }: Shape, ends: Map<string, Ends>): PlacedCard {
  const metrics = METRICS[density];
  const size = (value: number): number => Math.round(value * scale);
  const pad = size(padOf(density, narrow));
  const gap = size(metrics.gap);
  const inner = { x: box.x + pad, width: box.width - 2 * pad };
  let y = box.y + pad + (card.header ? size(metrics.header) + gap : 0);
  const put = (door: Door, at: Box, half = false): PlacedDoor => {
    const line = isLine(door, density);
    ends.set(door.key, endsAt(at, side, line ? Math.min(5, at.height / 5) : Math.min(20, at.height / 3.6), !line));
    return { door, box: at, line, narrow: half };
  };
  const stack = (doors: readonly Door[]): PlacedDoor[] =>
    rowsOf(doors, density, side).flatMap((row) => {
      const [first] = row;
      if (first === undefined) return [];
      const height = size(isLine(first, density) ? metrics.line : metrics.door);
      const half = Math.round((inner.width - gap) / 2);
      const halves = row.length === 2 || (row.length === 1 && first.edge !== 'both' && first.kind !== 'listening' && rowsOf(doors, density, side).some((one) => one.length === 2));
      const placed = row.map((door) => put(door, halves ? { x: door.edge === 'left' ? inner.x : inner.x + inner.width - half, width: half, y, height } : { ...inner, y, height }, halves));
      y += height + gap;
      return placed;
    });
  const processes = card.processes.map(({ process, doors }): PlacedProcess => {
    const height = size(metrics.process);
    const [only] = doors;
    if (isStrip(density, doors, narrow) && only !== undefined) {
      const doorWidth = Math.round(inner.width * 0.48);
      const processWidth = inner.width - doorWidth - gap;
      const before = only.edge === 'left';
      const own = { x: before ? inner.x + doorWidth + gap : inner.x, y, width: processWidth, height };
      const placed = put(only, { x: before ? inner.x : inner.x + processWidth + gap, y, width: doorWidth, height }, true);
      y += height + gap;
      return { process, box: own, doors: [placed] };
    }
    const own = { ...inner, y, height };
    y += height + gap;
    return { process, box: own, doors: stack(doors) };
  });
  const doors = stack(card.doors);
  ends.set(card.card.key, endsAt(box, side, 8, true));
  return { card: card.card, box, density, header: card.header, processes, doors };
}

/** A door without a place: its wires lead to its process, if that has one. */
function processOf(cards: readonly PlacedCard[], door: Door, ends: ReadonlyMap<string, Ends>): Ends | null {
  for (const { card, processes } of cards) {
    const found = processes.find(({ process }) => process.doors.includes(door));
    const side = ends.get(card.key)?.side;
    if (found !== undefined && side !== undefined) return endsAt(found.box, side, 4, false);
  }
  return null;
}

const endsAt = (box: Box, side: Side, lane: number, roomy: boolean): Ends => {
  const at = { y: Math.round(box.y + box.height / 2), lane: Math.round(lane), roomy };
  return { side, left: { ...at, x: box.x, dir: -1 }, right: { ...at, x: box.x + box.width, dir: 1 } };
};

/** The edges at which a wire between two doors meets them; null when one has no place. Between two of one column it runs beside that column. */
export function anchorsOf(layout: Pick<StageLayout, 'ends'>, from: string, to: string): { readonly from: Anchor; readonly to: Anchor } | null {
  const [a, b] = [layout.ends.get(from), layout.ends.get(to)];
  if (a === undefined || b === undefined || (a.left.x === b.left.x && a.left.y === b.left.y)) return null;
  const [here, there] = [SIDES.indexOf(a.side), SIDES.indexOf(b.side)];
  if (here === there) return a.side === 'left' ? { from: a.right, to: b.right } : { from: a.left, to: b.left };
  return here < there ? { from: a.right, to: b.left } : { from: a.left, to: b.right };
}
