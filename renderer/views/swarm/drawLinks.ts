// Paints the links beneath the blocks: each direction of giving in the style of its state (flowing, offered, waiting, idle), the gate of a
// choke as a bar at the giver's end, cut links with a cross. Painted when a state changes, not each frame.

import type { Tokens } from '../../ui/canvas/tokens';
import type { SwarmLink, SwarmNow } from '../../../shared/trace/swarm/swarmStory';
import type { Detail } from './layout';
import type { Lanes, Point } from './lanes';
import { laneState, type LaneState } from './linkState';

export interface LinkScene {
  readonly width: number;
  readonly height: number;
  readonly tokens: Tokens;
  readonly detail: Detail;
  readonly lanes: Lanes;
  readonly links: readonly SwarmLink[];
  /** Peer whose links stand out from the others; -1: none does. */
  readonly peer: number;
  /** The link that is chosen; -1: none. */
  readonly chosen: number;
  /** Links that one of ours ended because of what the other did; '': the reason is told elsewhere. */
  readonly cut: readonly { readonly link: number; readonly why: string }[];
}

export type LinkContext = Pick<
  CanvasRenderingContext2D,
  'clearRect' | 'beginPath' | 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'stroke' | 'fill' | 'closePath' | 'setLineDash' | 'strokeStyle' | 'fillStyle' | 'lineWidth' | 'globalAlpha' | 'lineCap' | 'fillText' | 'strokeText' | 'font' | 'textAlign' | 'textBaseline'
>;

interface Look {
  readonly colour: 'app' | 'ink2' | 'mute' | 'line-strong';
  readonly dash: readonly number[];
  readonly width: number;
}

/** The legend shows the same. */
export const LOOKS: Readonly<Record<LaneState, Look>> = {
  flowing: { colour: 'app', dash: [], width: 1.8 },
  offered: { colour: 'mute', dash: [], width: 1 },
  waiting: { colour: 'ink2', dash: [5, 4], width: 1.4 },
  idle: { colour: 'line-strong', dash: [1, 5], width: 1 },
};
const ORDER: readonly LaneState[] = ['idle', 'offered', 'waiting', 'flowing'];
/** From so many links on, those that nobody stands at are faint, and what neither gives nor wants is not drawn. */
const MANY = 60;
const HEAD = { cards: 8, chips: 6.5, dots: 5 } as const;
const BAR = { cards: 5.5, chips: 4.5, dots: 3 } as const;
const NONE: number[] = [];

export function drawLinks(context: LinkContext, scene: LinkScene, open: SwarmNow['links']): void {
  context.clearRect(0, 0, scene.width, scene.height);
  context.lineCap = 'butt';
  const many = open.length > MANY;
  const near = (link: SwarmLink): boolean => scene.peer < 0 || link.a === scene.peer || link.b === scene.peer;
  const passes = scene.peer < 0 && scene.chosen < 0 ? [true] : [false, true];
  for (const front of passes) {
    for (const state of ORDER) {
      const lanes: number[] = [];
      for (const { link, bits } of open) {
        const one = scene.links[link];
        if (one === undefined || (passes.length > 1 && (link === scene.chosen || (scene.peer >= 0 && near(one))) !== front)) continue;
        for (const fromA of [true, false]) if (laneState(bits, fromA) === state) lanes.push(scene.lanes.laneOf(link, fromA));
      }
      const faint = many && (scene.peer < 0 || !front);
      if (lanes.length === 0 || (faint && state === 'idle')) continue;
      context.globalAlpha = passes.length > 1 && !front ? (many ? 0.12 : 0.35) : faint ? (state === 'flowing' ? 0.5 : 0.16) : 1;
      paintLanes(context, scene, lanes, state, faint);
    }
  }
  context.globalAlpha = 1;
  context.setLineDash(NONE);
  for (const { link, why } of scene.cut) paintCut(context, scene, link, why);
  if (scene.chosen >= 0) paintChosen(context, scene);
}

function addLane(context: LinkContext, lanes: Lanes, lane: number): void {
  const at = (which: number): number => lanes.value(lane, which);
  context.moveTo(at(0), at(1));
  context.quadraticCurveTo(at(2), at(3), at(4), at(5));
}

