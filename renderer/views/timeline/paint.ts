// Paints the timeline's marks on a canvas: a bar for each segment on the wire, a dot for each call on its role's lane.
// Pure of Vue. With many moments, marks that fall on the same pixel of a lane are painted once, trouble on top.

import type { Story } from '../../../shared/trace/story';
import type { PacedAxis } from '../../timeline/pacing';
import { wireTone, type LaneTone, type Lanes } from './lanes';

export interface TimelineColors {
  readonly line: string;
  readonly quiet: string;
  readonly app: string;
  readonly transport: string;
  readonly bad: string;
}

/** Space at both ends of the axis, in px. */
export const AXIS_INSET = 14;
const RANK: Readonly<Record<LaneTone, number>> = { quiet: 1, transport: 2, app: 3, bad: 4 };
const TONES: readonly LaneTone[] = ['quiet', 'transport', 'app', 'bad'];

/** Display position to x and back, for a strip of `width` px. */
export const xOf = (axis: PacedAxis, position: number, width: number): number =>
  AXIS_INSET + (axis.duration > 0 ? axis.at(position) / axis.duration : 0) * (width - 2 * AXIS_INSET);

export const positionOf = (axis: PacedAxis, x: number, width: number): number =>
  axis.positionAt(Math.min(Math.max((x - AXIS_INSET) / Math.max(width - 2 * AXIS_INSET, 1), 0), 1) * axis.duration);

/** Centre of a lane, in px. */
export const laneY = (lane: number, lanes: number, height: number): number => Math.round(((lane + 0.5) * height) / Math.max(lanes, 1));

/** `ratio` is device pixels for one CSS pixel. */
export function paintTimeline(
  context: CanvasRenderingContext2D, story: Story, axis: PacedAxis, lanes: Lanes, width: number, height: number, ratio: number, colors: TimelineColors,
): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.fillStyle = colors.line;
  for (let lane = 0; lane < lanes.lanes.length; lane++) context.fillRect(0, laneY(lane, lanes.lanes.length, height), width, 1);
  const marks = collect(story, axis, lanes, width);
  const columns = Math.ceil(width) + 1;
  for (let lane = 0; lane < lanes.lanes.length; lane++) {
    const y = laneY(lane, lanes.lanes.length, height);
    for (let x = 0; x < columns; x++) {
      const tone = TONES[(marks[lane * columns + x] as number) - 1];
      if (tone !== undefined) paintMark(context, x, y, tone, lane === lanes.wire, colors);
    }
  }
}

function paintMark(context: CanvasRenderingContext2D, x: number, y: number, tone: LaneTone, wire: boolean, colors: TimelineColors): void {
  context.fillStyle = colors[tone];
  context.beginPath();
  if (wire) context.roundRect(x - 7, y - 6, 14, 12, 3);
  else context.arc(x, y, tone === 'bad' ? 5 : 4, 0, 2 * Math.PI);
  context.fill();
}

/** Highest rank of mark for each lane and pixel column. */
function collect(story: Story, axis: PacedAxis, lanes: Lanes, width: number): Uint8Array {
  const columns = Math.ceil(width) + 1;
  const marks = new Uint8Array(columns * lanes.lanes.length);
  const put = (lane: number, x: number, tone: LaneTone): void => {
    const at = lane * columns + Math.min(Math.max(Math.round(x), 0), columns - 1);
    if ((marks[at] as number) < RANK[tone]) marks[at] = RANK[tone];
  };
  for (let index = 0; index < story.moments.count; index++) {
    const moment = story.moments.at(index);
    // A moment has happened when the playhead stands right after it.
    const x = xOf(axis, index + 1, width);
    const tone = wireTone(story, moment);
    if (tone !== null) put(lanes.wire, x, tone);
    const lane = moment.role === null ? -1 : lanes.laneOfRole(moment.role);
    if (lane >= 0) put(lane, x, moment.trouble ? 'bad' : 'quiet');
  }
  return marks;
}
