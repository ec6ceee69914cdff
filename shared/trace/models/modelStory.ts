// Servers of several models under the same clients, folded from notes (model.*, service.*, process.sampled), from the clients' and servers'
// calls, and from what the kernel says of accept queues (socket.sampled). Stands between the trace and the view of models; what follows
// from it at an instant is modelTimes.ts. Facts of several processes may come a little out of order: whoever reads sorts by time.

import type { EventSeq, Micros, RoleIx } from '../../base/brand';
import { formatEndpoint } from '../endpoint';
import type { Fact } from '../event';
import { parseNote, type Note, type ServerModel, type ServiceOutcome } from '../notes';
import type { TraceStore } from '../store';
import type { Story } from '../story';

export const SERVER_MODELS: readonly ServerModel[] = ['iterative', 'threads', 'processes', 'multiplexed'];

/** What happened to a client, as far as it moves it from one place to another. */
export type MarkWhat = 'asked' | 'answered' | 'lost' | 'connect' | 'connected' | 'failed' | 'accepted' | 'closed' | 'left';

export interface ClientMark {
  readonly t: Micros;
  readonly seq: EventSeq;
  /** Place in ModelRun.people. */
  readonly client: number;
  readonly what: MarkWhat;
  /** Of 'answered' and 'lost': how long it waited, in ms. */
  readonly ms: number;
  /** Of 'lost'. */
  readonly how: ServiceOutcome | null;
}

/** One crowd at one server. */
export interface ModelRun {
  /** Place in the list: the order in which they began. */
  readonly index: number;
  readonly model: ServerModel;
  readonly clients: number;
  readonly requests: number;
  readonly think: number;
  readonly work: number;
  /** The role that noted it. */
  readonly role: RoleIx;
  readonly begin: Micros;
  readonly beginSeq: EventSeq;
  end: { readonly t: Micros; readonly seq: EventSeq; readonly ms: number } | null;
  /** Clients that came so far, in the order of their first call. */
  readonly people: RoleIx[];
  /** In the order of the trace; grows in place. */
  readonly marks: ClientMark[];
}

/** How many connections waited for accept(), as the kernel told. */
export interface QueueSample {
  readonly t: Micros;
  readonly depth: number;
}

export interface ProcessSample {
  readonly t: Micros;
  /** Resident, bytes. */
  readonly memory: number;
  readonly threads: number;
  readonly processes: number;
  readonly open: number;
}

export interface ModelStory {
  readonly runs: readonly ModelRun[];
  /** By model, for all its lives. */
  readonly queues: ReadonlyMap<ServerModel, readonly QueueSample[]>;
  readonly samples: ReadonlyMap<ServerModel, readonly ProcessSample[]>;
  /** Servers that never listened, with the errno. */
  readonly missing: readonly { readonly model: ServerModel; readonly err: string }[];
}

interface Fold extends ModelStory {
  done: number;
  readonly runs: ModelRun[];
  readonly queues: Map<ServerModel, QueueSample[]>;
  readonly samples: Map<ServerModel, ProcessSample[]>;
  readonly missing: { readonly model: ServerModel; readonly err: string }[];
  /** Whose place it is: a client's run and its number there. */
  readonly places: Map<RoleIx, { readonly run: ModelRun; readonly client: number }>;
  /** The model that listens at an endpoint. */
  readonly listeners: Map<string, ServerModel>;
  /** Clients by the near end of their connection; accepts whose client has not been told of yet, and the same by the server's socket. */
  readonly near: Map<string, RoleIx>;
  readonly accepts: Map<string, { readonly t: Micros; readonly seq: EventSeq }>;
  readonly nearOfSock: Map<number, string>;
}

const folds = new WeakMap<TraceStore, Fold>();

/** What the trace tells so far. Costs only what is new; lists grow in place. */
export function modelStory(trace: TraceStore, story: Pick<Story, 'role'>): ModelStory {
  let fold = folds.get(trace);
  if (fold === undefined) {
    fold = { done: 0, runs: [], queues: new Map(), samples: new Map(), missing: [], places: new Map(), listeners: new Map(), near: new Map(), accepts: new Map(), nearOfSock: new Map() };
    folds.set(trace, fold);
  }
  while (fold.done < trace.count) take(fold, trace, story, fold.done++);
  return fold;
}

/** 'threads' and 'threads-2' are servers of that model; null: no server of a model. */
export const modelOfRole = (id: string | undefined): ServerModel | null => SERVER_MODELS.find((model) => id === model || id?.startsWith(`${model}-`)) ?? null;

