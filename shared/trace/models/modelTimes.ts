// What is so at an instant of a crowd's time, and over all of it: how many clients are where, how long answers took, what the system said of
// the server. Pure: from modelStory.ts to numbers; drawing is the view's. What follows from calls is inferred, what the kernel told observed.

import type { ClientMark, ModelRun } from './modelStory';

/**
 * Where a client is. away: no connection (not yet there, or between two). connecting: connect() has not returned. queued: connected, and
 * no accept() has taken it. served: accepted, and it waits in recv() for its answer. thinking: accepted, and it asks nothing. done: all
 * answered. lost: refused, reset, out of patience.
 */
export type Place = 'away' | 'connecting' | 'queued' | 'served' | 'thinking' | 'done' | 'lost';
export const PLACES: readonly Place[] = ['away', 'connecting', 'queued', 'served', 'thinking', 'done', 'lost'];

interface Client {
  connection: 'none' | 'connecting' | 'connected' | 'accepted';
  asking: boolean;
  over: 'done' | 'lost' | null;
}

const fresh = (): Client => ({ connection: 'none', asking: false, over: null });

function placeOf({ connection, asking, over }: Client): Place {
  if (over !== null) return over;
  switch (connection) {
    case 'none': return 'away';
    case 'connecting': return 'connecting';
    case 'connected': return 'queued';
    case 'accepted': return asking ? 'served' : 'thinking';
  }
}

function apply(client: Client, what: ClientMark['what']): void {
  switch (what) {
    case 'asked': client.asking = true; return;
    case 'answered':
      client.asking = false;
      // Whoever answers has accepted, though we may not have seen it.
      if (client.connection === 'connected') client.connection = 'accepted';
      return;
    case 'lost': client.asking = false; client.over = 'lost'; return;
    case 'connect': client.connection = 'connecting'; return;
    case 'connected': if (client.connection !== 'accepted') client.connection = 'connected'; return;
    case 'accepted': client.connection = 'accepted'; return;
    case 'failed':
    case 'closed': client.connection = 'none'; return;
    case 'left': client.over ??= 'done'; return;
  }
}

/** Steps of counts: from `t[i]` on, so many are there. Ascending; one entry for an instant. */
export interface Counts {
  readonly t: readonly number[];
  readonly at: readonly (readonly number[])[];
}

interface Sorted {
  readonly length: number;
  readonly marks: readonly ClientMark[];
  readonly counts: Counts;
  /** Times of answers, ascending by when they came. */
  readonly answers: readonly { readonly t: number; readonly ms: number }[];
}

const known = new WeakMap<ModelRun, Sorted>();

function sorted(run: ModelRun): Sorted {
  const before = known.get(run);
  if (before?.length === run.marks.length) return before;
  const marks = [...run.marks].sort((a, b) => a.t - b.t || a.seq - b.seq);
  const made = { length: marks.length, marks, counts: countsOf(run, marks), answers: marks.filter(({ what }) => what === 'answered').map(({ t, ms }) => ({ t, ms })) };
  known.set(run, made);
  return made;
}

function countsOf(run: ModelRun, marks: readonly ClientMark[]): Counts {
  const clients = new Map<number, Client>();
  const now = PLACES.map((place) => (place === 'away' ? Math.max(run.clients, run.people.length) : 0));
  const [t, at]: [number[], number[][]] = [[run.begin], [[...now]]];
  for (const one of marks) {
    const client = clients.get(one.client) ?? fresh();
    clients.set(one.client, client);
    const from = PLACES.indexOf(placeOf(client));
    apply(client, one.what);
    const to = PLACES.indexOf(placeOf(client));
    if (from === to) continue;
    now[from] = (now[from] ?? 0) - 1;
    now[to] = (now[to] ?? 0) + 1;
    if (t.at(-1) === one.t) at[at.length - 1] = [...now];
    else {
      t.push(one.t);
      at.push([...now]);
    }
  }
  return { t, at };
}

/** All steps of a run so far; in the order of PLACES. */
export const countsOver = (run: ModelRun): Counts => sorted(run).counts;

/** Index of the last entry that is not later than `t`; -1: all are. */
export function lastBefore(count: number, timeAt: (index: number) => number, t: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeAt(middle) <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export type PlaceCounts = Readonly<Record<Place, number>>;

/** How many are where at `t` (µs of the trace). */
export function countsAt(run: ModelRun, t: number): PlaceCounts {
  const { counts } = sorted(run);
  const here = counts.at[Math.max(lastBefore(counts.t.length, (index) => counts.t[index] ?? 0, t), 0)] ?? [];
  return Object.fromEntries(PLACES.map((place, index) => [place, here[index] ?? 0])) as Record<Place, number>;
}

/** Each client's place at `t`; those that have not come yet are away. */
export function placesAt(run: ModelRun, t: number): Place[] {
  const clients = Array.from({ length: Math.max(run.clients, run.people.length) }, fresh);
  for (const one of sorted(run).marks) {
    if (one.t > t) break;
    const client = clients[one.client];
    if (client !== undefined) apply(client, one.what);
  }
  return clients.map(placeOf);
}

/** How long answers took that had come, in ms: half of them, 95 of 100 were not slower. Null without any. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export function latencyAt(run: ModelRun, t: number): Latency | null {
  const { answers } = sorted(run);
  const count = lastBefore(answers.length, (index) => answers[index]?.t ?? 0, t) + 1;
  if (count === 0) return null;
  const times = Float64Array.from(answers.slice(0, count), ({ ms }) => ms).sort();
  const at = (share: number): number => times[Math.max(Math.ceil(count * share) - 1, 0)] ?? 0;
  return { count, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** How requests were lost until `t`, by outcome. */
export function lossesAt(run: ModelRun, t: number): ReadonlyMap<string, number> {
  const losses = new Map<string, number>();
  for (const { what, how, t: when } of sorted(run).marks) {
    if (when > t) break;
    if (what === 'lost' && how !== null) losses.set(how, (losses.get(how) ?? 0) + 1);
  }
  return losses;
}

/** Samples within a run, up to `t`: those that were taken while its clients were there. */
export function within<S extends { readonly t: number }>(samples: readonly S[] | undefined, run: ModelRun, t: number): readonly S[] {
  const until = Math.min(run.end?.t ?? t, t);
  return (samples ?? []).filter((one) => one.t >= run.begin && one.t <= until);
}

/** How far a run has come at `t`, in µs since its beginning; null: it has not begun. `over`: when the role that noted it ended. */
export function elapsedAt(run: ModelRun, t: number, over: number | null): number | null {
  return t < run.begin ? null : Math.min(t, run.end?.t ?? over ?? t) - run.begin;
}
