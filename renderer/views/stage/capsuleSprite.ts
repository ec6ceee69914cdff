// Draws one capsule as a bitmap: a rounded box in the colour of its layer, its border in the style of its evidence, its text and the
// arrow of its direction. Made once per text and theme, by renderer/ui/canvas/bitmapCache.

import type { BitmapCache, Sprite } from '../../ui/canvas/bitmapCache';
import type { Colour, Tokens } from '../../ui/canvas/tokens';
import { never } from '../../../shared/base/assert';
import type { Evidence } from '../../../shared/trace/event';
import type { Segment } from '../../../shared/trace/story';
import type { SegmentText } from './segmentText';

/** Magenta for an application's bytes, blue for what transport says to itself, vermilion for what fails. */
export function colourOf(segment: Segment): Colour {
  switch (segment.kind) {
    case 'data':
    case 'datagram':
      return 'app';
    case 'syn':
    case 'syn-ack':
    case 'ack':
    case 'fin':
      return 'tra';
    case 'rst':
    case 'unreachable':
      return 'bad';
    default:
      return never(segment.kind);
  }
}

const DASHES: Readonly<Record<Evidence, readonly number[]>> = { captured: [], observed: [6, 3], inferred: [2, 3], model: [2, 3] };

/** Line style of an evidence mark; the same in every view. */
export const dashOf = (evidence: Evidence): readonly number[] => DASHES[evidence];

export interface CapsuleLook {
  readonly text: SegmentText;
  readonly colour: Colour;
  readonly evidence: Evidence;
  /** 1: the arrow points right. */
  readonly dir: 1 | -1;
  /** One line, for narrow wires. */
  readonly small: boolean;
  /** CSS pixels that it may be wide; what is longer ends in an ellipsis. */
  readonly room?: number;
}

let ruler: OffscreenCanvasRenderingContext2D | null = null;
const widths = new Map<string, number>();

function measure(text: string, font: string): number {
  const key = `${font}|${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  ruler ??= new OffscreenCanvas(1, 1).getContext('2d');
  if (ruler === null) return text.length * 7;
  ruler.font = font;
  const width = ruler.measureText(text).width;
  if (widths.size > 2000) widths.clear();
  widths.set(key, width);
  return width;
}

/** As much of a text in a font of fixed width as fits; nothing when that would say little. */
function cut(text: string, font: string, room: number): string {
  const width = measure(text, font);
  if (width <= room) return text;
  const kept = Math.floor((room / width) * text.length) - 1;
  return kept < 5 ? '' : `${text.slice(0, kept)}…`;
}

export function capsuleSprite(cache: BitmapCache, look: CapsuleLook, tokens: Tokens): Sprite {
  const { text, small, dir } = look;
  const scale = tokens.scale;
  const head = dir === 1 ? `${text.head} →` : `← ${text.head}`;
  const headFont = `650 ${(small ? 10.5 : 11.5) * scale}px ${tokens.font}`;
  const detailFont = `${10.5 * scale}px ${tokens.mono}`;
  const padding = (small ? 14 : 22) * scale;
  const detail = small ? '' : cut(text.detail, detailFont, (look.room ?? Number.POSITIVE_INFINITY) - padding);
  const inner = Math.max(measure(head, headFont), detail === '' ? 0 : measure(detail, detailFont));
  const width = Math.ceil(inner + padding);
  const height = Math.round((small ? 19 : detail === '' ? 26 : 38) * scale);
  const key = `${head}|${detail}|${look.colour}|${look.evidence}|${small ? 1 : 0}`;
  return cache.get(key, width, height, (context) => {
    context.beginPath();
    context.roundRect(1, 1, width - 2, height - 2, Math.min(10 * scale, height / 2 - 1));
    context.fillStyle = tokens.colour.panel;
    context.fill();
    context.strokeStyle = tokens.colour[look.colour];
    context.lineWidth = small ? 1.5 : 2;
    context.setLineDash([...dashOf(look.evidence)]);
    context.stroke();
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = tokens.colour[look.colour];
    context.font = headFont;
    context.fillText(head, width / 2, detail === '' ? height / 2 + 0.5 : height * 0.33);
    if (detail === '') return;
    context.fillStyle = tokens.colour.ink2;
    context.font = detailFont;
    context.fillText(detail, width / 2, height * 0.68);
  });
}
