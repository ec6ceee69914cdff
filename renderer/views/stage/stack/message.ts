// Which message the Stack tab follows: the chosen one, else the one on its way or gone last; and which one comes next. Pure.

import type { Selection, Story } from '../../../../shared/trace/story';

/** Moments that are searched for a message, in each direction. */
const REACH = 4000;

/** Id of the segment to follow at `position` (whole); null when a call was chosen that sends nothing, or nothing has been sent yet. */
export function messageFor(story: Story, selection: Selection, position: number): number | null {
  switch (selection.type) {
    case 'segment':
      return selection.id < story.segments.count ? selection.id : null;
    case 'fact': {
      const index = story.momentOfFact(selection.seq);
      return index < 0 ? null : story.moments.at(index).segment;
    }
    case 'inferredCall':
      return null;
    case 'none':
    case 'socket':
    case 'host':
    case 'message':
      return lastMessage(story, position);
  }
}

function lastMessage(story: Story, position: number): number | null {
  const from = Math.min(position, story.moments.count) - 1;
  for (let index = from; index >= 0 && index > from - REACH; index--) {
    const { segment } = story.moments.at(index);
    if (segment !== null) return segment;
  }
  return null;
}

/** The first message that leaves at or after `position`; null when there is none. */
export function nextMessage(story: Story, position: number): number | null {
  for (let index = Math.max(0, position); index < Math.min(story.moments.count, position + REACH); index++) {
    const { segment } = story.moments.at(index);
    if (segment !== null) return segment;
  }
  return null;
}
