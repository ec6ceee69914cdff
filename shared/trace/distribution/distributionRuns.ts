// Measured distributions of one file to N receivers, folded from the notes that a lab's programs write (dist.*). Stands between the
// application story and the view of the curve; leaves out the formulas (lab/distribution.ts). Notes may come from a file: read with care.

import type { EventSeq, Micros, RoleIx } from '../../base/brand';
import type { Distribution } from '../../lab/distribution';
import type { AppStory } from '../app/appStory';
import type { DistributionCause, DistributionWay, Note } from '../notes';

export interface Received {
  readonly receiver: string;
  readonly ms: number;
  readonly seq: EventSeq;
  readonly t: Micros;
}

export interface Deviation {
  readonly cause: DistributionCause;
  readonly ms: number;
}

/** One file to N receivers, once, by one way. */
export interface DistributionRun {
  /** Place in the list: the order in which they began. */
  readonly index: number;
  readonly way: DistributionWay;
  readonly receivers: number;
  /** Its file and its links, as the formulas take them. */
  readonly given: Distribution;
  readonly role: RoleIx;
  readonly beginSeq: EventSeq;
  readonly begin: Micros;
  /** In the order in which they had it. */
  readonly received: readonly Received[];
  /** Null while it goes on, and for ever when it was broken off. */
  readonly end: { readonly seq: EventSeq; readonly t: Micros; readonly ms: number; readonly why: readonly Deviation[] } | null;
  /** When the next of the same way began though this one was not over. */
  readonly brokenOff: Micros | null;
}

export const CAUSES: readonly DistributionCause[] = ['start-up', 'last-piece', 'choking', 'overhead', 'machine'];

type Said = AppStory['notes'][number];
interface Fold {
  done: number;
  runs: DistributionRun[];
}
const folds = new WeakMap<AppStory['notes'], Fold>();

/** All runs that the story's notes tell of so far. Costs only what is new since the last call; the same list while nothing is. */
export function distributionRuns({ notes }: Pick<AppStory, 'notes'>): readonly DistributionRun[] {
  let fold = folds.get(notes);
  if (fold === undefined) folds.set(notes, (fold = { done: 0, runs: [] }));
  let runs: DistributionRun[] | null = null;
  while (fold.done < notes.length) {
    const said = notes[fold.done++];
    if (said === undefined || !said.note.topic.startsWith('dist.')) continue;
    runs ??= [...fold.runs];
    take(runs, said, said.note);
  }
  if (runs !== null) fold.runs = runs;
  return fold.runs;
}

function take(runs: DistributionRun[], said: Said, note: Note): void {
  if (note.topic === 'dist.begin') {
    const open = lastOf(runs, (run) => run.way === note.way && run.end === null && run.brokenOff === null);
    if (open !== null) runs[open.index] = { ...open, brokenOff: said.t };
    const given: Distribution = { size: amount(note.size), serverUp: amount(note.serverUp), peerUp: amount(note.peerUp), peerDown: amount(note.peerDown) };
    if (wayOf(note.way) === null || amount(note.receivers) < 1) return;
    runs.push({ index: runs.length, way: note.way, receivers: Math.floor(amount(note.receivers)), given, role: said.role, beginSeq: said.seq, begin: said.t, received: [], end: null, brokenOff: null });
  } else if (note.topic === 'dist.received' || note.topic === 'dist.end') {
    const run = lastOf(runs, (one) => one.way === note.way && one.receivers === note.receivers && one.end === null && one.brokenOff === null);
    if (run === null) return;
    if (note.topic === 'dist.received') runs[run.index] = { ...run, received: [...run.received, { receiver: String(note.receiver), ms: amount(note.ms), seq: said.seq, t: said.t }] };
    else runs[run.index] = { ...run, end: { seq: said.seq, t: said.t, ms: amount(note.ms), why: deviations(note.why) } };
  }
}

const lastOf = (runs: readonly DistributionRun[], fits: (run: DistributionRun) => boolean): DistributionRun | null => runs.findLast(fits) ?? null;
const wayOf = (way: unknown): DistributionWay | null => (way === 'server' || way === 'swarm' ? way : null);
const amount = (given: unknown): number => (typeof given === 'number' && Number.isFinite(given) && given > 0 ? given : 0);

/** Known causes that took time, in the order of CAUSES. */
function deviations(why: unknown): readonly Deviation[] {
  const said: readonly Partial<Deviation>[] = Array.isArray(why) ? why : [];
  return CAUSES.flatMap((cause) => {
    const ms = said.reduce((sum, one) => sum + (one.cause === cause ? amount(one.ms) : 0), 0);
    return ms > 0 ? [{ cause, ms }] : [];
  });
}

/** A run as far as a time of the trace. */
export interface RunSoFar {
  readonly run: DistributionRun;
  readonly state: 'going' | 'done' | 'broken';
  /** The measured time; how long it has taken so far while it goes on. */
  readonly ms: number;
  readonly received: readonly Received[];
}

/** The runs that have begun at `now` (µs). `endOf`: when a program ended, or null while it runs; what has no end by then was broken off. */
export function runsAt(runs: readonly DistributionRun[], now: number, endOf: (role: RoleIx) => number | null): RunSoFar[] {
  return runs.filter((run) => run.begin <= now).map((run) => {
    const received = run.received.filter(({ t }) => t <= now);
    if (run.end !== null && run.end.t <= now) return { run, state: 'done', ms: run.end.ms, received };
    const over = run.end === null ? Math.min(run.brokenOff ?? Number.POSITIVE_INFINITY, endOf(run.role) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    return { run, state: over <= now ? 'broken' : 'going', ms: (Math.min(now, over) - run.begin) / 1000, received };
  });
}
