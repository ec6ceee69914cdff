// Where each frame stands: one lane a stream, from left to right in the order of sending, on the playhead's own axis as far as there is
// room. Frames never cover one another, and a later one never stands before an earlier one, so that interleaving is seen. Pure.

import type { ConnId } from '../../../shared/base/brand';
import type { AppStory } from '../../../shared/trace/app/appStory';
import type { HappenedStory } from '../../timeline/happened';
import { hasHappened } from '../../timeline/happened';
import type { PacedAxis } from '../../timeline/pacing';
import { framesOf, type Frame } from './frames';

export const LANE_HEIGHT = 34;
/** A lane of the overview: as high as there is room for, and no less than this. */
export const LEAST_LANE = 12;
/** px for one ms on display; the least and the most between the starts of two frames that follow one another. */
const SCALE = 0.06;
const STEP = 12;
const MOST = 48;
/** px between two frames of a lane, before the first, around the text of a box. */
const GAP = 3;
const INSET = 10;
const PADDING = 24;

export interface FrameBox {
  readonly frame: Frame;
  /** Place in the order of sending. */
  readonly order: number;
  readonly lane: number;
  readonly x: number;
  readonly width: number;
  /** Where its sending stands on the axis, in ms. */
  readonly at: number;
}

export interface Lane {
  readonly stream: number;
  /** 'GET /a.css'; '' for stream 0 and for streams without a request. */
  readonly request: string;
  /** Order of its first frame: a lane that begins after the playhead is not shown. */
  readonly first: number;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly boxes: readonly FrameBox[];
  readonly width: number;
}

/** `character`: width of one character of a label, in px. */
export function layoutFrames(app: AppStory, story: HappenedStory, axis: PacedAxis, conn: ConnId, character: number): Lanes {
  const frames = framesOf(app, conn);
  const streams = [...new Set(frames.map((frame) => frame.stream))].sort((a, b) => a - b);
  const laneOf = new Map(streams.map((stream, lane) => [stream, lane]));
  const ends = new Float64Array(streams.length).fill(INSET - GAP);
  const boxes: FrameBox[] = [];
  let [x, before] = [INSET - STEP, 0];
  frames.forEach((frame, order) => {
    const lane = laneOf.get(frame.stream) ?? 0;
    const at = sentAt(story, axis, frame);
    const gap = order === 0 ? STEP : Math.min(Math.max((at - before) * SCALE, STEP), MOST);
    x = Math.max(x + gap, (ends[lane] ?? 0) + GAP);
    const width = Math.ceil(Math.max(labelOf(frame).length, sizeRoom(frame)) * character + PADDING);
    ends[lane] = x + width;
    before = at;
    boxes.push({ frame, order, lane, x, width, at });
  });
  const lanes = streams.map((stream): Lane => {
    const first = boxes.find((box) => box.frame.stream === stream);
    const exchange = first === undefined ? null : app.exchangeOf(first.frame.message.id);
    return { stream, request: stream === 0 || exchange === null ? '' : `${exchange.request.head.method} ${exchange.request.head.target}`, first: first?.order ?? 0 };
  });
  return { lanes, boxes, width: Math.max(0, ...ends) + INSET };
}

/** Between the starts of two frames of the overview, and the narrowest of its boxes, in px. */
const NEXT = 3;
const NARROW = 5;

/** The same frames within `width` px, the whole connection at one glance: each where its time stands, as wide as its lane has room. */
export function overviewOf({ lanes, boxes }: Lanes, width: number): Lanes {
  const [first, last] = [boxes[0]?.at ?? 0, boxes.at(-1)?.at ?? 0];
  const room = Math.max(width - 2 * INSET - NARROW, 1);
  let before = -NEXT;
  const starts = boxes.map(({ at }) => (before = Math.max(last > first ? ((at - first) / (last - first)) * room : 0, before + NEXT)));
  // Many at one time push the last ones over the edge: then all move together.
  const scale = Math.min(1, room / Math.max(starts.at(-1) ?? 0, 1));
  const next = new Map<number, number>();
  const placed = boxes.map((box, order): FrameBox => ({ ...box, x: INSET + (starts[order] ?? 0) * scale })).reverse().map((box): FrameBox => {
    const free = (next.get(box.lane) ?? width - INSET / 2) - box.x - 1;
    next.set(box.lane, box.x);
    return { ...box, width: Math.max(Math.min(box.width, free), NARROW) };
  }).reverse();
  return { lanes, boxes: placed, width };
}

