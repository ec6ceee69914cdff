// The axis of the picture: the time of the run in px, with long stretches in which nobody asked cut short; its ticks; and the windows in
// which answers are counted. Pure; times in µs of the trace.

import { isGood, type ServiceRequest } from '../../../shared/trace/service/serviceStory';
import { endOf, type ServicePicture } from './picture';

/** A stretch that is drawn in proportion. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly width: number;
}

export interface TimeAxis {
  readonly parts: readonly Part[];
  readonly width: number;
  /** µs that are drawn in proportion, together. */
  readonly span: number;
  place(t: number): number;
  timeAt(x: number): number;
}

/** Silence from which on it is cut out, in µs; and at least this many times all that happens. */
const SILENCE = 3_000_000;
const SILENCE_SHARE = 0.5;
/** px of what was cut out. */
export const GAP = 22;
/** Room at both ends for a sign that stands there, in px. */
const INSET = 8;
/** So that a run's first moments are no jumble, in µs. */
const LEAST = 1000;

/** `latest`: the last time that the trace knows; what waits still waits until then. The axis does not depend on the playhead. */
export function axisOf(picture: ServicePicture, width: number, latest: number): TimeAxis {
  const stretches: { from: number; to: number }[] = [];
  const marks = picture.lanes.flatMap((lane) => lane.marks).sort((a, b) => a.start - b.start);
  const total = marks.reduce((sum, mark) => sum + Math.max((endOf(mark) ?? mark.start) - mark.start, 0), 0) / Math.max(picture.lanes.length, 1);
  const silence = Math.max(SILENCE, total * SILENCE_SHARE);
  for (const mark of marks) {
    const end = endOf(mark) ?? Math.max(mark.start, latest);
    const last = stretches.at(-1);
    if (last !== undefined && mark.start - last.to <= silence) last.to = Math.max(last.to, end);
    else stretches.push({ from: mark.start, to: end });
  }
  if (stretches.length === 0) stretches.push({ from: 0, to: LEAST });
  const span = Math.max(stretches.reduce((sum, { from, to }) => sum + to - from, 0), LEAST);
  // A stretch of a single moment still is one.
  const least = stretches.length > 1 ? 14 : 0;
  const room = Math.max(width - 2 * INSET - GAP * (stretches.length - 1) - least * stretches.length, 1);
  let x = INSET;
  const parts = stretches.map(({ from, to }) => {
    const part = { from, to, x, width: least + ((to - from) / span) * room };
    x += part.width + GAP;
    return part;
  });
  return { parts, width, span, place: (t) => placeIn(parts, t), timeAt: (at) => timeIn(parts, at) };
}

function placeIn(parts: readonly Part[], t: number): number {
  const at = parts.findLastIndex(({ from }) => from <= t);
  const part = parts[at];
  if (part === undefined) return INSET;
  if (t <= part.to) return part.x + (part.to > part.from ? ((t - part.from) / (part.to - part.from)) * part.width : 0);
  const next = parts[at + 1];
  return part.x + part.width + (next === undefined ? 0 : ((t - part.to) / (next.from - part.to)) * GAP);
}

function timeIn(parts: readonly Part[], x: number): number {
  const part = parts.findLast((one) => one.x <= x) ?? parts[0];
  return part === undefined || part.width === 0 ? 0 : part.from + Math.min(Math.max((x - part.x) / part.width, 0), 1) * (part.to - part.from);
}

/** A number of 1, 2, 5 times a power of ten that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

/** Times of the ticks, at least `room` px apart; counted from `zero`. */
export function axisTicks(axis: TimeAxis, zero: number, room: number): { readonly t: number; readonly x: number }[] {
  const step = roundStep((axis.span * room) / Math.max(axis.width, room));
  return axis.parts.flatMap((part) => {
    const first = Math.ceil((part.from - zero) / step) * step + zero;
    const count = Math.max(Math.floor((part.to - first) / step) + 1, 0);
    const ticks = Array.from({ length: count }, (_unused, index) => first + index * step);
    // Too short for a round time of its own: it begins somewhere all the same.
    return (ticks.length > 0 ? ticks : axis.parts.length > 1 ? [part.from] : []).map((t) => ({ t, x: axis.place(t) }));
  });
}

/** How many requests ended in a window of time, and how many of them well. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly width: number;
  readonly ended: number;
  readonly good: number;
}

/** Windows of one length, at least `room` px wide, up to `now`; those in which nothing ended are left out. */
export function windowsOf(requests: readonly ServiceRequest[], axis: TimeAxis, now: number, room = 12): { readonly length: number; readonly windows: readonly Window[] } {
  const length = roundStep((axis.span * room) / Math.max(axis.width, room));
  const origin = axis.parts[0]?.from ?? 0;
  const counts = new Map<number, { ended: number; good: number }>();
  for (const { ended } of requests) {
    if (ended === null || ended.at > now) continue;
    const at = Math.floor((ended.at - origin) / length);
    const count = counts.get(at) ?? { ended: 0, good: 0 };
    count.ended++;
    if (isGood(ended.how)) count.good++;
    counts.set(at, count);
  }
  const windows = [...counts].sort(([a], [b]) => a - b).map(([at, count]): Window => {
    const [from, to] = [origin + at * length, origin + (at + 1) * length];
    const x = axis.place(from);
    return { from, to, x, width: Math.max(axis.place(Math.min(to, axis.parts.at(-1)?.to ?? to)) - x, 3), ...count };
  });
  return { length, windows };
}
