// Turns a layout and the flights around a position into the scene that drawWires paints, and moves its capsules from frame to frame.
// Rebuilt when the snapshot, the size or the theme changes; advance() is all that runs per frame and allocates nothing.

import type { BitmapCache } from '../../ui/canvas/bitmapCache';
import type { Tokens } from '../../ui/canvas/tokens';
import { capsuleSprite, colourOf, dashOf } from './capsuleSprite';
import { addLane, laneBetween, pointAt, travel, type Curve } from './curve';
import type { Capsule, WireScene } from './drawWires';
import { isVisible, progressOf, type Flight } from './flights';
import type { StageLayout } from './layout';
import { doorOf, type Door, type Picture } from './picture';
import type { SegmentText } from './segmentText';

export interface SceneInput {
  readonly layout: StageLayout;
  readonly picture: Picture;
  readonly doors: ReadonlyMap<string, Door>;
  readonly flights: readonly Flight[];
  readonly tokens: Tokens;
  readonly cache: BitmapCache;
  readonly textOf: (flight: Flight) => SegmentText;
}

/** A scene with the flight of each capsule, by place. */
export interface StageScene extends WireScene {
  readonly flights: readonly Flight[];
}

export function buildScene(input: SceneInput): StageScene {
  const { layout, picture, doors, tokens } = input;
  const paths = { live: new Path2D(), past: new Path2D(), loose: new Path2D() };
  let roomy = true;
  for (const wire of picture.wires) {
    const a = layout.anchors.get(wire.a);
    const b = layout.anchors.get(wire.b);
    if (a === undefined || b === undefined || (a.x === b.x && a.y === b.y)) continue;
    const path = wire.transport === 'udp' ? paths.loose : wire.live ? paths.live : paths.past;
    addLane(path, laneBetween(a, b));
    addLane(path, laneBetween(b, a));
    roomy &&= a.roomy && b.roomy;
  }
  const capsules: Capsule[] = [];
  const flights: Flight[] = [];
  for (const flight of input.flights) {
    const from = layout.anchors.get(doorOf(doors, flight.segment, 'from'));
    const to = layout.anchors.get(doorOf(doors, flight.segment, 'to'));
    if (from === undefined || to === undefined || (from.x === to.x && from.y === to.y)) continue;
    const colour = colourOf(flight.segment);
    const { evidence } = flight.segment.provenance;
    const look = { text: input.textOf(flight), colour, evidence, dir: from.dir, small: !(from.roomy && to.roomy) };
    capsules.push({
      id: flight.segment.id, lane: laneBetween(from, to), sprite: capsuleSprite(input.cache, look, tokens), colour, dash: dashOf(evidence),
      x: 0, y: 0, t: 0, visible: false, crossed: false, mark: 0,
    });
    flights.push(flight);
  }
  return { width: layout.width, height: layout.height, tokens, ...paths, thickness: roomy ? 7 : 3, capsules, count: capsules.length, flights };
}

const point = { x: 0, y: 0 };

/**
 * Places the capsules at display time `now` (ms). `still`: reduced motion, each capsule rests in mid-wire. Returns a number that
 * changes when a capsule comes or goes, so that the page can tell when a buffer has filled.
 */
export function advance(scene: StageScene, now: number, still: boolean, pointed: number, chosen: number): number {
  let air = 17;
  let before: Capsule | null = null;
  for (let index = 0; index < scene.count; index++) {
    const flight = scene.flights[index] as Flight;
    const capsule = scene.capsules[index] as Capsule;
    capsule.visible = isVisible(flight, now);
    if (!capsule.visible) continue;
    const progress = progressOf(flight, now);
    const flying = progress < 1;
    air = (Math.imul(air, 31) + flight.segment.id * 2 + (flying ? 1 : 0)) | 0;
    capsule.crossed = flight.outcome !== 'lands' && progress > 0.8;
    let t = travel(capsule.lane, still && flying ? 0.5 + progress / 2 : progress, capsule.sprite.width);
    // One behind the other on the same lane: a burst stays readable as far as the wire has room.
    if (before !== null && sameLane(before.lane, capsule.lane)) {
      const room = (capsule.sprite.width + before.sprite.width) / 2 + 4;
      t = Math.max(travel(capsule.lane, 0, capsule.sprite.width), Math.min(t, before.t - room / capsule.lane.length));
    }
    pointAt(capsule.lane, t, point);
    capsule.t = t;
    capsule.x = Math.round(point.x);
    capsule.y = Math.round(point.y);
    capsule.mark = capsule.id === chosen ? 2 : capsule.id === pointed ? 1 : 0;
    before = capsule;
  }
  return air;
}

const sameLane = (one: Curve, other: Curve): boolean => one.x0 === other.x0 && one.y0 === other.y0 && one.x3 === other.x3 && one.y3 === other.y3;