/** Height of a lane of the overview. */
export const overviewLane = (lanes: number, height: number): number => Math.min(LANE_HEIGHT, Math.max(LEAST_LANE, Math.floor((height - 2) / Math.max(lanes, 1))));

/** Ms on display at which the frame's first byte was given to the kernel. */
function sentAt(story: HappenedStory, axis: PacedAxis, { message }: Frame): number {
  const moment = story.momentOfFact(message.sentSeq);
  return moment >= 0 ? axis.at(moment + 1) : axis.ofTime(message.depart);
}

export const labelOf = (frame: Frame): string => (frame.ack ? `${frame.name} ACK` : frame.name);
/** Characters of '16.4 KiB'. */
const sizeRoom = (frame: Frame): number => (frame.size < 1024 ? 5 : 8);

/** Frames of the order that have been sent when the playhead stands at `position`: they are a beginning of the list. */
export function sentCount(boxes: readonly FrameBox[], story: HappenedStory, position: number): number {
  let [low, high] = [0, boxes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const message = boxes[middle]?.frame.message;
    if (message !== undefined && hasHappened(story, position, message.sentSeq, message.depart)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How far a frame has come to its reader: 0 just sent, 1 read. It stays on its way while nobody reads it. */
export function wayOf(box: FrameBox, story: HappenedStory, axis: PacedAxis, position: number): number {
  const { message } = box.frame;
  if (message.toSock === null && message.arrive === null) return 1;
  if (message.arrive === null) return 0;
  if (hasHappened(story, position, message.arriveSeq, message.arrive)) return 1;
  const moment = message.arriveSeq === null ? -1 : story.momentOfFact(message.arriveSeq);
  const end = moment >= 0 ? axis.at(moment + 1) : axis.ofTime(message.arrive);
  return end > box.at ? Math.min(Math.max((axis.at(position) - box.at) / (end - box.at), 0), 1) : 0;
}

/** Where the playhead stands among the frames: at those that were sent last, on its way to the next one. */
export function playheadX(boxes: readonly FrameBox[], sent: number, ms: number): number {
  const [last, next] = [boxes[sent - 1], boxes[sent]];
  if (last === undefined) return INSET / 2;
  const edge = Math.max(...boxes.slice(Math.max(sent - 40, 0), sent).map((box) => box.x + box.width)) + GAP;
  if (next === undefined) return edge;
  const [from, to] = [Math.min(edge, next.x), next.x];
  return next.at > last.at ? from + Math.min(Math.max((ms - last.at) / (next.at - last.at), 0), 1) * (to - from) : from;
}

/** Where an arrow key leads from a frame: along the order of sending, or to the frame of the next lane that stands closest. */
export function moveFrom(boxes: readonly FrameBox[], at: number, pressed: string): number | null {
  const here = boxes[at];
  const last = boxes.length - 1;
  switch (pressed) {
    case 'ArrowRight': return Math.min(at + 1, last);
    case 'ArrowLeft': return Math.max(at - 1, 0);
    case 'Home': return 0;
    case 'End': return last;
    case 'ArrowUp': case 'ArrowDown': {
      if (here === undefined) return null;
      const other = boxes.filter((box) => (pressed === 'ArrowUp' ? box.lane < here.lane : box.lane > here.lane));
      const lane = pressed === 'ArrowUp' ? Math.max(...other.map((box) => box.lane)) : Math.min(...other.map((box) => box.lane));
      const nearest = other.filter((box) => box.lane === lane).reduce<FrameBox | null>((best, box) => (best === null || Math.abs(box.x - here.x) < Math.abs(best.x - here.x) ? box : best), null);
      return nearest?.order ?? at;
    }
    default: return null;
  }
}
