// Sizes of the stage's boxes by how detailed they are drawn, and which form a door takes. Shared by fit.ts and layout.ts.

import type { Side } from './columns';
import type { Door } from './pictureModel';

/** How detailed a column is drawn. `strip`: process and door side by side on one line; `micro`: also without the host's header. */
export type Density = 'full' | 'medium' | 'strip' | 'micro';

/** What decides the form of a column's boxes besides its density. */
export interface Shape {
  readonly side: Side;
  /** Cards too narrow for two boxes with text on a line. */
  readonly narrow: boolean;
  /** Text size, 1 is normal. */
  readonly scale: number;
}

export interface Metrics {
  readonly pad: number;
  readonly gap: number;
  readonly header: number;
  readonly process: number;
  readonly door: number;
  readonly line: number;
}

/** CSS pixels at text scale 1. */
export const METRICS: Readonly<Record<Density, Metrics>> = {
  full: { pad: 12, gap: 8, header: 40, process: 54, door: 74, line: 30 },
  medium: { pad: 9, gap: 6, header: 20, process: 44, door: 64, line: 26 },
  strip: { pad: 8, gap: 4, header: 18, process: 28, door: 28, line: 28 },
  micro: { pad: 4, gap: 3, header: 18, process: 26, door: 26, line: 26 },
};

/** Narrow cards need their width for text. */
export const padOf = (density: Density, narrow: boolean): number => Math.min(METRICS[density].pad, narrow ? 8 : 12);

/** Between two cards of a column. */
export const gapOf = (density: Density): number => (density === 'micro' ? 6 : 10);
/** The row that says how many are not shown. */
export const MORE_HEIGHT = 24;
/** Below the cards of the middle: where wires from the left to the right pass. */
export const CHANNEL_HEIGHT = 52;

/** A door that has nothing in buffers to show takes one line. */
export const isLine = (door: Door, density: Density): boolean => density === 'strip' || density === 'micro' || door.kind === 'listening' || door.sock === null;

/** In narrow densities a process with one door shares its line; not a listening one, which others will join. */
export const isStrip = (density: Density, doors: readonly Door[], narrow: boolean): boolean =>
  !narrow && (density === 'strip' || density === 'micro') && doors.length === 1 && doors[0]?.kind !== 'listening';

/**
 * Doors row by row. In the least detailed form, a relay's door to its client and the one to its server stand on one line, so that what
 * comes in on the left goes out on the right.
 */
export function rowsOf(doors: readonly Door[], density: Density, side: Side): readonly (readonly Door[])[] {
  if (density !== 'micro' || side !== 'middle') return doors.map((door) => [door]);
  const [left, right, others] = [doors.filter((door) => isHalf(door, 'left')), doors.filter((door) => isHalf(door, 'right')), doors.filter((door) => !isHalf(door, 'left') && !isHalf(door, 'right'))];
  if (left.length === 0 || right.length === 0) return doors.map((door) => [door]);
  const pairs = Array.from({ length: Math.max(left.length, right.length) }, (_, n) => [...left.slice(n, n + 1), ...right.slice(n, n + 1)]);
  return [...pairs, ...others.map((door) => [door])];
}

const isHalf = (door: Door, edge: 'left' | 'right'): boolean => door.edge === edge && door.kind !== 'listening' && door.sock !== null;
