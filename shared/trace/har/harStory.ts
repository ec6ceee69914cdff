// A HAR as the views of exchanges know one: an application story whose exchanges are the file's, beside a trace without facts and a
// story of a beginning and an end. Nothing of it was seen by us: another program reports it, and screens must say so.

import { eventSeq, micros } from '../../base/brand';
import type { AppMessage, AppStory, HttpExchange } from '../app/appStory';
import type { Note } from '../notes';
import { TraceStore } from '../store';
import type { Story } from '../story';
import { timeOf, type Har, type HarEntry } from './har';
import { harBytes, harExchange, urlOf } from './harExchange';
import { harTimes } from './harTiming';
import { reportedStory, REPORTED } from './reportedStory';

export interface HarStory {
  readonly story: Story;
  readonly trace: TraceStore;
  readonly app: AppStory;
}

/** Times count from the first start in the file. */
export function harStory(har: Har): HarStory {
  const starts = har.entries.map(({ startedDateTime }) => timeOf(startedDateTime) ?? 0);
  const origin = starts.reduce((first, start) => Math.min(first, start), Number.POSITIVE_INFINITY);
  const messages: (AppMessage | null)[] = [];
  const exchanges: HttpExchange[] = [];
  const servers = new Map<string, number>();
  const conns = new Map<string, number>();
  let end = 0;
  har.entries.forEach((entry, id) => {
    const times = harTimes(entry, (starts[id] ?? origin) - origin);
    const server = urlOf(entry.request.url).authority || (entry.serverIPAddress ?? '');
    if (!servers.has(server)) servers.set(server, servers.size + 2);
    const key = connectionOf(entry);
    const known = key === null || conns.has(key);
    if (key !== null && !known) conns.set(key, conns.size + 1);
    const { exchange, request, response } = harExchange(entry, times, { id, conn: key === null ? 0 : (conns.get(key) ?? 0), server: servers.get(server) ?? 0, first: !known });
    exchanges.push(exchange);
    messages.push(request, response);
    end = Math.max(end, times.end);
  });
  const notes = pageNotes(har, origin);
  end = notes.reduce((last, { t }) => Math.max(last, t), end);
  const story = reportedStory({ client: har.browser || har.creator, servers: [...servers.keys()], end: exchanges.length === 0 ? null : end });
  return { story, trace: new TraceStore(), app: appOf(har.entries, exchanges, messages, notes) };
}

/** What tells connections apart; null where the entry does not tell. Firefox writes the port there, which is no connection. */
function connectionOf({ connection = '', serverIPAddress = '', request }: HarEntry): string | null {
  return connection === '' || connection === '0' || connection === urlOf(request.url).port ? null : `${connection} ${serverIPAddress}`;
}

/** Pages as the visits of the browser: only where there are several, or else one does not begin where the other ends. */
function pageNotes({ pages }: Har, origin: number): AppStory['notes'] {
  if (pages.length < 2) return [];
  const note = (t: number, of: Note): AppStory['notes'][number] => ({ seq: eventSeq(-1), t: micros(t), role: REPORTED.role, note: of });
  return pages.flatMap(({ startedDateTime, title, pageTimings: { onLoad } }) => {
    const start = Math.max((timeOf(startedDateTime) ?? origin) - origin, 0);
    return [note(start, { topic: 'page.visit', url: title }), ...(onLoad === null ? [] : [note(start + Math.min(onLoad, 86_400_000) * 1000, { topic: 'page.done', url: title, objects: 0 })])];
  }).sort((a, b) => a.t - b.t);
}

function appOf(entries: readonly HarEntry[], exchanges: readonly HttpExchange[], messages: readonly (AppMessage | null)[], notes: AppStory['notes']): AppStory {
  const body: AppStory['body'] = (exchange, side) => bodyOf(entries[exchange], side);
  return {
    version: 1, messages: messages.filter((message) => message !== null), exchanges, queries: [], lookups: [], sessions: [], notes,
    message: (id) => messages[id] ?? null, messagesOfFact: () => [], messagesOfSegment: () => [], bytes: () => null, fields: () => null, opened: () => null, queryOf: () => null,
    body, bodyRead: (exchange) => body(exchange, 'response').kept, exchangeOf: (message) => exchanges[Math.floor(message / 2)] ?? null,
  };
}

/** A body has no content coding in a HAR, except in one of ours that could not undo it. */
function bodyOf(entry: HarEntry | undefined, side: 'request' | 'response'): ReturnType<AppStory['body']> {
  const said = side === 'request' ? entry?.request.postData : entry?.response.content;
  const bytes = harBytes(said);
  const size = side === 'request' ? entry?.request.bodySize : entry?.response.content.size;
  return { bytes, kept: bytes.length, size: Math.max(size ?? 0, bytes.length), coding: said?._coding ?? '' };
}
