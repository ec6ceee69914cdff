// Rows of the waterfall: every object that a client asked for, with the phases of its time, under the run (client and visit) that it
// belongs to. Pure and without playhead: made once a version; crop.ts cuts what lies after it. Drawing is WaterfallView.vue's.

import type { RoleIx } from '../../../shared/base/brand';
import type { AppStory, ExchangeTiming, HttpExchange } from '../../../shared/trace/app/appStory';
import { answeredFromCache } from '../../../shared/trace/app/choose';
import type { Story } from '../../../shared/trace/story';

export const PHASES = ['blocked', 'lookup', 'connect', 'tls', 'send', 'wait', 'receive'] as const satisfies readonly (keyof ExchangeTiming)[];
export type Phase = (typeof PHASES)[number];

export interface Bar {
  readonly phase: Phase;
  /** µs of the trace. */
  readonly start: number;
  readonly end: number;
}

export interface WaterfallRow {
  readonly type: 'row';
  readonly key: string;
  readonly run: number;
  /** Null: a cache of the client itself answered, nothing went over the wire. */
  readonly exchange: HttpExchange | null;
  /** Of a cache's answer: the note that says so. */
  readonly seq: number | null;
  readonly method: string;
  readonly target: string;
  readonly url: string;
  /** Short name of its media type: 'html', 'png'. */
  readonly kind: string;
  /** Null: it had none, or a report does not tell which. */
  readonly conn: number | null;
  readonly bars: readonly Bar[];
  readonly start: number;
  /** When it was whole; null when it never was. */
  readonly end: number | null;
  /** 'client': its own cache; 'relay': one that stands between; 'validated': 304, its copy was still good. */
  readonly cached: 'client' | 'relay' | 'validated' | null;
  /** The address came out of a cache of names. */
  readonly nameCached: boolean;
  /** When the parser met the element that names it. */
  readonly met: number | null;
}

export interface RunRow {
  readonly type: 'run';
  readonly key: string;
  readonly run: number;
  /** Null: a client that is not ours. */
  readonly client: RoleIx | null;
  /** From 1 when the client visited pages more than once, else 0. */
  readonly visit: number;
  readonly start: number;
  readonly end: number;
  /** When the page that it visited was whole, as the client said. */
  readonly done: number | null;
  readonly rows: readonly WaterfallRow[];
}

export interface ConnectionRow {
  readonly type: 'connection';
  readonly key: string;
  readonly run: number;
  readonly conn: number;
  readonly count: number;
  readonly start: number;
}

export type WaterfallItem = RunRow | ConnectionRow | WaterfallRow;

export interface Waterfall {
  readonly runs: readonly RunRow[];
  /** True: each run is drawn from its own start, so that runs one after the other compare; false: all on one clock. */
  readonly aligned: boolean;
  /** µs that the axis shows. */
  readonly span: number;
  /** µs of the trace at the axis' zero, when not aligned. */
  readonly origin: number;
}

/** `relays`: with the exchanges of relays, which repeat those of their clients. */
export function waterfall(app: AppStory, story: Story, relays: boolean): Waterfall {
  const visits = visitsOf(app);
  const runs = new Map<string, { client: RoleIx | null; visit: number; rows: WaterfallRow[] }>();
  const put = (client: RoleIx | null, row: Omit<WaterfallRow, 'run'>): void => {
    const times = client === null ? [] : (visits.get(client) ?? []);
    // By its request: a connection may have been opened before the visit that uses it.
    const visit = times.filter((t) => t <= (row.exchange?.request.depart ?? row.start)).length;
    const key = `${client ?? 'foreign'}-${visit}`;
    const run = runs.get(key) ?? { client, visit: times.length > 1 ? visit : 0, rows: [] };
    runs.set(key, run);
    run.rows.push({ ...row, run: 0 });
  };
  for (const exchange of app.exchanges) if (relays || !exchange.relayed) put(exchange.clientRole, rowOf(app, exchange));
  for (const { role, row } of ownCache(app, story)) put(role, row);
  const made = [...runs.values()].map((run) => ({ ...run, start: startOf(app, run), rows: run.rows.sort((a, b) => a.start - b.start) })).sort((a, b) => a.start - b.start).map((run, index) => finished(app, run, index));
  const aligned = made.length > 1 && made.every((run, index) => index === 0 || run.start >= (made[index - 1]?.end ?? 0));
  const origin = made[0]?.start ?? 0;
  const span = made.reduce((longest, run) => Math.max(longest, run.end - (aligned ? run.start : origin)), 1);
  return { runs: made, aligned, span, origin };
}

/** Times of `page.visit`, by role. */
function visitsOf(app: AppStory): Map<RoleIx, number[]> {
  const visits = new Map<RoleIx, number[]>();
  for (const { role, t, note } of app.notes) {
    if (note.topic === 'page.visit') visits.set(role, [...(visits.get(role) ?? []), t]);
  }
  return visits;
}

/** A visit begins when it is asked for, which may be before its first object. */
function startOf(app: AppStory, { client, rows }: { readonly client: RoleIx | null; readonly rows: readonly WaterfallRow[] }): number {
  const first = rows.reduce((least, row) => Math.min(least, row.start), Number.POSITIVE_INFINITY);
  const asked = rows.reduce((least, row) => Math.min(least, row.exchange?.request.depart ?? row.start), Number.POSITIVE_INFINITY);
  const visit = app.notes.findLast(({ role, t, note }) => role === client && note.topic === 'page.visit' && t <= asked);
  return Math.min(visit?.t ?? first, first);
}

