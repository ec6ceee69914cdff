// The page of the stage's frame bench: draws N labelled capsules on N lanes with the product's own functions, every frame all of them
// moved, as fast as the browser gives frames. Answers window.measure(count, frames) with frame times and script times in ms.

import { BitmapCache } from '../../../renderer/ui/canvas/bitmapCache';
import { fitCanvas } from '../../../renderer/ui/canvas/surface';
import { readTokens } from '../../../renderer/ui/canvas/tokens';
import '../../../renderer/styles/tokens.css';
import { capsuleSprite, dashOf } from '../../../renderer/views/stage/capsuleSprite';
import { laneBetween, pointAt, travel } from '../../../renderer/views/stage/curve';
import { drawWires, type Capsule, type WireScene } from '../../../renderer/views/stage/drawWires';
import type { Anchor } from '../../../renderer/views/stage/layout';
import type { MeasuredFrames } from '../frames/measured';
import { measureFrames } from '../frames/page/measureFrames';

declare global {
  interface Window {
    measure(count: number, frames: number, moving: boolean): Promise<MeasuredFrames>;
  }
}

const canvas = document.createElement('canvas');
document.body.append(canvas);
const context = canvas.getContext('2d');
const cache = new BitmapCache(1);
const EVIDENCE = ['captured', 'observed', 'inferred'] as const;
const COLOURS = ['app', 'tra', 'bad'] as const;

function sceneOf(count: number): WireScene {
  const width = innerWidth;
  const height = innerHeight;
  const tokens = readTokens();
  const capsules = Array.from({ length: count }, (_, n): Capsule => {
    const anchor = (x: number, dir: 1 | -1, turn: number): Anchor => ({ x, y: 20 + ((n * turn) % (height - 40)), dir, lane: 6, roomy: true });
    const [a, b] = [anchor(20, 1, 37), anchor(width - 20, -1, 53)];
    const lane = n % 2 === 0 ? laneBetween(a, b) : laneBetween(b, a);
    const evidence = EVIDENCE[n % 3] ?? 'observed';
    const colour = COLOURS[n % 3] ?? 'app';
    const text = { head: `${(n % 90) + 10} B`, detail: n % 2 === 0 ? `“GET READ ${n % 60}…”` : '' };
    const sprite = capsuleSprite(cache, { text, colour, evidence, dir: n % 2 === 0 ? 1 : -1, small: false }, tokens);
    return { id: n, lane, sprite, colour, dash: dashOf(evidence), x: 0, y: 0, t: 0, visible: true, crossed: false, mark: 0 };
  });
  return { width, height, tokens, live: null, past: null, loose: null, thickness: 7, capsules, count };
}

const point = { x: 0, y: 0 };
function advance(scene: WireScene, frame: number): void {
  for (let n = 0; n < scene.count; n++) {
    const capsule = scene.capsules[n] as Capsule;
    capsule.t = travel(capsule.lane, ((frame * 3 + n * 17) % 400) / 400, capsule.sprite.width);
    pointAt(capsule.lane, capsule.t, point);
    capsule.x = Math.round(point.x);
    capsule.y = Math.round(point.y);
  }
}

/** `moving` false: an empty canvas is cleared each frame, the floor of what this machine can do. */
window.measure = async (count, frames, moving) => {
  if (context === null) throw new Error('no 2D context');
  fitCanvas(canvas, context, innerWidth, innerHeight, 1);
  const scene = sceneOf(count);
  return measureFrames(frames, (frame) => {
    if (moving) {
      advance(scene, frame);
      drawWires(context, scene);
    } else context.clearRect(0, 0, scene.width, scene.height);
  });
};
