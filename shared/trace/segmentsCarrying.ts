// Which segments carried bytes of a stream: for a call whose bytes went in several, or waited for others.

import { upperBound } from '../base/lists';
import type { Segment, Story, StreamModel } from './story';

/** The segments with bytes from `start` to `end` of a direction, in their order; at most `most`. */
export function segmentsCarrying(story: Story, { segments }: Pick<StreamModel, 'segments'>, start: number, end: number, most = Number.POSITIVE_INFINITY): Segment[] {
  const found: Segment[] = [];
  const offsets = { length: segments.length, at: (index: number) => story.segments.at(segments.at(index)).offset };
  for (let index = Math.max(0, upperBound(offsets, start) - 1); index < segments.length && found.length < most; index++) {
    const segment = story.segments.at(segments.at(index));
    if (segment.offset >= end) break;
    if (segment.offset + segment.size > start) found.push(segment);
  }
  return found;
}
