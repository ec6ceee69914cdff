// Walking through the marks: which one an arrow leads to, and which one lies under the pointer. Pure.

import { endOf, type Lane, type Mark } from './picture';
import { placedSigns } from './places';
import type { TimeAxis } from './timeAxis';

/** Marks of a lane that have begun. */
export const begunMarks = (lane: Lane, now: number): readonly Mark[] => {
  let [low, high] = [0, lane.marks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lane.marks[middle]?.start ?? 0) <= now) low = middle + 1;
    else high = middle;
  }
  return low === lane.marks.length ? lane.marks : lane.marks.slice(0, low);
};

/** Left and right: along the lane; up and down: to the mark of the next lane that lies nearest in time. Null for other keys. */
export function markAfter(lanes: readonly Lane[], from: Mark | null, key: string, now: number): Mark | null {
  const filled = lanes.filter((lane) => begunMarks(lane, now).length > 0);
  const at = filled.findIndex((lane) => lane.key === from?.lane);
  const lane = filled[at];
  if (from === null || lane === undefined) return ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'].includes(key) ? ((filled[0]?.marks[0]) ?? null) : null;
  const marks = begunMarks(lane, now);
  const index = marks.findIndex((mark) => mark.key === from.key);
  switch (key) {
    case 'ArrowRight': return marks[Math.min(index + 1, marks.length - 1)] ?? null;
    case 'ArrowLeft': return marks[Math.max(index - 1, 0)] ?? null;
    case 'Home': return marks[0] ?? null;
    case 'End': return marks.at(-1) ?? null;
    case 'ArrowUp':
    case 'ArrowDown': {
      const next = filled[at + (key === 'ArrowUp' ? -1 : 1)];
      return next === undefined ? from : nearest(begunMarks(next, now), from.start);
    }
    default: return null;
  }
}

function nearest(marks: readonly Mark[], t: number): Mark | null {
  return marks.reduce<Mark | null>((best, mark) => (best === null || Math.abs(mark.start - t) < Math.abs(best.start - t) ? mark : best), null);
}

/** The mark under `x` px of a lane: the one whose sign is there, else whose bar, else the nearest within `reach` px. */
export function markAt(lane: Lane, axis: TimeAxis, now: number, x: number, scale = 1, reach = 7): Mark | null {
  let [best, least] = [null as Mark | null, reach * scale];
  const offer = (mark: Mark, off: number): void => {
    if (off < least) [best, least] = [mark, off];
  };
  for (const { mark, x: at, whole } of placedSigns(lane, axis, now, scale)) if (whole) offer(mark, Math.abs(at - x));
  for (const mark of begunMarks(lane, now)) {
    if (mark.type === 'event') continue;
    const [from, to] = [axis.place(mark.start), axis.place(Math.min(endOf(mark) ?? now, now))];
    offer(mark, x >= from && x <= to ? 3 : Math.min(Math.abs(to - x), Math.abs(from - x)) + 3);
  }
  return best;
}
