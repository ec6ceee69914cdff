// What a segment carries, in the words of its application: the messages that begin in it. For the labels of arrows and capsules.

import { printable } from '../../base/textWidth';
import type { AppStory } from './appStory';

/** Characters of a name. */
const MOST = 48;

/** 'GET /api/user', 'Server Hello +3'; '' when no message begins here. */
export function segmentName(app: AppStory, segment: number): string {
  const begun = app.messagesOfSegment(segment).flatMap((id) => {
    const message = app.message(id);
    return message !== null && message.segments[0] === segment ? [message] : [];
  });
  const [first] = begun;
  if (first === undefined) return '';
  const name = printable(first.summary);
  const more = begun.length > 1 ? ` +${begun.length - 1}` : '';
  return `${name.length > MOST ? `${name.slice(0, MOST - 1)}…` : name}${more}`;
}
