// Which visit of a web page the playhead stands in, and what of it has come: the browser's notes and the exchanges of its role. Pure.

import type { AppStory, HttpExchange } from '../../../shared/trace/app/appStory';
import { hasHappened, type HappenedStory } from '../../timeline/happened';

export interface PageObject {
  readonly url: string;
  /** 'link', 'script', 'img'; '' for the page itself. */
  readonly element: string;
  /** 'asked': its request is on the way; 'arriving': bytes of it are read. */
  readonly state: 'met' | 'asked' | 'arriving' | 'whole' | 'failed';
  /** Where it came from; null until it is whole. */
  readonly from: 'network' | 'cache' | null;
  /** Of its response; 0 without one. */
  readonly status: number;
  readonly type: string;
  /** Its newest response: in this visit, or the one that the cache kept. Null while there is none. */
  readonly exchange: number | null;
}

export interface Visit {
  /** As typed. */
  readonly url: string;
  /** From 1, in the run. */
  readonly number: number;
  readonly seq: number;
  /** The page first, then what its parser met, in order. */
  readonly objects: readonly PageObject[];
  readonly done: boolean;
}

/** The visit at `position`; null before the first. */
export function visitAt(story: HappenedStory, app: AppStory, position: number): Visit | null {
  const past = app.notes.filter(({ seq, t }) => hasHappened(story, position, seq, t));
  const visits = past.filter(({ note }) => note.topic === 'page.visit');
  const begun = visits.at(-1);
  if (begun === undefined || begun.note.topic !== 'page.visit') return null;
  const mine = past.filter(({ seq, role }) => seq > begun.seq && role === begun.role);
  const objects = new Map<string, PageObject>();
  const exchanges = app.exchanges.filter((exchange) => exchange.clientRole === begun.role && hasHappened(story, position, null, exchange.request.depart));
  const add = (url: string, element: string): void => {
    if (objects.has(url)) return;
    const own = exchanges.findLast((exchange) => exchange.request.head.url === url && exchange.request.depart >= begun.t) ?? null;
    objects.set(url, { url, element, from: null, ...progressOf(story, position, own) });
  };
  add(pageOf(mine, exchanges.filter((exchange) => exchange.request.depart >= begun.t), begun.note.url), '');
  for (const { note } of mine) {
    if (note.topic === 'page.met') add(note.url, note.element);
    if (note.topic !== 'page.loaded') continue;
    add(note.url, '');
    const known = objects.get(note.url);
    const kept = exchanges.findLast((exchange) => exchange.request.head.url === note.url && exchange.response?.head.status === 200) ?? null;
    if (known !== undefined) objects.set(note.url, { ...known, state: known.state === 'failed' ? 'failed' : 'whole', from: note.from, type: note.type, exchange: kept?.id ?? known.exchange });
  }
  return { url: begun.note.url, number: visits.length, seq: begun.seq, objects: [...objects.values()], done: mine.some(({ note }) => note.topic === 'page.done') };
}

/** Answers that lead on to another address (RFC 9110 15.4). */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The URL of the page itself: redirects lead away from what was typed. It is the first that was got, over the network or from the
 * cache, of those that no parser met.
 */
function pageOf(mine: AppStory['notes'], exchanges: readonly HttpExchange[], typed: string): string {
  const met = new Set(mine.flatMap(({ note }) => (note.topic === 'page.met' ? [note.url] : [])));
  const got = [
    ...exchanges.filter(({ response }) => response === null || !REDIRECTS.has(response.head.status)).map(({ request }) => ({ t: request.depart, url: request.head.url })),
    ...mine.flatMap(({ t, note }) => (note.topic === 'page.loaded' ? [{ t, url: note.url }] : [])),
  ].filter(({ url }) => !met.has(url)).sort((one, other) => one.t - other.t);
  return got[0]?.url ?? exchanges.at(-1)?.request.head.url ?? typed;
}

function progressOf(story: HappenedStory, position: number, exchange: HttpExchange | null): Pick<PageObject, 'state' | 'status' | 'type' | 'exchange'> {
  if (exchange === null) return { state: 'met', status: 0, type: '', exchange: null };
  const { response } = exchange;
  const come = response !== null && hasHappened(story, position, null, response.firstRead);
  if (!come) return { state: 'asked', status: 0, type: '', exchange: exchange.id };
  const { status } = response.head;
  const type = response.headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  const whole = response.complete && hasHappened(story, position, null, response.arrive);
  return { state: status >= 400 ? 'failed' : whole ? 'whole' : 'arriving', status, type, exchange: exchange.id };
}
