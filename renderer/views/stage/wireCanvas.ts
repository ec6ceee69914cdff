// Keeps the stage's canvas painted: builds the scene when something has changed, moves and paints it when the position has. Runs outside
// of Vue's rendering. Also answers which capsule is under the pointer.

import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { segmentPayload } from '../../../shared/trace/segmentPayload';
import type { TraceStore } from '../../../shared/trace/store';
import { BitmapCache } from '../../ui/canvas/bitmapCache';
import { fitCanvas, pixelRatio } from '../../ui/canvas/surface';
import type { Tokens } from '../../ui/canvas/tokens';
import type { StageClock } from './clock';
import { capsuleAt, drawWires } from './drawWires';
import type { Axis, Flight } from './flights';
import type { StageLayout } from './layout';
import type { Door, Picture } from './pictureModel';
import { advance, buildScene, type StageScene } from './scene';
import { segmentText } from './segmentText';

export interface WireCanvasInput {
  readonly canvas: Readonly<Ref<HTMLCanvasElement | null>>;
  readonly clock: StageClock;
  readonly axis: () => Axis;
  readonly trace: () => TraceStore;
  /** Labels.segment. */
  readonly nameOf: (segment: number) => string;
  /** Reduced motion. */
  readonly still: () => boolean;
  readonly chosen: Readonly<Ref<number>>;
  readonly tokens: Readonly<Ref<Tokens>>;
  readonly layout: Readonly<Ref<StageLayout>>;
  readonly picture: Readonly<Ref<Picture>>;
  readonly doors: Readonly<Ref<ReadonlyMap<string, Door>>>;
  readonly flights: Readonly<Ref<readonly Flight[]>>;
}

export interface WireCanvas {
  /** Changes when a capsule comes, lands or goes. */
  readonly air: ShallowRef<number>;
  /** Segment under the pointer or the keyboard's focus; -1: none. */
  readonly pointed: ShallowRef<number>;
  /** The segment under a pointer event, or -1. */
  at(event: MouseEvent): number;
  point(event: PointerEvent): void;
  leave(): void;
}

export function useWireCanvas(input: WireCanvasInput): WireCanvas {
  const air = shallowRef(0);
  const pointed = shallowRef(-1);
  const ratio = pixelRatio();
  const cache = new BitmapCache(ratio);
  let scene: StageScene | null = null;
  let context: CanvasRenderingContext2D | null = null;

  function textOf(flight: Flight): ReturnType<typeof segmentText> {
    return segmentText(flight.segment, segmentPayload(input.trace(), flight.segment), input.nameOf(flight.segment.id));
  }

  function rebuild(): void {
    const canvas = input.canvas.value;
    const layout = input.layout.value;
    if (canvas === null || layout.width === 0 || layout.height === 0) return;
    context ??= canvas.getContext('2d');
    if (context === null) return;
    fitCanvas(canvas, context, layout.width, layout.height, ratio);
    scene = buildScene({ layout, picture: input.picture.value, doors: input.doors.value, flights: input.flights.value, tokens: input.tokens.value, cache, textOf });
    paint();
  }

  function paint(): void {
    if (scene === null || context === null) return;
    air.value = advance(scene, input.axis().at(input.clock.position.value), input.still(), pointed.value, input.chosen.value);
    drawWires(context, scene);
  }

  watch(input.tokens, () => cache.clear());
  watch([input.canvas, input.tokens, input.layout, input.doors, input.flights], rebuild, { flush: 'post', immediate: true });
  watch([input.clock.position, pointed, input.chosen, input.still], paint, { flush: 'post' });
  if (typeof document !== 'undefined' && 'fonts' in document) {
    const again = (): void => {
      cache.clear();
      rebuild();
    };
    document.fonts.addEventListener('loadingdone', again);
    onScopeDispose(() => document.fonts.removeEventListener('loadingdone', again));
  }

  function at(event: MouseEvent): number {
    const bounds = input.canvas.value?.getBoundingClientRect();
    return scene === null || bounds === undefined ? -1 : capsuleAt(scene, event.clientX - bounds.left, event.clientY - bounds.top);
  }

  return { air, pointed, at, point: (event) => (pointed.value = at(event)), leave: () => (pointed.value = -1) };
}
