// Chooses how detailed a column of host cards can be, and, when even one line each is too much, which doors keep a place.
// Part of layout.ts: heights only.

import { CARD_GAP, METRICS, MORE_HEIGHT, isLine, isStrip, type Density } from './metrics';
import type { Door, HostCard, Process } from './picture';

/** A card with what is left of it. */
export interface Fitted {
  readonly card: HostCard;
  readonly header: boolean;
  readonly processes: readonly { readonly process: Process; readonly doors: readonly Door[] }[];
  readonly doors: readonly Door[];
}

export interface FittedColumn {
  readonly density: Density;
  readonly cards: readonly Fitted[];
  readonly height: number;
  heightOf(card: Fitted): number;
  /** Keys of doors without a place. */
  readonly hidden: readonly string[];
  /** How many of them are open: what "and n more" counts. */
  readonly hiddenCount: number;
}

/** From the most detailed on. */
export const DENSITIES = ['full', 'medium', 'strip', 'micro'] as const;

/** `least`: index of the most detailed density that may be used. */
export function fitColumn(cards: readonly HostCard[], height: number, scale: number, least: number): FittedColumn {
  for (const density of DENSITIES.slice(least)) {
    const column = measured(cards.map((card) => withHeader(everything(card), density)), density, scale, [], 0);
    if (column.height <= height) return column;
  }
  for (const density of DENSITIES.slice(Math.max(1, least))) {
    const column = measured(cards.map((card) => withHeader(presentOnly(card), density)), density, scale, [], 0);
    if (column.height <= height) return column;
  }
  return crowded(cards, height, scale);
}

/** Keeps the doors of the highest scores, as many as fit one line each. */
function crowded(cards: readonly HostCard[], height: number, scale: number): FittedColumn {
  const doors = cards.flatMap((card) => [...card.processes.flatMap((process) => process.doors), ...card.doors]).filter((door) => door.present);
  const ranked = [...doors].sort((one, other) => other.score - one.score);
  const density = cards.length > 1 ? 'micro' : 'strip';
  const attempt = (count: number): FittedColumn => {
    const kept = new Set(ranked.slice(0, count));
    const gone = ranked.slice(count);
    const fitted = cards.map((card) => chosenOnly(card, kept)).filter((card) => card.processes.length + card.doors.length > 0);
    return measured(fitted.map((card) => withHeader(card, density)), density, scale, gone.map((door) => door.key), gone.filter((door) => door.open).length);
  };
  let best = attempt(Math.min(1, ranked.length));
  for (let count = 2; count <= ranked.length; count++) {
    const next = attempt(count);
    if (next.height > height) break;
    best = next;
  }
  return best;
}

/** The card with everything that the story will bring to it, so that nothing jumps later. */
const everything = (card: HostCard): Fitted => ({ card, header: true, processes: card.processes.map((process) => ({ process, doors: process.doors })), doors: card.doors });

/** The card with what is there now. */
const presentOnly = (card: HostCard): Fitted => ({
  card,
  header: true,
  processes: card.processes.filter((process) => process.present).map((process) => ({ process, doors: process.doors.filter((door) => door.present) })),
  doors: card.doors.filter((door) => door.present),
});

/** The card with the chosen doors; processes that have none of them go, except servers. */
const chosenOnly = (card: HostCard, kept: ReadonlySet<Door>): Fitted => ({
  card,
  header: true,
  processes: card.processes
    .map((process) => ({ process, doors: process.doors.filter((door) => kept.has(door)) }))
    .filter(({ process, doors }) => doors.length > 0 || (process.present && process.role.kind === 'server')),
  doors: card.doors.filter((door) => kept.has(door)),
});

const withHeader = (card: Fitted, density: Density): Fitted => ({ ...card, header: density !== 'micro' || card.processes.length !== 1 || (card.processes[0]?.doors.length ?? 0) !== 1 });

function measured(cards: readonly Fitted[], density: Density, scale: number, hidden: readonly string[], hiddenCount: number): FittedColumn {
  const heightOf = (card: Fitted): number => cardHeight(card, density, scale);
  const height = cards.reduce((sum, card) => sum + heightOf(card), 0) + Math.max(0, cards.length - 1) * CARD_GAP + (hidden.length > 0 ? (MORE_HEIGHT + CARD_GAP) * scale : 0);
  return { density, cards, height, heightOf, hidden, hiddenCount };
}

function cardHeight(card: Fitted, density: Density, scale: number): number {
  const metrics = METRICS[density];
  const size = (value: number): number => Math.round(value * scale);
  const rows: number[] = [];
  if (card.header) rows.push(size(metrics.header));
  const add = (doors: readonly Door[]): void => void doors.forEach((door) => rows.push(size(isLine(door, density) ? metrics.line : metrics.door)));
  for (const { doors } of card.processes) {
    rows.push(size(metrics.process));
    if (!isStrip(density, doors)) add(doors);
  }
  add(card.doors);
  const gaps = Math.max(0, rows.length - 1) * size(metrics.gap);
  return 2 * size(metrics.pad) + rows.reduce((sum, row) => sum + row, 0) + gaps;
}