function take(fold: Fold, trace: TraceStore, story: Pick<Story, 'role'>, seq: number): void {
  switch (trace.kind(seq)) {
    case 'role.noted': return takeNote(fold, story, trace.at(seq));
    case 'role.ended': {
      const fact = trace.at(seq);
      mark(fold, fact, fact.text === 'done' ? 'left' : 'lost');
      const model = modelOfRole(story.role(fact.role)?.id);
      if (model !== null && fact.text === 'failed' && ![...fold.listeners.values()].includes(model)) fold.missing.push({ model, err: fact.err });
      return;
    }
    case 'socket.listened': {
      const { role, local, err } = trace.at(seq);
      const model = modelOfRole(story.role(role)?.id);
      if (model !== null && local !== null && err === '') fold.listeners.set(formatEndpoint(local), model);
      return;
    }
    case 'socket.sampled': {
      const { t, b, local, text } = trace.at(seq);
      const model = local === null || text !== 'LISTEN' ? undefined : fold.listeners.get(formatEndpoint(local));
      // A table that does not tell of queues (Windows) says -1.
      if (model !== undefined && b >= 0) add(fold.queues, model, { t, depth: b });
      return;
    }
    case 'connect.started': {
      const fact = trace.at(seq);
      enter(fold, story, fact, fact.remote === null ? '' : formatEndpoint(fact.remote));
      return mark(fold, fact, 'connect');
    }
    case 'connect.ended': return connected(fold, trace.at(seq));
    case 'connection.accepted': return accepted(fold, trace.at(seq));
    case 'socket.closed': return closed(fold, trace.at(seq));
    default:
  }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

const number = (value: unknown, least = 0): number => (typeof value === 'number' && Number.isFinite(value) ? Math.max(value, least) : least);

function takeNote(fold: Fold, story: Pick<Story, 'role'>, fact: Fact): void {
  const note: Note | null = parseNote(fact.text);
  const { t, seq, role } = fact;
  switch (note?.topic) {
    case 'model.begin':
      if (!SERVER_MODELS.includes(note.model)) return;
      fold.runs.push({
        index: fold.runs.length, model: note.model, clients: number(note.clients), requests: number(note.requests), think: number(note.think), work: number(note.work), role, begin: t, beginSeq: seq, end: null, people: [], marks: [],
      });
      return;
    case 'model.end': {
      const run = fold.runs.findLast((one) => one.role === role && one.model === note.model && one.end === null);
      if (run !== undefined) run.end = { t, seq, ms: number(note.ms) };
      return;
    }
    case 'service.asked':
      enter(fold, story, fact, String(note.to));
      return mark(fold, fact, 'asked');
    case 'service.ended': return mark(fold, fact, note.how === 'ok' || note.how === 'slow' ? 'answered' : 'lost', number(note.ms), note.how);
    case 'process.sampled': {
      const model = modelOfRole(story.role(role)?.id);
      if (model !== null) add(fold.samples, model, { t, memory: number(note.memory), threads: number(note.threads), processes: number(note.processes), open: number(note.open) });
      return;
    }
    default:
  }
}

/** A client that comes to `to` belongs to the crowd that is there now; one that nobody sent belongs to none. */
function enter(fold: Fold, story: Pick<Story, 'role'>, { role }: Fact, to: string): void {
  if (fold.places.has(role) || story.role(role)?.kind !== 'client') return;
  const there = fold.listeners.get(to);
  const open = fold.runs.filter((run) => run.end === null && run.role !== role);
  const run = open.findLast(({ model }) => model === there) ?? (there === undefined ? open.at(-1) : undefined);
  if (run === undefined) return;
  fold.places.set(role, { run, client: run.people.length });
  run.people.push(role);
}

function mark(fold: Fold, { t, seq, role }: Pick<Fact, 't' | 'seq' | 'role'>, what: MarkWhat, ms = 0, how: ServiceOutcome | null = null): void {
  const place = fold.places.get(role);
  place?.run.marks.push({ t, seq, client: place.client, what, ms, how: what === 'lost' ? how : null });
}

function connected(fold: Fold, fact: Fact): void {
  if (!fold.places.has(fact.role)) return;
  if (fact.err !== '') return mark(fold, fact, 'failed');
  mark(fold, fact, 'connected');
  if (fact.local === null) return;
  const near = formatEndpoint(fact.local);
  fold.near.set(near, fact.role);
  fold.nearOfSock.set(fact.sock, near);
  const before = fold.accepts.get(near);
  if (before === undefined) return;
  // The server's process was quicker to tell.
  fold.accepts.delete(near);
  mark(fold, { ...before, role: fact.role }, 'accepted');
}

function accepted(fold: Fold, { t, seq, a, remote }: Fact): void {
  if (remote === null) return;
  const near = formatEndpoint(remote);
  const client = fold.near.get(near);
  if (client !== undefined) return mark(fold, { t, seq, role: client }, 'accepted');
  fold.accepts.set(near, { t, seq });
  fold.nearOfSock.set(a, near);
}

function closed(fold: Fold, fact: Fact): void {
  const near = fold.nearOfSock.get(fact.sock);
  if (near !== undefined) {
    fold.nearOfSock.delete(fact.sock);
    if (fold.near.get(near) === fact.role) fold.near.delete(near);
    else fold.accepts.delete(near);
  }
  mark(fold, fact, 'closed');
}
