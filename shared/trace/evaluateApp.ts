// Finds messages of applications for conditions (evaluate.ts): what a lesson's step or prediction names by its meaning, not by its bytes.

import { never } from '../base/assert';
import type { AppMessage, AppStory } from './app/appStory';
import type { AppSort, Matcher } from './match';
import { whoMatches } from './evaluateRoles';
import type { Story } from './story';

export interface AppFound {
  readonly id: number;
  /** The moment of the fact that sent its first byte. */
  readonly moment: number;
  readonly size: number;
}

/** The messages that match, in the order of the picture. None without an application story. */
export function appFinds(matcher: Matcher, sort: AppSort, story: Story, app: AppStory | null): readonly AppFound[] {
  if (app === null) return [];
  const found: AppFound[] = [];
  for (const message of app.messages) {
    const size = fits(matcher, sort, message, story, app);
    if (size !== null) found.push({ id: message.id, moment: momentOf(message, story), size });
  }
  return found.sort((one, other) => one.moment - other.moment || one.id - other.id);
}

/** Whether one message matches. */
export const appFits = (matcher: Matcher, message: AppMessage, story: Story, app: AppStory): boolean => matcher.app !== undefined && fits(matcher, matcher.app, message, story, app) !== null;

/** Bytes of a message that matches, of a request or response in HTTP/2 those of all its frames; null when it does not match. */
function fits(matcher: Matcher, sort: AppSort, message: AppMessage, story: Story, app: AppStory): number | null {
  if (message.state === 'partial') return null;
  const said = sayAs(sort, message, app);
  if (said === null) return null;
  if (matcher.has !== undefined && !said.text.includes(matcher.has)) return null;
  if (matcher.trouble !== undefined && matcher.trouble !== said.trouble) return null;
  if (!whoMatches(matcher.role, message.fromSock, story) || !whoMatches(matcher.to, message.toSock, story)) return null;
  return said.size;
}

interface Said {
  readonly text: string;
  readonly trouble: boolean;
  readonly size: number;
}

/** What the message is as one of that sort; null when it is none. */
function sayAs(sort: AppSort, message: AppMessage, app: AppStory): Said | null {
  const own: Said = { text: message.summary, trouble: message.trouble, size: message.end - message.start };
  switch (sort) {
    case 'dns.query': return message.protocol === 'dns' && message.kind === 'query' ? own : null;
    case 'dns.answer': return message.protocol === 'dns' && message.kind === 'answer' ? own : null;
    case 'tls.message': return message.protocol === 'tls' ? own : null;
    case 'http2.frame': return message.protocol === 'http2' ? own : null;
    case 'bittorrent.message': return message.protocol === 'bittorrent' ? own : null;
    case 'tracker.message': return message.protocol === 'bt-tracker' ? own : null;
    case 'http.request': return message.protocol === 'http2' ? ofFrames(message, app, true) : message.kind === 'request' ? own : null;
    case 'http.response': return message.protocol === 'http2' ? ofFrames(message, app, false) : message.kind === 'response' ? own : null;
    default: return never(sort);
  }
}

/** The request or response whose first frame this is, once it is whole. */
function ofFrames(message: AppMessage, app: AppStory, request: boolean): Said | null {
  const exchange = app.exchangeOf(message.id);
  if (exchange === null) return null;
  const size = (frames: readonly number[]): number => frames.reduce((sum, id) => sum + sizeOf(app.message(id)), 0);
  if (request) {
    const { head, messages, complete } = exchange.request;
    return complete && messages[0] === message.id ? { text: `${head.method} ${head.target}`, trouble: false, size: size(messages) } : null;
  }
  const response = [...exchange.interim, exchange.response].find((one) => one !== null && one.complete && one.messages[0] === message.id);
  if (response === null || response === undefined) return null;
  const { status, reason } = response.head;
  return { text: reason === '' ? `${status}` : `${status} ${reason}`, trouble: status >= 400, size: size(response.messages) };
}

const sizeOf = (message: AppMessage | null): number => (message === null ? 0 : message.end - message.start);

/** A fact that is no step of the picture has the moment at or after its time. */
function momentOf(message: AppMessage, story: Story): number {
  const exact = story.momentOfFact(message.sentSeq);
  if (exact >= 0) return exact;
  let low = 0;
  let high = story.moments.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (story.momentTime(middle) < message.depart) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, Math.max(0, story.moments.count - 1));
}
