// A service as its clients saw it, folded from notes (service.*, lb.*) and from the lives of the programs behind it. Stands between the
// application story and the view of availability. What is no note and no program's end is not known here.

import type { EventSeq, HostIx, Micros, RoleIx } from '../../base/brand';
import type { AppStory } from '../app/appStory';
import type { Note, ServiceOutcome } from '../notes';
import type { RoleModel, Story } from '../story';

export const OUTCOMES: readonly ServiceOutcome[] = ['ok', 'slow', 'refused', 'reset', 'timeout', 'error', 'cut'];

export interface ServiceRequest {
  /** Place in ServiceStory.requests: the order in which they were asked. */
  readonly index: number;
  readonly client: RoleIx;
  readonly number: number;
  readonly to: string;
  readonly asked: Micros;
  readonly askedSeq: EventSeq;
  /** Null while the client waits. */
  readonly ended: { readonly at: Micros; readonly seq: EventSeq; readonly how: ServiceOutcome; readonly by: string; readonly status: number; readonly ms: number } | null;
}

export interface Failover {
  readonly client: RoleIx;
  readonly at: Micros;
  readonly seq: EventSeq;
  readonly from: string;
  readonly to: string;
  readonly why: ServiceOutcome;
}

type Of<T extends Note['topic']> = Extract<Note, { readonly topic: T }>;
/** What a balancer or a server noted, and which one. */
export interface ProgramNote<T extends 'lb.chose' | 'lb.none' | 'lb.health' | 'lb.drain' | 'service.state'> {
  readonly by: RoleIx;
  readonly at: Micros;
  readonly seq: EventSeq;
  readonly note: Of<T>;
}

/** What the notes alone tell; grows in place. */
export interface ServiceNotes {
  readonly requests: readonly ServiceRequest[];
  /** Roles that asked, in the order of their first request. */
  readonly clients: readonly RoleIx[];
  readonly failovers: readonly Failover[];
  readonly chosen: readonly ProgramNote<'lb.chose'>[];
  readonly none: readonly ProgramNote<'lb.none'>[];
  readonly health: readonly ProgramNote<'lb.health'>[];
  readonly drains: readonly ProgramNote<'lb.drain'>[];
  /** Servers that hang or reset, as they say themselves. */
  readonly states: readonly ProgramNote<'service.state'>[];
}

interface Fold extends ServiceNotes {
  done: number;
  readonly requests: ServiceRequest[];
  readonly clients: RoleIx[];
  readonly failovers: Failover[];
  readonly chosen: ProgramNote<'lb.chose'>[];
  readonly none: ProgramNote<'lb.none'>[];
  readonly health: ProgramNote<'lb.health'>[];
  readonly drains: ProgramNote<'lb.drain'>[];
  readonly states: ProgramNote<'service.state'>[];
  /** Requests that wait, by client and number. */
  readonly open: Map<string, number>;
}
const folds = new WeakMap<AppStory['notes'], Fold>();

/** What the notes so far tell of a service. Costs only what is new; the lists grow in place, a request's object is replaced when it ends. */
export function serviceNotes({ notes }: Pick<AppStory, 'notes'>): ServiceNotes {
  let fold = folds.get(notes);
  if (fold === undefined) folds.set(notes, (fold = { done: 0, requests: [], clients: [], failovers: [], chosen: [], none: [], health: [], drains: [], states: [], open: new Map() }));
  while (fold.done < notes.length) {
    const said = notes[fold.done++];
    if (said !== undefined) take(fold, said);
  }
  return fold;
}

