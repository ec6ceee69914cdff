// Sizes of the stage's boxes by how detailed they are drawn, and which form a door takes. Shared by fit.ts and layout.ts.

import type { Door } from './picture';

/** How detailed a column is drawn. `strip`: process and door side by side on one line; `micro`: also without the host's header. */
export type Density = 'full' | 'medium' | 'strip' | 'micro';

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

/** Between two cards of a column. */
export const CARD_GAP = 10;
/** The row that says how many are not shown. */
export const MORE_HEIGHT = 24;

/** A door that has nothing in buffers to show takes one line. */
export const isLine = (door: Door, density: Density): boolean => density === 'strip' || density === 'micro' || door.kind === 'listening' || door.sock === null;

/** In narrow densities a process with one door shares its line; not a listening one, which others will join. */
export const isStrip = (density: Density, doors: readonly Door[]): boolean => (density === 'strip' || density === 'micro') && doors.length === 1 && doors[0]?.kind !== 'listening';
