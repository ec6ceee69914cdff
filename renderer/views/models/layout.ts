// The charts of server models: rows on one axis of time, each from its own beginning, in px of a box. Pure: from the folded story to paths.
// What follows from calls (who is where) is areas, what the system told (queue, memory, threads) is lines with points.

import type { ModelRun, ModelStory, ProcessSample, QueueSample } from '../../../shared/trace/models/modelStory';
import { countsOver, elapsedAt, latencyAt, PLACES, within, type Place } from '../../../shared/trace/models/modelTimes';

export const METRICS = ['clients', 'latency', 'memory', 'tasks'] as const;
export type Metric = (typeof METRICS)[number];

/** From the axis upwards; who is away is left blank above them. */
export const STACK: readonly Place[] = ['served', 'thinking', 'queued', 'connecting', 'lost', 'done'];

export interface Row {
  readonly run: ModelRun;
  /** µs since its beginning at the playhead; where it stands still when it is over. */
  readonly elapsed: number;
  /** When it broke off, by the end of the role that counted; null: it did not. */
  readonly broken: boolean;
}

/** Runs that have begun at `now` (µs of the trace), in their order. `endOf`: when a role ended, null while it runs. */
export function rowsAt({ runs }: ModelStory, now: number, endOf: (role: ModelRun['role']) => number | null): Row[] {
  return runs.flatMap((run) => {
    const over = endOf(run.role);
    const elapsed = elapsedAt(run, now, over);
    return elapsed === null ? [] : [{ run, elapsed, broken: run.end === null && over !== null && over <= now }];
  });
}

/** The longest of all runs in µs, so that the axis stands still while the playhead moves; `latest`: time of the last moment. */
export function spanOf({ runs }: ModelStory, latest: number, endOf: (role: ModelRun['role']) => number | null): number {
  return Math.max(...runs.map((run) => (run.end?.t ?? endOf(run.role) ?? latest) - run.begin), 1000);
}

/** The highest value that any row has to show, over all of the trace: rows can be compared. */
export function topOf(story: ModelStory, metric: Metric): number {
  const runs = story.runs;
  const most = (values: Iterable<number>): number => Array.from(values).reduce((top, value) => Math.max(top, value), 0);
  const sampled = (of: (sample: ProcessSample) => number): number => most(runs.flatMap((run) => within(story.samples.get(run.model), run, Infinity).map(of)));
  switch (metric) {
    case 'clients': return Math.max(most(runs.map((run) => Math.max(run.clients, run.people.length))), 1);
    case 'latency': return Math.max(most(runs.map((run) => latencyAt(run, Infinity)?.max ?? 0)), 1);
    case 'memory': return Math.max(sampled(({ memory }) => memory), 1);
    case 'tasks': return Math.max(sampled(({ threads, processes }) => Math.max(threads, processes)), 1);
  }
}

export interface Box {
  readonly width: number;
  readonly height: number;
  /** µs of the whole width; value of the whole height. */
  readonly span: number;
  readonly top: number;
}

/** Steps in px that are drawn at most: more would be narrower than a pixel. */
const MOST_STEPS = 600;

const px = (value: number): string => value.toFixed(1);
export const xOf = (box: Box, elapsed: number): number => (elapsed / box.span) * box.width;
export const yOf = (box: Box, value: number): number => box.height - (value / box.top) * (box.height - 2);

export interface Shape {
  readonly key: string;
  readonly kind: 'area' | 'line' | 'dots';
  readonly d: string;
}

/** What one row's chart shows until `elapsed`. */
export function shapesOf(story: ModelStory, { run, elapsed }: Row, metric: Metric, box: Box): Shape[] {
  const now = run.begin + elapsed;
  switch (metric) {
    case 'clients': return [...areas(run, elapsed, box), ...queueLine(within(story.queues.get(run.model), run, now), run, elapsed, box)];
    case 'latency': return latencies(run, elapsed, box);
    case 'memory': return sampleLines(within(story.samples.get(run.model), run, now), run, elapsed, box, [['memory', ({ memory }) => memory]]);
    case 'tasks': return sampleLines(within(story.samples.get(run.model), run, now), run, elapsed, box, [['threads', ({ threads }) => threads], ['processes', ({ processes }) => processes]]);
  }
}

