// What the picture of availability is made of: a lane for each balancer, server and client, with marks in order of time (requests, kills,
// restarts, what health checks found, fail-overs) and spans of states. Pure; made once a version and without playhead. Drawing is paint.ts.

import type { HostIx, RoleIx } from '../../../shared/base/brand';
import { exchangeOfSelection } from '../../../shared/trace/app/choose';
import type { AppStory } from '../../../shared/trace/app/appStory';
import { programsOf, serviceNotes, type Life, type ServiceNotes, type ServiceProgram, type ServiceRequest } from '../../../shared/trace/service/serviceStory';
import type { Selection, Story } from '../../../shared/trace/story';

export type EventWhat = 'started' | 'restarted' | 'killed' | 'failed' | 'down' | 'up' | 'drain' | 'drained' | 'undrain' | 'none' | 'hangs' | 'resets' | 'answers' | 'failover';

interface MarkBase {
  readonly key: string;
  readonly lane: string;
  /** The fact that is chosen with it; null: none, it cannot be chosen. */
  readonly seq: number | null;
  readonly start: number;
}
export interface RequestMark extends MarkBase {
  readonly type: 'request';
  readonly request: ServiceRequest;
  /** When the client itself ended; it waits no more then. */
  readonly gaveUp: number | null;
}
export interface EventMark extends MarkBase {
  readonly type: 'event';
  readonly what: EventWhat;
  /** A code of the note ('refused', 'error'), else ''. */
  readonly why: string;
  /** Who says so; null: the trace itself. */
  readonly by: RoleIx | null;
  /** Of a fail-over: where to; of a drain: requests that are open. */
  readonly detail: string;
}
export type Mark = RequestMark | EventMark;

/** A state that a program is in for a while; `end` null: as far as the trace goes. */
export interface StateSpan {
  readonly what: 'down' | 'drain' | 'hangs' | 'resets';
  readonly start: number;
  readonly end: number | null;
}

export interface Lane {
  readonly key: string;
  readonly kind: ServiceProgram['kind'] | 'client';
  readonly host: HostIx;
  /** The host's id. */
  readonly id: string;
  /** Ascending by start. */
  readonly marks: readonly Mark[];
  readonly lives: readonly Life[];
  readonly spans: readonly StateSpan[];
  /** When a balancer sent something here, ascending. */
  readonly chosen: readonly number[];
}

export interface ServicePicture {
  readonly notes: ServiceNotes;
  /** Balancers, servers, clients. */
  readonly lanes: readonly Lane[];
  /** The mark of a fact. */
  readonly ofSeq: ReadonlyMap<number, Mark>;
  readonly ofKey: ReadonlyMap<string, Mark>;
}

export function pictureOf(app: AppStory, story: Story): ServicePicture {
  const notes = serviceNotes(app);
  const programs = programsOf(story, notes);
  const lanes = [...programs.map((program) => programLane(program, notes)), ...clientLanes(story, notes)];
  const ofSeq = new Map<number, Mark>();
  const ofKey = new Map<string, Mark>();
  for (const mark of lanes.flatMap((lane) => lane.marks)) {
    ofKey.set(mark.key, mark);
    if (mark.seq !== null) ofSeq.set(mark.seq, mark);
    if (mark.type === 'request' && mark.request.ended !== null) ofSeq.set(mark.request.ended.seq, mark);
  }
  return { notes, lanes, ofSeq, ofKey };
}

/** Of the same moment: as they were recorded. */
const inTime = (a: Mark, b: Mark): number => a.start - b.start || (a.seq ?? 0) - (b.seq ?? 0);

function programLane(program: ServiceProgram, notes: ServiceNotes): Lane {
  const lane = `p${program.host}`;
  const roles = new Set(program.lives.map(({ role }) => role));
  const names = new Set([program.id, ...program.lives.map(({ id }) => id)]);
  const marks: EventMark[] = [];
  const add = (what: EventWhat, seq: number | null, start: number, by: RoleIx | null = null, why = '', detail = ''): void => void marks.push({ type: 'event', key: `${lane}-${what}-${seq ?? start}`, lane, seq, start, what, why, by, detail });
  program.lives.forEach((life, index) => {
    add(index === 0 ? 'started' : 'restarted', life.startSeq, life.start);
    if (life.end !== null && life.end.how !== 'done') add(life.end.how, life.end.seq, life.end.at, null, life.end.err);
  });
  const spans: StateSpan[] = [];
  /** Of several balancers each has its own opinion. */
  const open = new Map<string, StateSpan>();
  const begin = (what: StateSpan['what'], of: RoleIx, start: number): void => void (open.has(`${what} ${of}`) || open.set(`${what} ${of}`, { what, start, end: null }));
  const end = (what: StateSpan['what'], of: RoleIx, at: number): void => {
    const span = open.get(`${what} ${of}`);
    if (span === undefined) return;
    open.delete(`${what} ${of}`);
    spans.push({ ...span, end: at });
  };
  for (const { by, at, seq, note } of notes.health) {
    if (!names.has(note.server)) continue;
    add(note.what === 'down' ? 'down' : 'up', seq, at, by, String(note.why));
    if (note.what === 'down') begin('down', by, at);
    else end('down', by, at);
  }
  for (const { by, at, seq, note } of notes.drains) {
    if (!names.has(note.server)) continue;
    add(note.what === 'begun' ? 'drain' : note.what === 'ended' ? 'drained' : 'undrain', seq, at, by, '', String(note.open));
    if (note.what === 'begun') begin('drain', by, at);
    else if (note.what === 'over') end('drain', by, at);
  }
  for (const { by, at, seq, note } of notes.states) {
    if (!roles.has(by)) continue;
    add(note.what, seq, at, by);
    for (const what of ['hangs', 'resets'] as const) {
      if (note.what === what) begin(what, by, at);
      else end(what, by, at);
    }
  }
  for (const { by, at, seq } of notes.none) if (roles.has(by)) add('none', seq, at, by);
  // Whoever ends hangs no more, and what it thought of others is gone.
  for (const [key, span] of open) {
    const life = program.lives.find(({ role }) => key === `${span.what} ${role}`);
    spans.push({ ...span, end: life?.end?.at ?? null });
  }
  return {
    key: lane, kind: program.kind, host: program.host, id: program.id, lives: program.lives, marks: marks.sort(inTime), spans,
    chosen: notes.chosen.filter(({ note }) => names.has(note.server)).map(({ at }) => at),
  };
}

