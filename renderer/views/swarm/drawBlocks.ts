// Paints the blocks of a frame: few of them as capsules with the number of their piece (from the bitmap cache), more as small squares
// copied from one atlas; thousands by copying the atlas' pixels ourselves, because without a GPU 5,000 drawImage() take 15 ms, and
// 5,000 copies of 49 pixels less than 1. The bench drives this same class.

import { BitmapCache, type Sprite } from '../../ui/canvas/bitmapCache';
import type { Tokens } from '../../ui/canvas/tokens';
import { LOOK, type Blocks } from './blocks';

/** Blocks at once up to which each says its piece, and px² that each such needs; from how many on they are small, and their pixels copied. */
const MOST_NAMED = 60;
const NAME_ROOM = 2500;
const SMALL = 150;
const MANY = 900;

interface Atlas {
  readonly image: CanvasImageSource;
  /** Side of a cell in the pixels of the image. */
  readonly step: number;
  /** By look: the small square, `side` x `side` pixels as the canvas keeps them; 0: nothing there. */
  readonly pixels: readonly Uint32Array[];
  readonly side: number;
}

const CELL = 12;
const SIZES = [8, 5] as const;
const COLOURS = ['app', 'focus', 'bad', 'app'] as const;

/** Two rows (large, small) of four looks: filled, ringed, crossed out, hollow: none by colour alone. */
function makeAtlas(tokens: Tokens, ratio: number): Atlas {
  const step = Math.ceil(CELL * ratio);
  const canvas = new OffscreenCanvas(step * COLOURS.length, step * 2);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return { image: canvas, step, pixels: [], side: 0 };
  for (const [row, size] of SIZES.entries()) {
    for (const [look, colour] of COLOURS.entries()) {
      context.setTransform(ratio, 0, 0, ratio, look * step, row * step);
      paintSquare(context, look, size, tokens.colour[colour], tokens.colour.bg);
    }
  }
  const side = Math.min(step, Math.ceil((SIZES[1] + 4) * ratio));
  const edge = Math.floor((step - side) / 2);
  const pixels = COLOURS.map((_, look) => {
    const data = new Uint32Array(context.getImageData(look * step + edge, step + edge, side, side).data.buffer);
    // Whole pixels or none: what shines through would need blending.
    return data.map((pixel) => (pixel >>> 24 > 127 ? (pixel | 0xff000000) >>> 0 : 0));
  });
  return { image: canvas.transferToImageBitmap(), step, pixels, side };
}

function paintSquare(context: OffscreenCanvasRenderingContext2D, look: number, size: number, colour: string, ground: string): void {
  const side = look === LOOK.chosen ? size + 2 : size;
  const at = (CELL - side) / 2;
  context.fillStyle = ground;
  context.fillRect(at - 1, at - 1, side + 2, side + 2);
  context.fillStyle = colour;
  context.fillRect(at, at, side, side);
  if (look === LOOK.plain) return;
  context.fillStyle = ground;
  if (look === LOOK.unknown) context.fillRect(at + 1.5, at + 1.5, side - 3, side - 3);
  else if (look === LOOK.chosen) context.fillRect(CELL / 2 - 1, CELL / 2 - 1, 2, 2);
  else {
    context.strokeStyle = ground;
    context.lineWidth = 1.2;
    context.beginPath();
    context.moveTo(at, at);
    context.lineTo(at + side, at + side);
    context.moveTo(at + side, at);
    context.lineTo(at, at + side);
    context.stroke();
  }
}

