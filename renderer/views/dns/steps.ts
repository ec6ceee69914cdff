// The steps of a lookup as the playhead goes through them: each query walks to a server, each answer comes back. The picture's trails and
// capsules and the list beside it are made from the same steps. Pure.

import type { Story } from '../../../shared/trace/story';
import { hasHappened } from '../../timeline/happened';
import type { DnsNode, Pair } from './layout';

export interface Step {
  readonly message: number;
  /** From 1, in the order in which they left. */
  readonly number: number;
  readonly kind: 'query' | 'answer';
  readonly from: DnsNode | null;
  readonly to: DnsNode | null;
  readonly pair: Pair;
  /** How far it has come: 0 just left, 1 arrived. */
  readonly progress: number;
  readonly arrived: boolean;
  /** It will never arrive: nothing ever read it. */
  readonly lost: boolean;
  /** Which exchange of the same two boxes it belongs to, from 0, and how many there are. */
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
  const past = pairs.filter(({ query }) => hasHappened(story, Math.floor(position), query.sentSeq, query.depart));
  const clients = new Set(nodes.filter(({ kind }) => kind === 'client').map(({ host }) => host));
  const firsts = past.filter((pair) => clients.has(pair.query.fromHost) && !isLaterStep(pair, past)).sort((one, other) => one.query.depart - other.query.depart);
  return firsts.map(({ query, exchange }, at) => ({ message: query.id, name: exchange.name, type: exchange.type, from: query.depart, until: firsts[at + 1]?.query.depart ?? Number.POSITIVE_INFINITY }));
}

/** The messages of one lookup, those that resolvers send while they work on it too; without one, of all that has happened. */
export function stepsAt(story: Story, nodes: readonly DnsNode[], pairs: readonly Pair[], position: number, lookup: Lookup | null): Step[] {
  const whole = Math.floor(position);
  const nodeOf = (host: number): DnsNode | null => nodes.find((node) => node.host === host) ?? null;
  const steps: Omit<Step, 'number' | 'lanes'>[] = [];
  const lanes = new Map<string, number>();
  const mine = pairs.filter(({ query }) => hasHappened(story, whole, query.sentSeq, query.depart) && (lookup === null || (query.depart >= lookup.from && query.depart < lookup.until)));
  for (const pair of [...mine].sort((one, other) => one.query.depart - other.query.depart)) {
    const { query, answer } = pair;
    const lane = lanes.get(between(query.fromHost, query.toHost)) ?? 0;
    lanes.set(between(query.fromHost, query.toHost), lane + 1);
    steps.push({ message: query.id, kind: 'query', from: nodeOf(query.fromHost), to: nodeOf(query.toHost), pair, lane, ...travel(story, position, query.sentSeq, query.arriveSeq) });
    if (answer === null || !hasHappened(story, whole, answer.sentSeq, answer.depart)) continue;
    steps.push({ message: answer.id, kind: 'answer', from: nodeOf(answer.fromHost), to: nodeOf(answer.toHost), pair, lane, ...travel(story, position, answer.sentSeq, answer.arriveSeq) });
  }
  const departed = (step: Omit<Step, 'number' | 'lanes'>): number => (step.kind === 'query' ? step.pair.query.depart : (step.pair.answer?.depart ?? 0));
  return steps.sort((one, other) => departed(one) - departed(other)).map((step, index) => ({ ...step, number: index + 1, lanes: lanes.get(between(step.pair.query.fromHost, step.pair.query.toHost)) ?? 1 }));
}

const between = (one: number, other: number): string => [one, other].sort((a, b) => a - b).join('-');

/** A client that does the whole lookup itself asks several servers, and one without an answer asks again: a lookup begins with the first query. */
function isLaterStep(pair: Pair, past: readonly Pair[]): boolean {
  const { lookup } = pair.exchange;
  return lookup !== null && past.some((other) => other.exchange.lookup === lookup && other.exchange.clientRole === pair.exchange.clientRole && other.query.depart < pair.query.depart);
}

function travel(story: Story, position: number, sentSeq: number, arriveSeq: number | null): Pick<Step, 'progress' | 'arrived' | 'lost'> {
  const left = story.momentOfFact(sentSeq);
  if (arriveSeq === null) return { progress: 0.5, arrived: false, lost: true };
  const came = story.momentOfFact(arriveSeq);
  if (left < 0 || came < 0 || came <= left) return { progress: 1, arrived: true, lost: false };
  const progress = Math.min(1, Math.max(0, (position - left - 1) / (came - left)));
  return { progress, arrived: position >= came + 1, lost: false };
}
