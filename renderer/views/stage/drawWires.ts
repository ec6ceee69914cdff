// Draws the wires and the capsules that move on them: one function of a prepared scene, no allocation, no text layout.
// scene.ts prepares scenes; the bench drives this same function.

import type { Colour, Tokens } from '../../ui/canvas/tokens';
import type { Sprite } from '../../ui/canvas/bitmapCache';
import { pointAt, type Curve } from './curve';

/** A capsule under way. Changed in place from frame to frame. */
export interface Capsule {
  id: number;
  lane: Curve;
  sprite: Sprite;
  colour: Colour;
  dash: readonly number[];
  /** Middle, in whole CSS pixels. */
  x: number;
  y: number;
  /** Where on the lane it is, 0 to 1. */
  t: number;
  visible: boolean;
  /** Stopped at the door: nobody takes it. */
  crossed: boolean;
  /** 0 plain, 1 pointed at, 2 chosen. */
  mark: 0 | 1 | 2;
}

export interface WireScene {
  readonly width: number;
  readonly height: number;
  readonly tokens: Tokens;
  /** Connections that are, that were, and pairs of datagram sockets (which have no connection). */
  readonly live: Path2D | null;
  readonly past: Path2D | null;
  readonly loose: Path2D | null;
  /** Thickness of a wire, CSS pixels. */
  readonly thickness: number;
  readonly capsules: Capsule[];
  /** Capsules in use; the rest of the array is kept for later frames. */
  count: number;
}

export type WireContext = Pick<
  CanvasRenderingContext2D,
  'clearRect' | 'stroke' | 'beginPath' | 'moveTo' | 'lineTo' | 'drawImage' | 'setLineDash' | 'roundRect' | 'lineWidth' | 'strokeStyle' | 'lineCap' | 'globalAlpha'
>;

const NO_DASH: number[] = [];
const LOOSE_DASH = [1, 7];
/** Length of the line behind a capsule, CSS pixels. */
const TAIL = 84;
/** The cross of what is not taken, half its size. */
const CROSS = 6;

export function drawWires(context: WireContext, scene: WireScene): void {
  const { colour } = scene.tokens;
  context.clearRect(0, 0, scene.width, scene.height);
  context.lineCap = 'round';
  context.setLineDash(NO_DASH);
  context.lineWidth = scene.thickness;
  if (scene.past !== null) {
    context.globalAlpha = 0.4;
    context.strokeStyle = colour.line;
    context.stroke(scene.past);
    context.globalAlpha = 1;
  }
  if (scene.live !== null) {
    context.strokeStyle = colour.line;
    context.stroke(scene.live);
  }
  if (scene.loose !== null) {
    context.strokeStyle = colour['line-strong'];
    context.lineWidth = 2;
    context.setLineDash(LOOSE_DASH);
    context.stroke(scene.loose);
  }
  context.lineWidth = 2;
  context.lineCap = 'butt';
  for (let index = 0; index < scene.count; index++) {
    const capsule = scene.capsules[index] as Capsule;
    if (!capsule.visible) continue;
    context.strokeStyle = colour[capsule.colour];
    context.setLineDash(capsule.dash as number[]);
    context.beginPath();
    drawTail(context, capsule);
    context.stroke();
  }
  context.setLineDash(NO_DASH);
  for (let index = 0; index < scene.count; index++) {
    const capsule = scene.capsules[index] as Capsule;
    if (capsule.visible) drawCapsule(context, capsule, scene.tokens);
  }
}

const point = { x: 0, y: 0 };

/** The line behind a capsule, in the style of its evidence: short, because long dashed lines are what costs time without a GPU. */
function drawTail(context: WireContext, { lane, t, sprite }: Capsule): void {
  const edge = sprite.width / 2 / lane.length;
  pointAt(lane, Math.max(0, t - edge - TAIL / lane.length), point);
  context.moveTo(Math.round(point.x), Math.round(point.y));
  pointAt(lane, Math.max(0, t - edge), point);
  context.lineTo(Math.round(point.x), Math.round(point.y));
}

function drawCapsule(context: WireContext, capsule: Capsule, tokens: Tokens): void {
  const { sprite } = capsule;
  const left = Math.round(capsule.x - sprite.width / 2);
  const top = Math.round(capsule.y - sprite.height / 2);
  context.drawImage(sprite.image, left, top, sprite.width, sprite.height);
  if (capsule.mark > 0) {
    context.strokeStyle = capsule.mark === 2 ? tokens.colour.focus : tokens.colour.ink2;
    context.lineWidth = 2;
    context.beginPath();
    context.roundRect(left - 3, top - 3, sprite.width + 6, sprite.height + 6, 12);
    context.stroke();
  }
  if (!capsule.crossed) return;
  const x = capsule.lane.x3 > capsule.lane.x0 ? left + sprite.width : left;
  context.strokeStyle = tokens.colour.bad;
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(x - CROSS, top - CROSS);
  context.lineTo(x + CROSS, top + CROSS);
  context.moveTo(x + CROSS, top - CROSS);
  context.lineTo(x - CROSS, top + CROSS);
  context.stroke();
  context.lineWidth = 2;
}

/** The capsule under a point, the topmost first; -1: none. */
export function capsuleAt(scene: WireScene, x: number, y: number): number {
  for (let index = scene.count - 1; index >= 0; index--) {
    const capsule = scene.capsules[index] as Capsule;
    if (!capsule.visible) continue;
    if (Math.abs(x - capsule.x) <= capsule.sprite.width / 2 + 2 && Math.abs(y - capsule.y) <= capsule.sprite.height / 2 + 2) return capsule.id;
  }
  return -1;
}