/** A capsule with the piece's number. */
function named(cache: BitmapCache, piece: number, look: number, tokens: Tokens): Sprite {
  const text = look === LOOK.bad ? `${piece} ✕` : String(piece);
  const { scale } = tokens;
  const [width, height] = [Math.ceil((11 + text.length * 6.8) * scale), Math.round(17 * scale)];
  return cache.get(`${text}|${look}`, width, height, (context) => {
    const colour = tokens.colour[COLOURS[look] ?? 'app'];
    context.beginPath();
    context.roundRect(1, 1, width - 2, height - 2, 5 * scale);
    context.fillStyle = look === LOOK.chosen ? colour : tokens.colour.panel;
    context.fill();
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    if (look === LOOK.unknown) context.setLineDash([2, 2]);
    context.stroke();
    context.fillStyle = look === LOOK.chosen ? tokens.colour.bg : colour;
    context.font = `650 ${11 * scale}px ${tokens.mono}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(text, width / 2, height / 2 + 0.5);
  });
}

export type BlockContext = Pick<CanvasRenderingContext2D, 'clearRect' | 'drawImage' | 'createImageData' | 'putImageData'>;

/** True when so many blocks in a picture of that size each say their piece. */
export const isNamed = (count: number, width: number, height: number): boolean => count <= Math.min(MOST_NAMED, (width * height) / NAME_ROOM);

/** Half of the size of a block, for finding the one under the pointer. */
export const reachOf = (named: boolean): { readonly x: number; readonly y: number } => (named ? { x: 14, y: 10 } : { x: 5, y: 5 });

/** px by which blocks upon one another are moved aside. */
export const apartOf = (named: boolean): number => (named ? 0 : 2);

export class BlockPainter {
  private readonly cache: BitmapCache;
  private atlas: Atlas | null = null;
  private atlasOf: Tokens | null = null;
  private plane: ImageData | null = null;
  private words = new Uint32Array(0);
  /** Where the plane has squares: their first pixels. */
  private drawn = new Int32Array(0);
  private drawnCount = 0;

  constructor(private readonly ratio: number) {
    this.cache = new BitmapCache(ratio);
  }

  /** New colours or fonts. */
  clear(): void {
    this.cache.clear();
    this.atlasOf = null;
  }

  /** `width`, `height` of the canvas in CSS pixels. */
  paint(context: BlockContext, blocks: Blocks, tokens: Tokens, width: number, height: number): void {
    if (this.atlas === null || this.atlasOf !== tokens) {
      this.atlas = makeAtlas(tokens, this.ratio);
      this.atlasOf = tokens;
      this.plane = null;
    }
    if (blocks.count > MANY) return this.copy(context, blocks, this.atlas, width, height);
    context.clearRect(0, 0, width, height);
    const { count, x, y, look, piece } = blocks;
    if (isNamed(count, width, height)) {
      for (let n = 0; n < count; n++) {
        const sprite = named(this.cache, piece[n] as number, look[n] as number, tokens);
        context.drawImage(sprite.image, Math.round((x[n] as number) - sprite.width / 2), Math.round((y[n] as number) - sprite.height / 2), sprite.width, sprite.height);
      }
      return;
    }
    const { image, step } = this.atlas;
    const half = CELL / 2;
    const top = count > SMALL ? step : 0;
    for (let n = 0; n < count; n++) context.drawImage(image, (look[n] as number) * step, top, step, step, (x[n] as number) - half, (y[n] as number) - half, CELL, CELL);
  }

  private copy(context: BlockContext, blocks: Blocks, { pixels, side }: Atlas, width: number, height: number): void {
    const [w, h] = [Math.max(1, Math.round(width * this.ratio)), Math.max(1, Math.round(height * this.ratio))];
    if (this.plane?.width !== w || this.plane.height !== h) {
      this.plane = context.createImageData(w, h);
      this.words = new Uint32Array(this.plane.data.buffer);
      this.drawnCount = 0;
    }
    const { words } = this;
    for (let n = 0; n < this.drawnCount; n++) {
      const first = this.drawn[n] as number;
      for (let row = 0; row < side; row++) words.fill(0, first + row * w, first + row * w + side);
    }
    if (blocks.count > this.drawn.length) this.drawn = new Int32Array(blocks.x.length);
    let kept = 0;
    for (let n = 0; n < blocks.count; n++) {
      const left = Math.round((blocks.x[n] as number) * this.ratio - side / 2);
      const top = Math.round((blocks.y[n] as number) * this.ratio - side / 2);
      if (left < 0 || top < 0 || left + side > w || top + side > h) continue;
      const square = pixels[blocks.look[n] as number] as Uint32Array;
      const first = top * w + left;
      this.drawn[kept++] = first;
      for (let row = 0, from = 0; row < side; row++) {
        for (let to = first + row * w, end = to + side; to < end; to++, from++) {
          const pixel = square[from] as number;
          if (pixel !== 0) words[to] = pixel;
        }
      }
    }
    this.drawnCount = kept;
    context.putImageData(this.plane, 0, 0);
  }
}