function take(fold: Fold, { note, role, t, seq }: AppStory['notes'][number]): void {
  switch (note.topic) {
    case 'service.asked': {
      if (!fold.clients.includes(role)) fold.clients.push(role);
      fold.open.set(`${role} ${note.number}`, fold.requests.length);
      fold.requests.push({ index: fold.requests.length, client: role, number: note.number, to: String(note.to), asked: t, askedSeq: seq, ended: null });
      return;
    }
    case 'service.ended': {
      const key = `${role} ${note.number}`;
      const request = fold.requests[fold.open.get(key) ?? -1];
      if (request === undefined || !OUTCOMES.includes(note.how)) return;
      fold.open.delete(key);
      fold.requests[request.index] = { ...request, ended: { at: t, seq, how: note.how, by: String(note.by), status: Number(note.status) || 0, ms: Math.max(Number(note.ms) || 0, 0) } };
      return;
    }
    case 'service.failover': return void fold.failovers.push({ client: role, at: t, seq, from: String(note.from), to: String(note.to), why: note.why });
    case 'service.state': return void fold.states.push({ by: role, at: t, seq, note });
    case 'lb.chose': return void fold.chosen.push({ by: role, at: t, seq, note });
    case 'lb.none': return void fold.none.push({ by: role, at: t, seq, note });
    case 'lb.health': return void fold.health.push({ by: role, at: t, seq, note });
    case 'lb.drain': return void fold.drains.push({ by: role, at: t, seq, note });
    default:
  }
}

/** One time that a program ran: a restart is another role, on the same host. */
export interface Life {
  readonly role: RoleIx;
  /** The role's id. */
  readonly id: string;
  readonly start: Micros;
  readonly startSeq: EventSeq | null;
  readonly end: RoleModel['ended'];
}

/** A server or a balancer, through its restarts. */
export interface ServiceProgram {
  /** Its host's id, by which balancers name it. */
  readonly id: string;
  readonly host: HostIx;
  readonly kind: 'server' | 'balancer';
  readonly lives: readonly Life[];
}

/** Servers and balancers of the run: balancers first, each kind in the order of its first start. Programs that only ask are no part. */
export function programsOf(story: Pick<Story, 'roles' | 'host'>, notes: ServiceNotes): ServiceProgram[] {
  const balancers = new Set([...notes.chosen, ...notes.none, ...notes.health, ...notes.drains].map(({ by }) => by));
  const asking = new Set(notes.clients);
  const found = new Map<HostIx, { id: string; host: HostIx; kind: ServiceProgram['kind']; lives: Life[] }>();
  for (const role of story.roles) {
    if (role.kind === 'client' || asking.has(role.index)) continue;
    const program = found.get(role.host) ?? { id: story.host(role.host)?.id ?? role.id, host: role.host, kind: 'server', lives: [] };
    if (balancers.has(role.index) || role.kind === 'relay') program.kind = 'balancer';
    program.lives.push({ role: role.index, id: role.id, start: role.startedAt, startSeq: role.facts.length > 0 ? (role.facts.at(0) as EventSeq) : null, end: role.ended });
    found.set(role.host, program);
  }
  const all = [...found.values()];
  return [...all.filter(({ kind }) => kind === 'balancer'), ...all.filter(({ kind }) => kind === 'server')];
}

/** True for an answer that is worth something to the client, however late. */
export const isGood = (how: ServiceOutcome): boolean => how === 'ok' || how === 'slow';

export interface ServiceTotal {
  readonly counts: Readonly<Record<ServiceOutcome, number>>;
  readonly ended: number;
  /** ok and slow. */
  readonly good: number;
  readonly waiting: number;
  /** Milliseconds until a good answer: half of them were not later, 95 of 100 were not later; null without any. */
  readonly median: number | null;
  readonly late: number | null;
}

/** How all requests went until `now` (µs). */
export function totalAt(requests: readonly ServiceRequest[], now: number): ServiceTotal {
  const counts: Record<ServiceOutcome, number> = { ok: 0, slow: 0, refused: 0, reset: 0, timeout: 0, error: 0, cut: 0 };
  const took: number[] = [];
  let [ended, waiting] = [0, 0];
  for (const request of requests) {
    if (request.asked > now) continue;
    if (request.ended === null || request.ended.at > now) waiting++;
    else {
      ended++;
      counts[request.ended.how]++;
      if (isGood(request.ended.how)) took.push(request.ended.ms);
    }
  }
  took.sort((a, b) => a - b);
  const at = (share: number): number | null => took[Math.max(Math.ceil(took.length * share) - 1, 0)] ?? null;
  return { counts, ended, good: counts.ok + counts.slow, waiting, median: at(0.5), late: at(0.95) };
}
