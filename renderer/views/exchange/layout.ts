// The list of exchanges as the playhead knows them: grouped by client, what has not begun left out, each in the state it has come to.
// Pure: (app, story, position) in, rows out. What is inside an exchange is message.ts's; drawing is ExchangeView.vue's.

import type { Micros, RoleIx } from '../../../shared/base/brand';
import type { AppStory, HttpExchange } from '../../../shared/trace/app/appStory';
import { answeredFromCache } from '../../../shared/trace/app/choose';
import type { Story } from '../../../shared/trace/story';
import { hasHappened, timeAt, type HappenedStory } from '../../timeline/happened';

export type ExchangeState = HttpExchange['outcome'];
export type ExchangeBadge = 'relayed' | 'fromCache' | 'notModified' | 'reset' | 'cut';

export interface ExchangeRow {
  readonly type: 'exchange';
  readonly id: number;
  /** Of its request, from the first moment of the trace, in µs. */
  readonly at: number;
  /** From the first byte of its request to the last one of its response, in µs; null until that has come. */
  readonly took: number | null;
  readonly method: string;
  readonly target: string;
  /** Null until its first byte has been read. */
  readonly status: number | null;
  readonly trouble: boolean;
  /** Bytes of the response's body; null until it is whole. */
  readonly size: number | null;
  readonly version: HttpExchange['version'];
  readonly secure: boolean;
  readonly conn: number;
  readonly stream: number | null;
  readonly state: ExchangeState;
  readonly badges: readonly ExchangeBadge[];
}

export interface GroupRow {
  readonly type: 'group';
  /** Null: a client that is not ours. */
  readonly client: RoleIx | null;
  readonly count: number;
}

export type ListItem = ExchangeRow | GroupRow;

export interface ExchangeList {
  readonly items: readonly ListItem[];
  /** Exchanges that lie after the playhead. */
  readonly later: number;
}

/** Groups in the order of their first request, requests in the order in which they were sent. */
export function exchangeList(app: AppStory, story: HappenedStory, position: number): ExchangeList {
  const groups = new Map<RoleIx | null, ExchangeRow[]>();
  let later = 0;
  for (const exchange of app.exchanges) {
    if (!hasBegun(app, story, exchange, position)) {
      later++;
      continue;
    }
    const rows = groups.get(exchange.clientRole);
    const row = rowOf(app, story, exchange, position);
    if (rows === undefined) groups.set(exchange.clientRole, [row]);
    else rows.push(row);
  }
  const items: ListItem[] = [];
  for (const [client, rows] of groups) items.push({ type: 'group', client, count: rows.length }, ...rows.sort((a, b) => a.at - b.at || a.id - b.id));
  return { items, later };
}

function rowOf(app: AppStory, story: HappenedStory, exchange: HttpExchange, position: number): ExchangeRow {
  const { id, request, response, version, secure, conn, stream } = exchange;
  const state = stateAt(app, story, exchange, position);
  const answered = response !== null && state !== 'sending' && state !== 'waiting' && hasCome(app, story, exchange, position);
  const status = answered ? response.head.status : null;
  return {
    type: 'exchange', id, at: request.depart - (story.moments.count === 0 ? 0 : story.momentTime(0)), took: tookAt(exchange, state), method: request.head.method, target: request.head.target, status,
    trouble: state === 'cut' || state === 'reset' || (status !== null && status >= 400), size: answered && state === 'complete' ? response.bodySize : null, version, secure, conn, stream, state,
    badges: badgesOf(app, exchange, state, status),
  };
}

function tookAt(exchange: HttpExchange, state: ExchangeState): number | null {
  const ended = endOf(exchange);
  return state === 'complete' && ended !== null ? ended - exchange.request.depart : null;
}

function badgesOf(app: AppStory, exchange: HttpExchange, state: ExchangeState, status: number | null): ExchangeBadge[] {
  const badges: ExchangeBadge[] = [];
  if (exchange.relayed) badges.push('relayed');
  if (status === 304) badges.push('notModified');
  else if (status !== null && answeredFromCache(app, exchange)) badges.push('fromCache');
  if (state === 'cut' || state === 'reset') badges.push(state);
  return badges;
}

/** True once the first byte of its request was given to the kernel. */
export function hasBegun(app: AppStory, story: HappenedStory, { request }: HttpExchange, position: number): boolean {
  const first = request.messages[0];
  return hasHappened(story, position, first === undefined ? null : (app.message(first)?.sentSeq ?? null), request.depart);
}

/** True once a byte of its response is known to have come: read by the client, or sent to one that is not ours. */
export function hasCome(app: AppStory, story: HappenedStory, { response, clientRole }: HttpExchange, position: number): boolean {
  if (response === null) return false;
  const t = response.firstRead ?? (clientRole === null ? response.depart : null);
  // Pieces of one response are read by several calls: only the last one has its fact in the message.
  const first = response.messages[0];
  const message = first === undefined ? null : app.message(first);
  const seq = message !== null && message.arrive === t && message.firstRead === t ? message.arriveSeq : null;
  return hasHappened(story, position, seq, t);
}

/** What has become of it when the playhead stands at `position`. */
export function stateAt(app: AppStory, story: HappenedStory, exchange: HttpExchange, position: number): ExchangeState {
  const { request, response, outcome } = exchange;
  const now = timeAt(story, Math.floor(position));
  if (now < request.sent) return 'sending';
  if (outcome === 'sending' || outcome === 'waiting') return outcome;
  const ended = endOf(exchange);
  const last = response?.messages[response.messages.length - 1];
  const lastSeq = last === undefined ? null : (app.message(last)?.arriveSeq ?? null);
  if (outcome === 'complete' && ended !== null && hasHappened(story, position, lastSeq, ended)) return 'complete';
  if ((outcome === 'cut' || outcome === 'reset') && now >= troubleTime(app, exchange)) return outcome;
  return hasCome(app, story, exchange, position) ? 'receiving' : 'waiting';
}

/** When the client had it all; when it was all sent to a client that is not ours. Null before. */
export const endOf = ({ response }: HttpExchange): Micros | null => (response === null ? null : (response.arrive ?? (response.complete ? response.sent : null)));

/** The last sign of life of an exchange that broke off. */
function troubleTime(app: AppStory, { request, response }: HttpExchange): number {
  let last: number = request.sent;
  for (const id of [...request.messages, ...(response?.messages ?? [])]) {
    const message = app.message(id);
    if (message !== null) last = Math.max(last, message.arrive ?? message.firstRead ?? message.sent);
  }
  return last;
}

/** The exchange at the playhead: the one in which something happened last. */
export function currentExchange(app: AppStory, story: HappenedStory, position: number): HttpExchange | null {
  const now = timeAt(story, Math.floor(position));
  let best: HttpExchange | null = null;
  let latest = Number.NEGATIVE_INFINITY;
  for (const exchange of app.exchanges) {
    if (!hasBegun(app, story, exchange, position)) continue;
    const { request, response } = exchange;
    for (const t of [request.depart, request.sent, request.firstRead, request.arrive, response?.depart, response?.firstRead, response?.arrive]) {
      if (t !== null && t !== undefined && t <= now && t >= latest) [best, latest] = [exchange, t];
    }
  }
  return best;
}

/** Role's name in words; null for a program that is not ours. */
export const clientName = (story: Pick<Story, 'role'>, client: RoleIx | null, nameOf: (id: string) => string): string | null => {
  const role = client === null ? null : story.role(client);
  return role === null ? null : nameOf(role.id);
};
