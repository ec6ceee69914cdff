// Chooses how detailed a column of host cards can be, and, when even one line each is too much, which doors keep a place.
// Part of layout.ts: heights only.

import { METRICS, MORE_HEIGHT, gapOf, isLine, isStrip, padOf, rowsOf, type Density, type Shape } from './metrics';
import type { Door, HostCard, Process } from './pictureModel';

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
  /** It may still be more than there is room for: then the stage scrolls. */
  readonly height: number;
  heightOf(card: Fitted): number;
  /** Doors without a place. */
  readonly hidden: readonly Door[];
  /** How many of them are open, and processes that run without a place: what "and n more" counts. */
  readonly hiddenCount: number;
}

/** From the most detailed on. */
export const DENSITIES = ['full', 'medium', 'strip', 'micro'] as const;

/** `least`: index of the most detailed density that may be used. */
export function fitColumn(cards: readonly HostCard[], height: number, shape: Shape, least: number): FittedColumn {
  const attempt = (form: (card: HostCard) => Fitted, densities: readonly Density[], headers = true): FittedColumn | undefined =>
    densities.map((density) => columnOf(cards, form, density, shape, headers)).find((column) => column.height <= height);
  return (
    attempt(everything, DENSITIES.slice(least, 2)) ??
    attempt(sharing, DENSITIES.slice(least)) ??
    attempt(usedOnly, DENSITIES.slice(Math.max(2, least))) ??
    attempt(sharing, ['micro'], false) ??
    attempt(usedOnly, ['micro'], false) ??
    attempt(presentOnly, DENSITIES.slice(Math.max(1, least))) ??
    attempt(presentOnly, ['micro'], false) ??
    crowded(cards, height, shape)
  );
}

/** A column whose cards have that form. `headers` false: a process that is alone says who its host is, where that is enough. */
function columnOf(cards: readonly HostCard[], form: (card: HostCard) => Fitted, density: Density, shape: Shape, headers: boolean): FittedColumn {
  const fitted = cards.map((card) => (headers ? form(card) : withoutHeader(form(card), density, shape)));
  if (form !== usedOnly) return measured(fitted, density, shape, [], 0);
  const placed = new Set(fitted.flatMap(doorsOf));
  const hidden = cards.flatMap(allDoors).filter((door) => door.present && door.current && !placed.has(door));
  return measured(fitted, density, shape, hidden, hidden.filter((door) => door.open).length);
}

const doorsOf = (card: Fitted): readonly Door[] => [...card.processes.flatMap((process) => process.doors), ...card.doors];

const allDoors = (card: HostCard): readonly Door[] => [...card.processes.flatMap((process) => process.doors), ...card.doors];

/** Doors that are tried in vain, one after the other, before the rest is left out. */
const TRIES = 8;

/** Keeps the doors of the highest scores, as many as fit one line each; where not even the hosts fit, the first door of each. */
function crowded(cards: readonly HostCard[], height: number, shape: Shape): FittedColumn {
  const there = cards.map((card) => allDoors(card).filter((door) => door.present && door.current).sort(byScore));
  const ranked = there.flat().sort(byScore);
  const running = cards.flatMap((card) => card.processes.filter((process) => process.snap?.running === true));
  const density = cards.length > 1 || shape.side === 'middle' ? 'micro' : 'strip';
  const fit = (kept: ReadonlySet<Door>): readonly Fitted[] =>
    cards
      .map((card) => withoutHeader(chosenOnly(card, kept), density, shape))
      .filter((card, index) => card.processes.length + card.doors.length > 0 || there[index]?.length === 0);
  const attempt = (kept: ReadonlySet<Door>, last: boolean): FittedColumn => {
    const fitted = fit(kept);
    // While there are doors to try, something is left out for sure.
    if (!last) return measured(fitted, density, shape, [], ranked.length - kept.size);
    const gone = ranked.filter((door) => !kept.has(door));
    const placed = new Set(fitted.flatMap((card) => card.processes.map(({ process }) => process)));
    const goneDoors = new Set(gone.filter((door) => door.open));
    const idle = running.filter((process) => !placed.has(process) && !process.doors.some((door) => goneDoors.has(door)));
    return measured(fitted, density, shape, gone, goneDoors.size + idle.length);
  };
  const kept = new Set<Door>();
  let failed = 0;
  for (const door of ranked) {
    kept.add(door);
    if (attempt(kept, kept.size === ranked.length).height <= height) failed = 0;
    else {
      kept.delete(door);
      // In the middle, another one may fit beside its partner.
      if (shape.side !== 'middle' || ++failed >= TRIES) break;
    }
  }
  const best = attempt(kept, true);
  return best.height <= height ? best : attempt(new Set(there.flatMap((doors) => doors.find((door) => !door.idle) ?? [])), true);
}

