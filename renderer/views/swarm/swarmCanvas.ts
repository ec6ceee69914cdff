// Keeps the two canvases of the picture painted: links (and dots) when a state has changed, blocks in every frame in which they move. Runs
// outside of Vue's rendering. Also answers which block, link or peer is under the pointer.

import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { fitCanvas, pixelRatio } from '../../ui/canvas/surface';
import type { Tokens } from '../../ui/canvas/tokens';
import type { CutWhy } from '../../../shared/trace/notes';
import type { SwarmNow, SwarmStory } from '../../../shared/trace/swarm/swarmStory';
import { Blocks } from './blocks';
import { apartOf, BlockPainter, isNamed, reachOf } from './drawBlocks';
import { drawLinks } from './drawLinks';
import { drawPeers } from './drawPeers';
import { Lanes, distanceTo } from './lanes';
import { peerAt, type SwarmLayout } from './layout';
import { cutsAt } from './cuts';
import type { PeerFace } from './peers';
import type { SwarmClock } from './swarmClock';

export interface SwarmCanvasInput {
  readonly linkCanvas: Readonly<Ref<HTMLCanvasElement | null>>;
  readonly blockCanvas: Readonly<Ref<HTMLCanvasElement | null>>;
  readonly swarm: () => SwarmStory;
  readonly clock: SwarmClock;
  readonly layout: Readonly<Ref<SwarmLayout>>;
  readonly faces: Readonly<Ref<readonly PeerFace[]>>;
  readonly tokens: Readonly<Ref<Tokens>>;
  /** What stands out; -1: nothing. */
  readonly piece: () => number;
  readonly transfer: () => number;
  readonly link: () => number;
  /** A reason to cut a link in the user's words. */
  readonly cutWord: (why: CutWhy) => string;
  /** Peer whose links stand out. */
  readonly peer: () => number;
}

export type Under = { readonly type: 'block' | 'link' | 'peer'; readonly index: number } | null;

export interface SwarmCanvas {
  /** How many blocks are under way in the frame that is seen. */
  readonly moving: ShallowRef<number>;
  under(x: number, y: number): Under;
}

/** Distance within which a link is under the pointer, px. */
const NEAR = 5;
/** Painting the links takes at most this part of the time. */
const SHARE = 8;

export function useSwarmCanvas(input: SwarmCanvasInput): SwarmCanvas {
  const moving = shallowRef(0);
  const ratio = pixelRatio();
  const painter = new BlockPainter(ratio);
  const blocks = new Blocks();
  const contexts = new WeakMap<HTMLCanvasElement, CanvasRenderingContext2D>();
  let lanes = new Lanes(input.layout.value, input.swarm().links);
  let hostile = new Uint8Array(0);
  let state = -1;
  let paintedAt = 0;
  let took = 0;
  let later: ReturnType<typeof setTimeout> | null = null;

  function surface(canvas: HTMLCanvasElement | null): CanvasRenderingContext2D | null {
    if (canvas === null) return null;
    const { width, height } = input.layout.value;
    const context = contexts.get(canvas) ?? canvas.getContext('2d');
    if (context === null || width === 0 || height === 0) return null;
    contexts.set(canvas, context);
    fitCanvas(canvas, context, width, height, ratio);
    return context;
  }

  function paintLinks(now: SwarmNow): void {
    const context = surface(input.linkCanvas.value);
    if (context === null) return;
    const begin = performance.now();
    const { layout, faces, tokens } = { layout: input.layout.value, faces: input.faces.value, tokens: input.tokens.value };
    const { links } = input.swarm();
    const cut = cutsAt(links, now.t, now.links).map(({ link, why }) => ({ link, why: why === null ? '' : input.cutWord(why) }));
    drawLinks(context, { width: layout.width, height: layout.height, tokens, detail: layout.detail, lanes, links, peer: input.peer(), chosen: input.link(), cut }, now.links);
    if (layout.detail === 'dots') drawPeers(context, layout, faces, tokens);
    paintedAt = performance.now();
    took = paintedAt - begin;
  }

  function paintBlocks(now: SwarmNow): void {
    const context = surface(input.blockCanvas.value);
    if (context === null) return;
    const { swarm, layout, tokens } = { swarm: input.swarm(), layout: input.layout.value, tokens: input.tokens.value };
    blocks.fill(now, swarm, lanes, { piece: input.piece(), transfer: input.transfer(), hostile }, apartOf(isNamed(now.moving.length, layout.width, layout.height)));
    painter.paint(context, blocks, tokens, layout.width, layout.height);
    if (moving.value !== blocks.count) moving.value = blocks.count;
  }

  function paint(): void {
    const now = input.clock.now();
    const next = stateOf(now);
    if (next !== state) {
      // Many links take long: then they follow a little later, and the blocks do not wait for them.
      const wait = paintedAt + took * SHARE - performance.now();
      if (took < 4 || wait <= 0) {
        state = next;
        paintLinks(now);
      } else later ??= setTimeout(() => ((later = null), (state = -1), paint()), wait);
    }
    paintBlocks(now);
  }

  function rebuild(): void {
    lanes = new Lanes(input.layout.value, input.swarm().links);
    repaint();
  }
  function repaint(): void {
    hostile = Uint8Array.from(input.faces.value, (face) => (face.kind === 'hostile' ? 1 : 0));
    state = -1;
    paint();
  }

  watch(input.tokens, () => painter.clear());
  watch([input.linkCanvas, input.blockCanvas, input.layout, () => (void input.clock.tick.value, input.swarm().links.length)], rebuild, { flush: 'post', immediate: true });
  watch([input.tokens, input.faces, input.link, input.peer], repaint, { flush: 'post' });
  watch([input.clock.frame, input.piece, input.transfer], paint, { flush: 'post' });
  onScopeDispose(() => later !== null && clearTimeout(later));
  if (typeof document !== 'undefined' && 'fonts' in document) {
    const again = (): void => (painter.clear(), repaint());
    document.fonts.addEventListener('loadingdone', again);
    onScopeDispose(() => document.fonts.removeEventListener('loadingdone', again));
  }

  function under(x: number, y: number): Under {
    const peer = peerAt(input.layout.value, x, y, 0);
    if (peer >= 0) return { type: 'peer', index: peer };
    const { width, height } = input.layout.value;
    const reach = reachOf(isNamed(blocks.count, width, height));
    const transfer = blocks.under(x, y, reach.x, reach.y);
    if (transfer >= 0) return { type: 'block', index: transfer };
    let [best, found] = [NEAR, -1];
    for (const { link } of input.clock.now().links) {
      for (const fromA of [true, false]) {
        const distance = distanceTo(lanes, lanes.laneOf(link, fromA), x, y);
        if (distance < best) [best, found] = [distance, link];
      }
    }
    return found < 0 ? null : { type: 'link', index: found };
  }

  return { moving, under };
}

/** A number that changes with the states of the links: FNV-1a over them. */
function stateOf({ links }: SwarmNow): number {
  let hash = 0x811c9dc5;
  for (const { link, bits } of links) hash = Math.imul(hash ^ (link * 16 + bits), 0x01000193);
  return hash >>> 0;
}
