// Paints lanes on a canvas: the lives of servers and balancers as bars with what befell them, requests as bars as long as they took, with
// the sign of how they ended. Pure of Vue; where signs would lie on each other, the later ones of a kind are ticks.

import type { Tokens } from '../../ui/canvas/tokens';
import { OUTCOME_SIGNS, type Sign } from './marks';
import { endOf, type Lane, type StateSpan } from './picture';
import { outcomeAt, placedSigns } from './places';
import type { TimeAxis } from './timeAxis';

export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly axis: TimeAxis;
  readonly now: number;
  readonly tokens: Tokens;
}

const paths = new Map<string, Path2D>();
const pathOf = (d: string): Path2D => {
  let path = paths.get(d);
  if (path === undefined) paths.set(d, (path = new Path2D(d)));
  return path;
};

function sign({ context, tokens }: Brush, { d, filled, tone }: Sign, x: number, y: number): void {
  const scale = tokens.scale;
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  // A rim of the background keeps a sign apart from the bar beneath it.
  context.lineJoin = 'round';
  context.strokeStyle = tokens.colour.bg;
  context.lineWidth = filled ? 2.5 : 4.5;
  context.stroke(pathOf(d));
  context.fillStyle = context.strokeStyle = tokens.colour[tone];
  context.lineWidth = 1.8;
  if (filled) context.fill(pathOf(d));
  else context.stroke(pathOf(d));
  context.restore();
}

/** `y`: the lane's upper edge. */
export function paintLane(brush: Brush, lane: Lane, y: number, height: number): void {
  if (lane.kind === 'client') paintClient(brush, lane, y, height);
  else paintProgram(brush, lane, y, height);
}

function paintProgram(brush: Brush, lane: Lane, y: number, height: number): void {
  const { context, axis, now, tokens: { colour, scale } } = brush;
  const middle = y + height / 2;
  const bar = 8 * scale;
  const until = (end: number | null): number => axis.place(Math.min(end ?? now, now));
  const first = lane.lives[0];
  if (first === undefined || first.start > now) return;
  // While it does not run: a thin broken line.
  line(context, colour.bad, axis.place(first.start), until(null), middle, [3, 4]);
  for (const life of lane.lives) {
    if (life.start > now) continue;
    const [x, end] = [axis.place(life.start), until(life.end?.at ?? null)];
    context.fillStyle = colour.bg;
    context.fillRect(x, middle - 1, end - x, 2);
    context.fillStyle = colour['line-strong'];
    context.fillRect(x, middle - bar / 2, Math.max(end - x, 2), bar);
  }
  for (const span of lane.spans) if (span.start <= now) paintSpan(brush, span, middle, bar, until(span.end));
  // What the balancers sent here.
  context.fillStyle = colour.tra;
  let last = -2;
  for (const t of lane.chosen) {
    if (t > now) break;
    const x = Math.round(axis.place(t));
    if (x - last < 2) continue;
    last = x;
    context.fillRect(x, middle - bar / 2, 1, bar);
  }
  for (const one of placedSigns(lane, axis, now, scale)) if (one.whole) sign(brush, one.sign, one.x, middle);
}

function paintSpan({ context, axis, tokens: { colour } }: Brush, span: StateSpan, middle: number, bar: number, end: number): void {
  const x = axis.place(span.start);
  if (span.what === 'down') return line(context, colour.bad, x, end, middle + bar / 2 + 2.5, [], 2);
  if (span.what === 'drain') return line(context, colour.net, x, end, middle + bar / 2 + 2.5, [2, 2], 2);
  // It runs, but is of no use: its bar is hollow and striped.
  context.save();
  context.beginPath();
  context.rect(x, middle - bar / 2, Math.max(end - x, 2), bar);
  context.fillStyle = colour.bg;
  context.fill();
  context.clip();
  context.strokeStyle = colour.bad;
  context.lineWidth = 1.4;
  context.beginPath();
  for (let at = x - bar; at < end + bar; at += 5) {
    context.moveTo(at, middle + bar / 2);
    context.lineTo(at + bar, middle - bar / 2);
  }
  context.stroke();
  context.restore();
}

function paintClient(brush: Brush, lane: Lane, y: number, height: number): void {
  const { context, axis, now, tokens: { colour, scale } } = brush;
  const middle = Math.round(y + height / 2);
  context.fillStyle = colour.line;
  context.fillRect(0, middle, axis.place(now), 1);
  const bar = Math.max(Math.round(height * 0.32), 4);
  for (const mark of lane.marks) {
    if (mark.start > now) break;
    if (mark.type === 'event') continue;
    const x = axis.place(mark.start);
    const how = outcomeAt(mark, now);
    const end = axis.place(Math.min(endOf(mark) ?? now, now));
    const tone = how === null ? 'ink2' : OUTCOME_SIGNS[how].tone;
    context.fillStyle = colour[tone];
    context.globalAlpha = how === 'ok' ? 0.85 : 0.45;
    context.fillRect(x, middle - bar / 2, Math.max(end - x, 2), bar);
    context.globalAlpha = 1;
  }
  for (const one of placedSigns(lane, axis, now, scale)) {
    if (one.whole) sign(brush, one.sign, one.x, middle);
    else {
      context.fillStyle = colour[one.sign.tone];
      context.fillRect(Math.round(one.x), middle - bar, 1, 2 * bar);
    }
  }
}

function line(context: CanvasRenderingContext2D, colour: string, from: number, to: number, y: number, dash: readonly number[], width = 1): void {
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash([...dash]);
  context.beginPath();
  context.moveTo(from, y);
  context.lineTo(to, y);
  context.stroke();
  context.restore();
}