const byScore = (one: Door, other: Door): number => other.score - one.score;

/** The card with everything that the story will bring to it, so that nothing jumps later. */
const everything = (card: HostCard): Fitted => ({ card, header: true, processes: card.processes.map((process) => ({ process, doors: process.doors })), doors: card.doors });

/** The same, with one place for doors that follow each other. */
const sharing = (card: HostCard): Fitted => ({
  card,
  header: true,
  processes: card.processes.map((process) => ({ process, doors: process.doors.filter((door) => door.current) })),
  doors: card.doors.filter((door) => door.current),
});

/** The same without the doors that nobody ever talks to. */
const usedOnly = (card: HostCard): Fitted => ({
  card,
  header: true,
  processes: card.processes.map((process) => ({ process, doors: process.doors.filter((door) => door.current && !door.idle) })),
  doors: card.doors.filter((door) => door.current),
});

/** The card with what is there now. */
const presentOnly = (card: HostCard): Fitted => ({
  card,
  header: true,
  processes: card.processes.filter((process) => process.present).map((process) => ({ process, doors: process.doors.filter((door) => door.present && door.current) })),
  doors: card.doors.filter((door) => door.present && door.current),
});

/** The card with the chosen doors; processes that have none of them go, except servers. */
const chosenOnly = (card: HostCard, kept: ReadonlySet<Door>): Fitted => ({
  card,
  header: true,
  processes: card.processes
    .map((process) => ({ process, doors: process.doors.filter((door) => kept.has(door)) }))
    .filter(({ process, doors }) => doors.length > 0 || (process.present && process.role.kind !== 'client')),
  doors: card.doors.filter((door) => kept.has(door)),
});

/** In the least detailed form, the process of a host that has one says who it is. */
function withoutHeader(card: Fitted, density: Density, { narrow }: Shape): Fitted {
  const [only] = card.processes;
  const speaks = card.processes.length === 1 && only !== undefined && (narrow || only.doors.length === 0 || isStrip(density, only.doors, narrow));
  return { ...card, header: density !== 'micro' || !speaks };
}

function measured(cards: readonly Fitted[], density: Density, shape: Shape, hidden: readonly Door[], hiddenCount: number): FittedColumn {
  const heightOf = (card: Fitted): number => cardHeight(card, density, shape);
  const more = hiddenCount > 0 ? Math.round(MORE_HEIGHT * shape.scale) + gapOf(density) : 0;
  const height = cards.reduce((sum, card) => sum + heightOf(card), 0) + Math.max(0, cards.length - 1) * gapOf(density) + more;
  return { density, cards, height, heightOf, hidden, hiddenCount };
}

function cardHeight(card: Fitted, density: Density, { side, narrow, scale }: Shape): number {
  const metrics = METRICS[density];
  const size = (value: number): number => Math.round(value * scale);
  const rows: number[] = [];
  if (card.header) rows.push(size(metrics.header));
  const add = (doors: readonly Door[]): void =>
    rowsOf(doors, density, side).forEach(([door]) => void (door !== undefined && rows.push(size(isLine(door, density) ? metrics.line : metrics.door))));
  for (const { doors } of card.processes) {
    rows.push(size(metrics.process));
    if (!isStrip(density, doors, narrow)) add(doors);
  }
  add(card.doors);
  const gaps = Math.max(0, rows.length - 1) * size(metrics.gap);
  return 2 * size(padOf(density, narrow)) + rows.reduce((sum, row) => sum + row, 0) + gaps;
}
