// The chart of a flow in px: areas of what was given, taken, arrived and read up to a time, and the lanes beneath it. Pure; FlowChart.vue draws
// it. Times in µs of the trace.

import { upTo, type Flow, type Step } from '../../../shared/trace/window/flow';

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Times at the left and the right end. */
  readonly from: number;
  readonly to: number;
  /** Bytes at the top. */
  readonly most: number;
}

/** A path has at most so many steps: more are not seen. */
const STEPS = 1500;

export const placeX = ({ width, from, to }: Frame, t: number): number => ((Math.min(Math.max(t, from), to) - from) / Math.max(to - from, 1)) * width;
export const placeY = ({ height, most }: Frame, bytes: number): number => height - (bytes / Math.max(most, 1)) * height;

/** The time that a chart of the flow spans: from its first send or read to the last thing that is known of it. */
export function spanOf(flow: Flow, latest: number): { readonly from: number; readonly to: number } {
  const firsts = [flow.given[0]?.t, flow.read[0]?.t].filter((t) => t !== undefined);
  const from = firsts.length === 0 ? 0 : Math.min(...firsts);
  const ends = [flow.taken.at(-1)?.t, flow.read.at(-1)?.t, flow.stalls.at(-1)?.to].filter((t) => t !== undefined && t !== null);
  const waits = flow.stalls.some(({ to }) => to === null);
  const to = Math.max(from + 1000, ...ends, waits ? latest : from);
  const air = (to - from) * 0.02;
  return { from: from - air, to: to + air };
}

export const mostOf = (flow: Flow): number => Math.max(flow.given.at(-1)?.bytes ?? 0, flow.taken.at(-1)?.bytes ?? 0, flow.read.at(-1)?.bytes ?? 0, 1);

/** The area beneath a sum of bytes, up to a time: it holds between two steps. '' for none. */
export function areaOf(steps: readonly Step[], frame: Frame, now: number): string {
  const count = upTo(steps, now) + 1;
  if (count <= 0) return '';
  const stride = Math.max(1, Math.ceil(count / STEPS));
  const floor = frame.height.toFixed(1);
  let path = '';
  let y = floor;
  for (let at = 0; at < count; at += stride) {
    // Of a stride the last one counts.
    const step = steps[Math.min(at + stride - 1, count - 1)];
    if (step === undefined) continue;
    const x = placeX(frame, step.t).toFixed(1);
    path += path === '' ? `M${x} ${floor}` : `L${x} ${y}`;
    y = placeY(frame, step.bytes).toFixed(1);
    path += `L${x} ${y}`;
  }
  const end = placeX(frame, now).toFixed(1);
  return `${path}L${end} ${y}L${end} ${floor}Z`;
}

/**
 * Bytes that have come to the receiver's kernel: what was read, and the receive queue as it was last told. Between two samples nobody knows;
 * it is never less than what was read, nor more than what was taken.
 */
export function arrivedOf(flow: Flow): Step[] {
  const steps: Step[] = [];
  let [sample, read, taken] = [-1, 0, 0];
  const times = [...new Set([...flow.queues.map(({ t }) => t), ...flow.read.map(({ t }) => t)])].sort((one, other) => one - other);
  for (const t of times) {
    while ((flow.queues[sample + 1]?.t ?? Infinity) <= t) sample++;
    while ((flow.read[read]?.t ?? Infinity) <= t) read++;
    while ((flow.taken[taken]?.t ?? Infinity) <= t) taken++;
    const queue = flow.queues[sample];
    if (queue?.receive === undefined || queue.receive === null) continue;
    const had = flow.read[read - 1]?.bytes ?? 0;
    const most = flow.sender === null ? Infinity : (flow.taken[taken - 1]?.bytes ?? 0);
    steps.push({ t, bytes: Math.max(had, Math.min(queue.read + queue.receive, most), steps.at(-1)?.bytes ?? 0) });
  }
  return steps;
}

export interface Span {
  readonly x: number;
  readonly width: number;
}

/** A stretch of time up to now; null when it has not begun. */
export function spanX(frame: Frame, from: number, to: number | null, now: number): Span | null {
  if (from > now) return null;
  const x = placeX(frame, from);
  return { x, width: Math.max(2, placeX(frame, Math.min(to ?? now, now)) - x) };
}

/** A number of 1, 2, 5 times a power of ten, or of bytes a power of two, that is not below `least`. */
export function roundStep(least: number, base: 10 | 2): number {
  if (base === 2) return 2 ** Math.ceil(Math.log2(Math.max(least, 1)) - 1e-9);
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least * 0.999) ?? 10);
}

export function ticksX(frame: Frame, zero: number, room = 90): readonly { readonly x: number; readonly t: number }[] {
  const step = roundStep(((frame.to - frame.from) * room) / Math.max(frame.width, room), 10);
  const first = Math.ceil((frame.from - zero) / step);
  const count = Math.max(0, Math.floor((frame.to - zero) / step) - first + 1);
  return Array.from({ length: Math.min(count, 60) }, (_unused, n) => ({ t: (first + n) * step, x: placeX(frame, zero + (first + n) * step) }));
}

export function ticksY(frame: Frame, room = 34): readonly { readonly y: number; readonly bytes: number }[] {
  const step = roundStep((frame.most * room) / Math.max(frame.height, room), 2);
  return Array.from({ length: Math.min(20, Math.floor(frame.most / step)) }, (_unused, n) => ({ bytes: (n + 1) * step, y: placeY(frame, (n + 1) * step) }));
}

/** The window that was advertised, as a line up to a time. '' where none was captured. */
export function windowLine(windows: Flow['windows'], frame: Frame, now: number): string {
  const count = upTo(windows, now) + 1;
  const points: string[] = [];
  for (const { t, bytes } of windows.slice(0, count)) {
    const x = placeX(frame, t).toFixed(1);
    if (points.length > 0) points.push(`H${x}`);
    points.push(`${points.length === 0 ? `M${x} ` : 'V'}${placeY(frame, Math.min(bytes, frame.most)).toFixed(1)}`);
  }
  return count === 0 ? '' : `${points.join('')}H${placeX(frame, now).toFixed(1)}`;
}

/** When the window was advertised to be 0. */
export function zeroWindows(windows: Flow['windows']): { readonly from: number; readonly to: number | null }[] {
  return windows.flatMap(({ t, bytes }, at) => (bytes === 0 ? [{ from: t, to: windows[at + 1]?.t ?? null }] : []));
}
