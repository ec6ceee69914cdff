// Turns a layout and the flights around a position into the scene that drawWires paints, and moves its capsules from frame to frame.
// Rebuilt when the snapshot, the size or the theme changes; advance() is all that runs per frame and allocates nothing.

import type { BitmapCache } from '../../ui/canvas/bitmapCache';
import type { Tokens } from '../../ui/canvas/tokens';
import { capsuleSprite, colourOf, dashOf } from './capsuleSprite';
import { addLane, laneBetween, laneThrough, pointAt, travel, type Curve } from './curve';
import type { Capsule, WireScene } from './drawWires';
import { isVisible, progressOf, type Flight } from './flights';
import { anchorsOf, type Anchor, type StageLayout } from './layout';
import { doorOf } from './picture';
import type { Door, Picture } from './pictureModel';
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

/** Up to so many wires at once, capsules of two lines do not get into each other's way. */
const FEW_WIRES = 4;
/** CSS pixels between two doors that make two lines worth while. */
const LINES = 80;

export function buildScene(input: SceneInput): StageScene {
  const { layout, picture, doors, tokens } = input;
  const paths = { live: new Path2D(), past: new Path2D(), loose: new Path2D() };
  const lanes = new Lanes(layout);
  let roomy = true;
  for (const wire of picture.wires) {
    const ends = anchorsOf(layout, wire.a, wire.b);
    // A wire that has been is of interest while one sees between which doors.
    if (ends === null || (!wire.live && (layout.hidden.has(wire.a) || layout.hidden.has(wire.b)))) continue;
    const path = wire.transport === 'udp' ? paths.loose : wire.live ? paths.live : paths.past;
    addLane(path, lanes.between(wire.a, wire.b, ends.from, ends.to));
    addLane(path, lanes.between(wire.b, wire.a, ends.to, ends.from));
    roomy &&= ends.from.roomy && ends.to.roomy;
  }
  const capsules: Capsule[] = [];
  const flights: Flight[] = [];
  const busy = picture.wires.filter((wire) => wire.live).length > FEW_WIRES;
  const hasPlace = (key: string): boolean => layout.ends.has(key);
  for (const flight of input.flights) {
    const from = doorOf(doors, picture.standIns, flight.segment, 'from', hasPlace);
    const to = doorOf(doors, picture.standIns, flight.segment, 'to', hasPlace);
    const ends = anchorsOf(layout, from, to);
    if (ends === null) continue;
    const lane = lanes.between(from, to, ends.from, ends.to);
    const colour = colourOf(flight.segment);
    const { evidence } = flight.segment.provenance;
    const room = roomOf(lane);
    const small = lane.via !== null || (!(ends.from.roomy && ends.to.roomy) && (busy || room < LINES * tokens.scale));
    const look = { text: input.textOf(flight), colour, evidence, dir: ends.from.dir, small, room };
    capsules.push({
      id: flight.segment.id, lane, sprite: capsuleSprite(input.cache, look, tokens), colour, dash: dashOf(evidence),
      x: 0, y: 0, t: 0, visible: false, crossed: false, mark: 0,
    });
    flights.push(flight);
  }
  return { width: layout.width, height: layout.height, tokens, ...paths, thickness: roomy ? 7 : 3, capsules, count: capsules.length, flights };
}

/** The room for a capsule on its lane: what lies between two doors, less some way to travel. */
const roomOf = (lane: Curve): number => Math.max(56, Math.abs(lane.x3 - lane.x0) - 44);

/** The lanes of one scene. Those that pass the middle column lie side by side, in order of their wires. */
class Lanes {
  private readonly through = new Map<string, number>();

  constructor(private readonly layout: StageLayout) {}

  between(from: string, to: string, a: Anchor, b: Anchor): Curve {
    const { channel, ends } = this.layout;
    const [one, other] = [ends.get(from)?.side, ends.get(to)?.side];
    if (channel === null || one === other || one === 'middle' || other === 'middle') return laneBetween(a, b);
    const key = from < to ? `${from} ${to}` : `${to} ${from}`;
    const nth = this.through.get(key) ?? this.through.size;
    this.through.set(key, nth);
    return laneThrough(a, b, channel, nth);
  }
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