function paintLanes(context: LinkContext, { lanes, tokens, detail }: LinkScene, which: readonly number[], state: LaneState, faint: boolean): void {
  const look = LOOKS[state];
  context.strokeStyle = tokens.colour[look.colour];
  context.fillStyle = tokens.colour[look.colour];
  context.lineWidth = faint ? 1 : look.width;
  // Dashes of thousands of lines are what costs time without a GPU.
  context.setLineDash(faint ? NONE : (look.dash as number[]));
  context.beginPath();
  for (const lane of which) addLane(context, lanes, lane);
  context.stroke();
  context.setLineDash(NONE);
  if (faint) return;
  if (state === 'flowing' || state === 'offered') paintHeads(context, lanes, which, HEAD[detail], state === 'flowing');
  else paintBars(context, lanes, which, BAR[detail], state === 'waiting');
}

const near: Point = { x: 0, y: 0 };

/** At the receiver's end: an arrow, filled when it wants what it may have. */
function paintHeads(context: LinkContext, lanes: Lanes, which: readonly number[], size: number, filled: boolean): void {
  context.beginPath();
  for (const lane of which) {
    const [x, y] = [lanes.value(lane, 4), lanes.value(lane, 5)];
    lanes.pointAt(lane, 0.96, near);
    const length = Math.hypot(x - near.x, y - near.y) || 1;
    const [dx, dy] = [((x - near.x) / length) * size, ((y - near.y) / length) * size];
    context.moveTo(x, y);
    context.lineTo(x - dx - dy * 0.5, y - dy + dx * 0.5);
    if (!filled) context.moveTo(x, y);
    context.lineTo(x - dx + dy * 0.5, y - dy - dx * 0.5);
    if (filled) context.closePath();
  }
  if (filled) context.fill();
  else context.stroke();
}

/** At the giver's end: the gate of its choke; thick where somebody waits behind it. */
function paintBars(context: LinkContext, lanes: Lanes, which: readonly number[], size: number, waiting: boolean): void {
  context.lineWidth = waiting ? 3 : 1.5;
  context.beginPath();
  for (const lane of which) {
    const [x, y] = [lanes.value(lane, 0), lanes.value(lane, 1)];
    lanes.pointAt(lane, 0.04, near);
    const length = Math.hypot(near.x - x, near.y - y) || 1;
    const [dx, dy] = [(near.x - x) / length, (near.y - y) / length];
    context.moveTo(x + dx * 2 - dy * size, y + dy * 2 + dx * size);
    context.lineTo(x + dx * 2 + dy * size, y + dy * 2 - dx * size);
  }
  context.stroke();
}

const CROSS = 6;

function paintCut(context: LinkContext, { lanes, tokens, detail }: LinkScene, link: number, why: string): void {
  const lane = lanes.laneOf(link, true);
  context.strokeStyle = tokens.colour.bad;
  context.lineWidth = 1.4;
  context.setLineDash([3, 4]);
  context.beginPath();
  addLane(context, lanes, lane);
  context.stroke();
  context.setLineDash(NONE);
  lanes.pointAt(lane, 0.5, near);
  context.lineWidth = 2.4;
  context.beginPath();
  context.moveTo(near.x - CROSS, near.y - CROSS);
  context.lineTo(near.x + CROSS, near.y + CROSS);
  context.moveTo(near.x + CROSS, near.y - CROSS);
  context.lineTo(near.x - CROSS, near.y + CROSS);
  context.stroke();
  if (detail === 'dots' || why === '') return;
  context.font = `600 ${11 * tokens.scale}px ${tokens.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 4;
  context.strokeStyle = tokens.colour.bg;
  context.fillStyle = tokens.colour.bad;
  const y = near.y + CROSS + 9 * tokens.scale;
  context.strokeText(why, near.x, y);
  context.fillText(why, near.x, y);
}

function paintChosen(context: LinkContext, { lanes, tokens, chosen }: LinkScene): void {
  context.strokeStyle = tokens.colour.focus;
  context.lineWidth = 5;
  context.globalAlpha = 0.35;
  context.beginPath();
  addLane(context, lanes, lanes.laneOf(chosen, true));
  addLane(context, lanes, lanes.laneOf(chosen, false));
  context.stroke();
  context.globalAlpha = 1;
}
