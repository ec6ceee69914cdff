// Which connection a view of one connection shows when nobody has picked one: that of the selection, else the last one at which something
// has happened. Shared by the views of streams and of TCP states. Pure.

import { sockId, type ConnId } from '../../shared/base/brand';
import type { AppStory } from '../../shared/trace/app/appStory';
import type { Selection, Story } from '../../shared/trace/story';

/** Moments that are looked back for one of a connection; before them the first connection is shown. */
const LOOK_BACK = 500;

/** The connection that a selection is about; null when it is about none. */
export function connectionOfSelection(story: Story, app: AppStory, selection: Selection): ConnId | null {
  const ofMoment = (index: number): ConnId | null => (index < 0 ? null : story.moments.at(index).conn);
  switch (selection.type) {
    case 'fact': return ofMoment(story.momentOfFact(selection.seq));
    case 'segment': return selection.id < story.segments.count ? story.segments.at(selection.id).conn : null;
    case 'inferredCall': return ofMoment(story.momentOfCall(selection.id));
    case 'message': return app.message(selection.id)?.conn ?? null;
    case 'socket': return story.socket(sockId(selection.id))?.conn ?? null;
    case 'none': case 'host': return null;
  }
}

/** The connection of the last moment that has one when `position` moments have happened; the first of the story before that. */
export function connectionAt(story: Story, position: number): ConnId | null {
  const whole = Math.min(Math.floor(position), story.moments.count);
  for (let index = whole - 1; index >= Math.max(whole - LOOK_BACK, 0); index--) {
    const { conn } = story.moments.at(index);
    if (conn !== null) return conn;
  }
  return story.connections.count === 0 ? null : story.connections.at(0).id;
}

/** The last fact among the first `position` moments; -1 before the first. */
export function factAt(story: Story, position: number): number {
  for (let index = Math.min(Math.floor(position), story.moments.count) - 1; index >= 0; index--) {
    const { seq } = story.moments.at(index);
    if (seq !== null) return seq;
  }
  return -1;
}
