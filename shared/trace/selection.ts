// What of the story a selection means, and back: the moment that is chosen, the selection of a moment. For ladder and log. Pure.

import { never } from '../base/assert';
import type { Moment, Selection, Story } from './story';

/** Index of the chosen moment; -1 when it is no step of the picture (any more); null when no moment is chosen. */
export function chosenMoment(story: Story, selection: Selection): number | null {
  switch (selection.type) {
    case 'fact': return story.momentOfFact(selection.seq);
    case 'segment': return story.momentOfSegment(selection.id);
    case 'inferredCall': return story.momentOfCall(selection.id);
    // A message has no moment of its own but those of the calls that carry it: momentsOfMessage in app/.
    case 'none': case 'socket': case 'host': case 'message': return null;
    default: return never(selection);
  }
}

/** What is selected when a moment is; null when there is nothing to it. */
export function selectionOf(moment: Moment): Selection | null {
  if (moment.seq !== null) return { type: 'fact', seq: moment.seq };
  if (moment.call !== null) return { type: 'inferredCall', id: moment.call };
  return moment.segment === null ? null : { type: 'segment', id: moment.segment };
}
