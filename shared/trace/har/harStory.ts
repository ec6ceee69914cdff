// A HAR as the views of exchanges know one: an application story whose exchanges are the file's, beside a trace without facts and a
// story of a beginning and an end. Nothing of it was seen by us: another program reports it, and screens must say so.

import { eventSeq, micros, roleIx, type RoleIx } from '../../base/brand';
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
  // A page is a group of its own; of two with one name the first counts.
  const pages = new Map<string, RoleIx>();
  for (const [at, { id }] of har.pages.entries()) if (!pages.has(id)) pages.set(id, roleIx(at + 2));
  const conns = new Map<string, number>();
  let end = 0;
  har.entries.forEach((entry, id) => {
    const times = harTimes(entry, (starts[id] ?? origin) - origin);
    const server = urlOf(entry.request.url).authority || (entry.serverIPAddress ?? '');
    if (!servers.has(server)) servers.set(server, servers.size + 2);
    const key = connectionOf(entry);
    const known = key === null || conns.has(key);
    if (key !== null && !known) conns.set(key, conns.size + 1);
    const { exchange, request, response } = harExchange(entry, times, { id, conn: key === null ? 0 : (conns.get(key) ?? 0), server: servers.get(server) ?? 0, client: pages.get(entry.pageref ?? '') ?? REPORTED.role, first: !known });
    exchanges.push(exchange);
    messages.push(request, response);
    end = Math.max(end, times.end);
  });
  const notes = pageNotes(har, origin, pages);
  end = notes.reduce((last, { t }) => Math.max(last, t), end);
  const story = reportedStory({ client: har.browser || har.creator, groups: har.pages.map(({ title, id }) => title || id), servers: [...servers.keys()], end: exchanges.length === 0 ? null : end });
  return { story, trace: new TraceStore(), app: appOf(har.entries, exchanges, messages, notes) };
}

/** What tells connections apart; null where the entry does not tell. Firefox writes the port there, which is no connection. */
function connectionOf({ connection = '', serverIPAddress = '', request }: HarEntry): string | null {
  return connection === '' || connection === '0' || connection === urlOf(request.url).port ? null : `${connection} ${serverIPAddress}`;
}

/** When pages began and were whole, in the words of a browser's notes. A page that nobody asked anything for says nothing. */
function pageNotes({ pages, entries }: Har, origin: number, asked: ReadonlyMap<string, RoleIx>): AppStory['notes'] {
  const used = new Set(entries.map(({ pageref }) => pageref));
  return pages.flatMap(({ id, startedDateTime, title, pageTimings: { onLoad } }) => {
    const role = asked.get(id);
    if (role === undefined || !used.has(id)) return [];
    const note = (t: number, of: Note): AppStory['notes'][number] => ({ seq: eventSeq(-1), t: micros(t), role, note: of });
    const start = Math.max((timeOf(startedDateTime) ?? origin) - origin, 0);
    return [note(start, { topic: 'page.visit', url: title }), ...(onLoad === null ? [] : [note(start + Math.min(onLoad, 86_400_000) * 1000, { topic: 'page.done', url: title, objects: 0 })])];
  }).sort((a, b) => a.t - b.t);
}

function appOf(entries: readonly HarEntry[], exchanges: readonly HttpExchange[], messages: readonly (AppMessage | null)[], notes: AppStory['notes']): AppStory {
  const body: AppStory['body'] = (exchange, side) => bodyOf(entries[exchange], side);
  return {
    version: 1, messages: messages.filter((message) => message !== null), exchanges, queries: [], lookups: [], sessions: [], notes,
    message: (id) => messages[id] ?? null, messagesOfFact: () => [], messagesOfSegment: () => [], bytes: () => null, fields: () => null, opened: () => null, queryOf: () => null, peerWords: () => null,
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
