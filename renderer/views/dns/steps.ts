// The steps of a lookup as the playhead goes through them: each query walks to a server, each answer comes back. The picture's trails and
// capsules and the list beside it are made from the same steps. Pure.

import type { Story } from '../../../shared/trace/story';
import { hasHappened } from '../../timeline/happened';
import type { AppMessage, AppStory, DnsExchange } from '../../../shared/trace/app/appStory';
import { senderHost, straysOf, type DnsNode, type Pair } from './layout';

export interface Step {
  /** The first one, where there are several. */
  readonly message: number;
  /** From 1, in the order in which they left. */
  readonly number: number;
  /** 'stray': an answer that belongs to no question that is open, such as a forged one. */
  readonly kind: 'query' | 'answer' | 'stray';
  readonly from: DnsNode | null;
  readonly to: DnsNode | null;
  /** Null for a stray answer. */
  readonly exchange: DnsExchange | null;
  /** Stray answers that came one after another; else 1. */
  readonly count: number;
  /** Why they were ignored; '' when nobody said. */
  readonly why: string;
  /** How far it has come: 0 just left, 1 arrived. */
  readonly progress: number;
  readonly arrived: boolean;
  /** It will never arrive: nothing ever read it. */
  readonly lost: boolean;
  /** Which of the messages in its direction between the same two boxes it is, from 0, and how many there are. */
  readonly lane: number;
  readonly lanes: number;
}

/** What one client wanted to know, and all the queries that this made. */
export interface Lookup {
  /** The message that began it. */
  readonly message: number;
  readonly name: string;
  readonly type: string;
  readonly from: number;
  /** Where the next one begins. */
  readonly until: number;
}

/** Lookups that have begun at `position`, oldest first. */
export function lookupsAt(story: Story, nodes: readonly DnsNode[], pairs: readonly Pair[], position: number): Lookup[] {
  const clients = new Set(nodes.filter(({ kind }) => kind === 'client').map(({ host }) => host));
  const firsts = pairs.filter((pair) => clients.has(pair.query.fromHost) && hasHappened(story, Math.floor(position), pair.query.sentSeq, pair.query.depart) && !isLaterStep(pair, pairs))
    .sort((one, other) => one.query.depart - other.query.depart);
  return firsts.map(({ query, exchange }, at) => ({ message: query.id, name: exchange.name, type: exchange.type, from: query.depart, until: firsts[at + 1]?.query.depart ?? Number.POSITIVE_INFINITY }));
}

/**
 * A client that does the whole lookup itself asks several servers, one without an answer asks again, and the address of a name server is
 * a lookup within the lookup: what lies before a later query of an earlier lookup of the same client belongs to that one.
 */
function isLaterStep({ query, exchange: { lookup, clientRole } }: Pair, pairs: readonly Pair[]): boolean {
  const own = pairs.filter((other) => lookup !== null && other.exchange.lookup !== null && other.exchange.clientRole === clientRole && other.query.id !== query.id);
  const earlier = new Set(own.filter((other) => other.query.depart < query.depart).map((other) => other.exchange.lookup));
  return earlier.has(lookup) || own.some((other) => other.query.depart > query.depart && other.exchange.lookup !== lookup && earlier.has(other.exchange.lookup));
}

type Sent = Omit<Step, 'number' | 'lane' | 'lanes'> & { readonly depart: number };

/** The messages of one lookup, those that resolvers send while they work on it too; without one, of all that has happened. */
export function stepsAt(story: Story, app: AppStory, nodes: readonly DnsNode[], pairs: readonly Pair[], position: number, lookup: Lookup | null): Step[] {
  const whole = Math.floor(position);
  const nodeOf = (host: number): DnsNode | null => nodes.find((node) => node.host === host) ?? null;
  const within = (message: AppMessage): boolean => hasHappened(story, whole, message.sentSeq, message.depart) && (lookup === null || (message.depart >= lookup.from && message.depart < lookup.until));
  const sent = (message: AppMessage, kind: Step['kind'], exchange: DnsExchange | null): Sent => ({
    message: message.id, kind, from: nodeOf(senderHost(story, message)), to: nodeOf(message.toHost), exchange, count: 1, why: '', depart: message.depart, ...travel(story, position, message.sentSeq, message.arriveSeq),
  });
  const steps = pairs.flatMap(({ query, answer, exchange }) => [...(within(query) ? [sent(query, 'query', exchange)] : []), ...(answer !== null && within(answer) ? [sent(answer, 'answer', exchange)] : [])]);
  const strays = straysOf(app, pairs).filter(within).map((message) => ({ ...sent(message, 'stray', null), why: reasonAfter(app, message) }));
  const all = together([...steps, ...strays].sort((one, other) => one.depart - other.depart));
  const lanes = new Map<string, number>();
  const keyOf = ({ from, to }: Sent): string => `${from?.host ?? ''} ${to?.host ?? ''}`;
  const placed = all.map((step, index) => {
    const lane = lanes.get(keyOf(step)) ?? 0;
    lanes.set(keyOf(step), lane + 1);
    return { ...step, lane, number: index + 1 };
  });
  return placed.map((step) => ({ ...step, lanes: lanes.get(keyOf(step)) ?? 1 }));
}

/** A flood of stray answers is one step. */
function together(sent: readonly Sent[]): Sent[] {
  const steps: Sent[] = [];
  for (const step of sent) {
    const before = steps.at(-1);
    if (before?.kind === 'stray' && step.kind === 'stray' && before.from === step.from && before.to === step.to) steps[steps.length - 1] = { ...before, count: before.count + 1, progress: step.progress, arrived: step.arrived, why: step.why || before.why };
    else steps.push(step);
  }
  return steps;
}

/** What the receiver noted about a stray answer: its first remark after reading it. */
function reasonAfter(app: AppStory, { arriveSeq, to }: AppMessage): string {
  if (arriveSeq === null) return '';
  const note = app.notes.find((one) => one.seq > arriveSeq && one.note.topic === 'dns.ignored');
  return note?.note.topic === 'dns.ignored' && to.port > 0 ? note.note.why : '';
}

function travel(story: Story, position: number, sentSeq: number, arriveSeq: number | null): Pick<Step, 'progress' | 'arrived' | 'lost'> {
  const left = story.momentOfFact(sentSeq);
  if (arriveSeq === null) return { progress: 0.5, arrived: false, lost: true };
  const came = story.momentOfFact(arriveSeq);
  if (left < 0 || came < 0 || came <= left) return { progress: 1, arrived: true, lost: false };
  const progress = Math.min(1, Math.max(0, (position - left - 1) / (came - left)));
  return { progress, arrived: position >= came + 1, lost: false };
}