function finished(app: AppStory, run: { readonly client: RoleIx | null; readonly visit: number; readonly start: number; readonly rows: readonly WaterfallRow[] }, index: number): RunRow {
  const end = run.rows.reduce((last, row) => Math.max(last, row.end ?? row.start, ...row.bars.map((bar) => bar.end)), run.start);
  const done = app.notes.find(({ role, t, note }) => role === run.client && note.topic === 'page.done' && t >= run.start)?.t ?? null;
  const rows = run.rows.map((row) => ({ ...row, run: index }));
  return { type: 'run', key: `run-${index}`, run: index, client: run.client, visit: run.visit, start: run.start, end: Math.max(end, done ?? end), done, rows };
}

function rowOf(app: AppStory, exchange: HttpExchange): Omit<WaterfallRow, 'run'> {
  const { request, response, timing, clientRole } = exchange;
  const bars = PHASES.flatMap((phase): Bar[] => {
    const span = timing[phase];
    return span === null ? [] : [{ phase, start: span.start, end: span.end }];
  });
  const start = Math.min(request.depart, ...bars.map((bar) => bar.start));
  const notes = app.notes.filter(({ role, t }) => role === clientRole && t >= start - NEAR && t <= request.depart);
  const type = response?.headers.find((header) => header.name.toLowerCase() === 'content-type')?.value ?? '';
  return {
    type: 'row', key: `exchange-${exchange.id}`, exchange, seq: null, method: request.head.method, target: request.head.target, url: request.head.url, kind: kindOf(type), conn: exchange.conn === 0 ? null : exchange.conn, bars, start,
    end: response === null ? null : (response.arrive ?? (response.complete ? response.sent : null)),
    cached: response?.head.status === 304 ? 'validated' : answeredFromCache(app, exchange) ? 'relay' : null,
    nameCached: notes.some(({ t, note }) => note.topic === 'dns.cache' && note.what === 'hit' && (timing.lookup === null || t >= timing.lookup.start)),
    met: app.notes.findLast(({ role, t, note }) => role === clientRole && t <= request.depart && note.topic === 'page.met' && note.url === request.head.url)?.t ?? null,
  };
}

/** A note that is written right before a step, in µs. */
const NEAR = 500;

/** What a client's own cache answered: rows without an exchange. A cache that stands between is a relay or a server, and its answers are exchanges. */
function ownCache(app: AppStory, story: Story): { readonly role: RoleIx; readonly row: Omit<WaterfallRow, 'run'> }[] {
  return app.notes.flatMap(({ seq, t, role, note }) => {
    if (note.topic !== 'http.cache' || note.what !== 'hit' || story.role(role)?.kind !== 'client') return [];
    const target = /^[a-z]+:\/\/[^/]*(\/.*)$/iu.exec(note.url)?.[1] ?? note.url;
    const met = app.notes.findLast((one) => one.role === role && one.t <= t && one.note.topic === 'page.met' && one.note.url === note.url)?.t ?? null;
    return [{ role, row: { type: 'row', key: `cache-${seq}`, exchange: null, seq, method: 'GET', target, url: note.url, kind: '', conn: null, bars: [], start: t, end: t, cached: 'client', nameCached: false, met } }];
  });
}

/** 'text/html; charset=utf-8' is 'html', 'image/svg+xml' is 'svg', 'application/javascript' is 'js'. */
export function kindOf(type: string): string {
  const sub = /^\s*[^/;]+\/([^;\s]+)/u.exec(type)?.[1]?.toLowerCase() ?? '';
  return sub.replace(/\+.*$/u, '').replace(/^x-/u, '').replace('javascript', 'js').slice(0, 12);
}

/** The last part of a path, which tells objects apart: '…/photo-3.png'. */
export function shortTarget(target: string): string {
  const query = target.search(/[?#]/u);
  const path = query < 0 ? target : target.slice(0, query);
  const slash = path.replace(/\/$/u, '').lastIndexOf('/');
  return slash > 0 ? `…${target.slice(slash)}` : target;
}

/** Rows in order: by time, or under the connection that carried them; those of a cache last, which took none. */
export function itemsOf(runs: readonly RunRow[], by: 'time' | 'connection'): WaterfallItem[] {
  return runs.flatMap((run): WaterfallItem[] => {
    if (by === 'time') return [run, ...run.rows];
    const lanes = new Map<number, WaterfallRow[]>();
    for (const row of run.rows) {
      if (row.conn === null) continue;
      const lane = lanes.get(row.conn);
      if (lane === undefined) lanes.set(row.conn, [row]);
      else lane.push(row);
    }
    const heads = [...lanes].map(([conn, rows]) => ({ head: { type: 'connection', key: `run-${run.run}-${conn}`, run: run.run, conn, count: rows.length, start: rows[0]?.start ?? 0 } as const, rows }));
    return [run, ...heads.flatMap(({ head, rows }) => [head, ...rows]), ...run.rows.filter((row) => row.conn === null)];
  });
}
