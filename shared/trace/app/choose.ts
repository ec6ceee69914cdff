// Which exchange a selection is about, and whether a cache had its answer: what several views of an AppStory ask. Pure.

import type { Selection } from '../story';
import type { AppStory, HttpExchange } from './appStory';

/** The exchange that a selection is about: its message, the call or the segment that carried one. Null when it is about none. */
export function exchangeOfSelection(app: AppStory, selection: Selection): HttpExchange | null {
  switch (selection.type) {
    case 'message': return app.exchangeOf(selection.id);
    case 'fact': return firstExchange(app, app.messagesOfFact(selection.seq));
    case 'segment': return firstExchange(app, app.messagesOfSegment(selection.id));
    default: return null;
  }
}

function firstExchange(app: AppStory, messages: readonly number[]): HttpExchange | null {
  for (const message of messages) {
    const exchange = app.exchangeOf(message);
    if (exchange !== null) return exchange;
  }
  return null;
}

/** True when the program that answered said, between the request and its response, that its cache had it. */
export function answeredFromCache(app: AppStory, { serverRole, request, response }: HttpExchange): boolean {
  if (serverRole === null || response === null) return false;
  const from = request.firstRead ?? request.depart;
  return app.notes.some(({ role, t, note }) => role === serverRole && t >= from && t <= response.sent && note.topic === 'http.cache' && note.what === 'hit' && isObject(note.url, request.head));
}

/** True when a note's URL names what the request asks for: a relay may have seen another spelling of its host. */
export const isObject = (url: string, head: { readonly url: string; readonly target: string }): boolean =>
  url === head.url || url === head.target || (head.target.startsWith('/') && head.target.length > 1 && url.endsWith(head.target));
