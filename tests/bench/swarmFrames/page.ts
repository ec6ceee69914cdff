// The page of the swarm's frame bench: N blocks under way between 200 peers, placed and painted with the product's own functions, every
// frame all of them moved, as fast as the browser gives frames. Answers window.measure(count, frames) with frame and script times in ms.

import { micros } from '../../../shared/base/brand';
import { createRandom } from '../../../shared/base/random';
import { fitCanvas } from '../../../renderer/ui/canvas/surface';
import { readTokens } from '../../../renderer/ui/canvas/tokens';
import '../../../renderer/styles/tokens.css';
import { Blocks } from '../../../renderer/views/swarm/blocks';
import { apartOf, BlockPainter } from '../../../renderer/views/swarm/drawBlocks';
import { Lanes } from '../../../renderer/views/swarm/lanes';
import { layoutSwarm, ringOrder } from '../../../renderer/views/swarm/layout';
import { SwarmScene } from '../../../renderer/views/swarm/swarm.fixture';
import type { MeasuredFrames } from '../frames/measured';
import { measureFrames } from '../frames/page/measureFrames';

declare global {
  interface Window {
    measure(count: number, frames: number, moving: boolean): Promise<MeasuredFrames>;
  }
}

const PEERS = 200;
const LINKS = 5;
/** ms that a block is under way. */
const WAY = 1000;

const canvas = document.createElement('canvas');
document.body.append(canvas);
const context = canvas.getContext('2d');

/** Blocks that are all under way at 1,000 ms, each at its own part of its way, and stay so for the bench: they are moved by their lanes' parts. */
function sceneOf(count: number) {
  const random = createRandom(4);
  const scene = new SwarmScene(1000);
  for (let peer = 0; peer < PEERS; peer++) if (peer < 8) scene.seeder(); else scene.peer();
  for (let peer = 1; peer < PEERS; peer++) for (let turn = 0; turn < LINKS; turn++) scene.link(peer, random.below(peer));
  for (let n = 0; n < count; n++) {
    const link = random.below(scene.links.length);
    const depart = random.below(WAY);
    scene.block(link, scene.links[link]?.[n % 2 === 0 ? 'a' : 'b'] ?? 0, n % 1000, depart, depart + WAY);
  }
  return scene.story();
}

/** `moving` false: an empty canvas is cleared each frame, the floor of what this machine can do. */
window.measure = async (count, frames, moving) => {
  if (context === null) throw new Error('no 2D context');
  const [width, height] = [innerWidth, innerHeight];
  fitCanvas(canvas, context, width, height, 1);
  const swarm = sceneOf(count);
  const layout = layoutSwarm(ringOrder(swarm.peers, 1000), width, height);
  const lanes = new Lanes(layout, swarm.links);
  const tokens = readTokens();
  const [painter, blocks] = [new BlockPainter(1), new Blocks()];
  const under = Array.from({ length: count }, (_, index) => index);
  const chosen = { piece: 7, transfer: -1, hostile: new Uint8Array(PEERS) };
  return measureFrames(frames, (frame) => {
    if (moving) {
      blocks.fill({ t: micros((WAY / 2 + frame * 4) * 1000), moving: under }, swarm, lanes, chosen, apartOf(false));
      painter.paint(context, blocks, tokens, width, height);
    } else context.clearRect(0, 0, width, height);
  });
};