/** A client's second life on its host is in the same lane. */
function clientLanes(story: Story, notes: ServiceNotes): Lane[] {
  const lanes = new Map<HostIx, { readonly marks: Mark[]; readonly host: HostIx; readonly key: string }>();
  // A story makes a role anew each time that it is asked: once for each client, not for each request.
  const clients = new Map(notes.clients.map((client) => {
    const role = story.role(client);
    const host = role?.host ?? (0 as HostIx);
    const lane = lanes.get(host) ?? { marks: [], host, key: `c${host}` };
    lanes.set(host, lane);
    return [client, { ...lane, gaveUp: role?.ended?.at ?? null }];
  }));
  for (const request of notes.requests) {
    const client = clients.get(request.client);
    client?.marks.push({ type: 'request', key: `r${request.index}`, lane: client.key, seq: request.askedSeq, start: request.asked, request, gaveUp: client.gaveUp });
  }
  for (const { client, at, seq, to, why } of notes.failovers) {
    const of = clients.get(client);
    of?.marks.push({ type: 'event', key: `f${seq}`, lane: of.key, seq, start: at, what: 'failover', why: String(why), by: client, detail: to });
  }
  return [...lanes.values()].sort((a, b) => a.host - b.host).map(({ host, marks, key }): Lane => {
    const roles = story.roles.filter((role) => role.host === host && notes.clients.includes(role.index));
    const lives = roles.map((role): Life => ({ role: role.index, id: role.id, start: role.startedAt, startSeq: null, end: role.ended }));
    return { key, kind: 'client', host, id: story.host(host)?.id ?? '', lives, marks: marks.sort(inTime), spans: [], chosen: [] };
  });
}

/** The mark that a selection means: a fact of it, or a message of the exchange that a request was. */
export function markOfSelection(picture: ServicePicture, app: AppStory, selection: Selection): Mark | null {
  if (selection.type === 'fact') return picture.ofSeq.get(selection.seq) ?? null;
  if (selection.type !== 'message') return null;
  const exchange = exchangeOfSelection(app, selection);
  if (exchange === null || exchange.clientRole === null) return null;
  const depart = exchange.request.depart;
  const request = picture.notes.requests.findLast((one) => one.client === exchange.clientRole && one.asked <= depart && (one.ended === null || one.ended.at >= depart));
  return request === undefined ? null : (picture.ofKey.get(`r${request.index}`) ?? null);
}

/** When a mark is over: a request with its end or its client's, anything else at once. Null: not yet. */
export const endOf = (mark: Mark): number | null => (mark.type === 'request' ? (mark.request.ended?.at ?? mark.gaveUp) : mark.start);

/** What a lane of a program can look like; 'dead': not running between its lives or after the last, 'sent': requests that a balancer sent. */
export type LaneState = 'runs' | 'dead' | 'sent' | StateSpan['what'];

/** Those that the picture has by `now`, for its legend. */
export function laneStates({ lanes }: ServicePicture, now: number): LaneState[] {
  const programs = lanes.filter(({ kind }) => kind !== 'client');
  const span = (what: StateSpan['what']): boolean => programs.some(({ spans }) => spans.some((one) => one.what === what && one.start <= now));
  return [
    ...(programs.some(({ lives }) => lives.some(({ start }) => start <= now)) ? (['runs'] as const) : []),
    ...(programs.some(({ lives }) => lives.some(({ end }) => end !== null && end.how !== 'done' && end.at <= now)) ? (['dead'] as const) : []),
    ...(programs.some(({ chosen }) => (chosen[0] ?? Number.POSITIVE_INFINITY) <= now) ? (['sent'] as const) : []),
    ...(['down', 'drain', 'hangs', 'resets'] as const).filter(span),
  ];
}
