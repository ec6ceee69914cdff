// Judges a soak: does what it measured stay flat, or grow? Compares the first and the last third of the samples, after a warm-up: their
// medians, or while something runs their floors. And what is left when everything is closed with what there was before.

import type { Measured, SoakSample } from './soakSample';

export type Quantity = keyof Measured;
export const QUANTITIES: readonly Quantity[] = ['heap', 'rss', 'descriptors', 'handles'];

export interface Judged {
  readonly quantity: Quantity;
  /** Medians, or floors; null when the system does not tell, or there are too few samples. */
  readonly first: number | null;
  readonly last: number | null;
  /** Before the first run, and after the last was closed. */
  readonly before: number | null;
  readonly after: number | null;
  /** It may grow by so much; more is a leak. */
  readonly slack: number;
  readonly grows: boolean;
}

export interface SoakVerdict {
  /** 'short': too few samples to tell. */
  readonly verdict: 'flat' | 'leak' | 'short';
  readonly judged: readonly Judged[];
}

/** Samples of the beginning that say nothing yet: code is compiled, pools fill. */
const WARM_UP = 0.2;
/** What is compared of a third of the samples. */
const MIDDLE = 0.5;
const FLOOR = 0.2;
/** With fewer behind the warm-up nobody can tell. */
const LEAST = 6;
const MIB = 1024 * 1024;
/** What may be more without being a leak: a share, and an amount. Memory of the process is the allocator's affair, too. */
const SLACK: Readonly<Record<Quantity, { readonly share: number; readonly amount: number }>> = {
  heap: { share: 0.1, amount: 4 * MIB }, rss: { share: 0.25, amount: 48 * MIB }, descriptors: { share: 0.1, amount: 4 }, handles: { share: 0.1, amount: 4 },
};

export function judge(samples: readonly SoakSample[], before: Measured, after: Measured): SoakVerdict {
  // Between two runs nothing should be there: what is, is better comparable than what runs hold. A long run has only the latter; what it
  // holds for a while comes and goes, and only what is never given back raises the floor.
  const between = warm(samples.filter(({ running }) => !running));
  const judgeable = between.length >= LEAST ? between : warm(samples);
  const third = Math.floor(judgeable.length / 3);
  const enough = judgeable.length >= LEAST;
  const judged = QUANTITIES.map((quantity): Judged => {
    const values = judgeable.flatMap((sample) => sample[quantity] ?? []);
    const part = judgeable === between ? MIDDLE : FLOOR;
    const first = enough && values.length > 0 ? quantile(values.slice(0, third), part) : null;
    const last = enough && values.length > 0 ? quantile(values.slice(-third), part) : null;
    const { share, amount } = SLACK[quantity];
    const slack = amount + share * (first ?? 0);
    const grew = first !== null && last !== null && last - first > slack;
    return { quantity, first, last, before: before[quantity], after: after[quantity], slack, grows: grew || stays(quantity, before, after) };
  });
  return { verdict: judged.some(({ grows }) => grows) ? 'leak' : enough ? 'flat' : 'short', judged };
}

/** Descriptors and handles are all given back at the end; memory is not, for code and pools stay. */
function stays(quantity: Quantity, before: Measured, after: Measured): boolean {
  if (quantity === 'heap' || quantity === 'rss') return false;
  return (after[quantity] ?? 0) - (before[quantity] ?? 0) > SLACK[quantity].amount;
}

const warm = (samples: readonly SoakSample[]): readonly SoakSample[] => samples.slice(Math.ceil(samples.length * WARM_UP));

/** The value below which `part` of them lie, between two when it falls there. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? 0;
  return below + ((sorted[Math.ceil(place)] ?? below) - below) * (place - Math.floor(place));
}