/** A stair: at each time its value holds until the next; thinned to what the width can show. */
function stair(points: readonly (readonly [t: number, value: number])[], until: number, box: Box): (readonly [x: number, y: number])[] {
  const every = Math.max(points.length / MOST_STEPS, 1);
  const drawn = points.length <= MOST_STEPS ? points : Array.from({ length: MOST_STEPS }, (_unused, at) => points[Math.floor(at * every)] ?? [0, 0]);
  const corners: (readonly [number, number])[] = [];
  for (const [t, value] of drawn) {
    const x = xOf(box, t);
    const before = corners.at(-1);
    if (before !== undefined) corners.push([x, before[1]]);
    corners.push([x, yOf(box, value)]);
  }
  const last = corners.at(-1);
  if (last !== undefined) corners.push([xOf(box, until), last[1]]);
  return corners;
}

const path = (corners: readonly (readonly [number, number])[]): string => corners.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');

function areas(run: ModelRun, elapsed: number, box: Box): Shape[] {
  const { t, at } = countsOver(run);
  const steps = t.flatMap((time, index) => (time - run.begin <= elapsed ? [[time - run.begin, at[index] ?? []] as const] : []));
  const sums = steps.map(() => 0);
  return STACK.flatMap((place) => {
    const index = PLACES.indexOf(place);
    const lower = steps.map(([time], step) => [time, sums[step] ?? 0] as const);
    let any = false;
    steps.forEach(([, counts], step) => {
      const count = counts[index] ?? 0;
      any ||= count > 0;
      sums[step] = (sums[step] ?? 0) + count;
    });
    if (!any) return [];
    const upper = steps.map(([time], step) => [time, sums[step] ?? 0] as const);
    return [{ key: place, kind: 'area' as const, d: `${path(stair(upper, elapsed, box))}${path([...stair(lower, elapsed, box)].reverse()).replace('M', 'L')}Z` }];
  });
}

const square = (x: number, y: number, size: number): string => `M${px(x - size)} ${px(y - size)}h${2 * size}v${2 * size}h${-2 * size}z`;

function dots(points: readonly (readonly [t: number, value: number])[], box: Box, size: number): string {
  const every = Math.ceil(points.length / MOST_STEPS);
  return points.filter((_point, at) => at % every === 0).map(([t, value]) => square(xOf(box, t), yOf(box, value), size)).join('');
}

function queueLine(samples: readonly QueueSample[], run: ModelRun, elapsed: number, box: Box): Shape[] {
  if (samples.length === 0) return [];
  const points = samples.map(({ t, depth }) => [t - run.begin, depth] as const);
  return [{ key: 'kernel', kind: 'line', d: path(stair(points, elapsed, box)) }, { key: 'kernel', kind: 'dots', d: dots(points, box, 1.6) }];
}

function sampleLines(samples: readonly ProcessSample[], run: ModelRun, elapsed: number, box: Box, lines: readonly (readonly [string, (sample: ProcessSample) => number])[]): Shape[] {
  if (samples.length === 0) return [];
  return lines.flatMap(([key, of]) => {
    const points = samples.map((sample) => [sample.t - run.begin, of(sample)] as const);
    return [{ key, kind: 'line' as const, d: path(stair(points, elapsed, box)) }, { key, kind: 'dots' as const, d: dots(points, box, 1.6) }];
  });
}

/** Instants at which the running percentiles are reckoned. */
const PERCENTILES = 60;

function latencies(run: ModelRun, elapsed: number, box: Box): Shape[] {
  const answers = run.marks.filter(({ what, t }) => what === 'answered' && t - run.begin <= elapsed);
  if (answers.length === 0) return [];
  const times = Array.from({ length: PERCENTILES + 1 }, (_unused, at) => (elapsed * at) / PERCENTILES);
  const line = (key: 'p50' | 'p95'): Shape => ({
    key, kind: 'line', d: path(stair(times.flatMap((time) => {
      const latency = latencyAt(run, run.begin + time);
      return latency === null ? [] : [[time, latency[key]] as const];
    }), elapsed, box)),
  });
  return [{ key: 'answer', kind: 'dots', d: dots(answers.map(({ t, ms }) => [t - run.begin, ms] as const), box, 1.8) }, line('p50'), line('p95')];
}

/** Round times of the axis in µs, at least `room` px apart. */
export function ticksOf(span: number, width: number, room: number): number[] {
  const least = (span * room) / Math.max(width, room);
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
  return Array.from({ length: Math.floor(span / step) + 1 }, (_unused, at) => at * step);
}
