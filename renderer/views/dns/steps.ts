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
}

/** Queries of a client that begins a lookup; those that resolvers send while they work on it follow. */
export function stepsAt(story: Story, nodes: readonly DnsNode[], pairs: readonly Pair[], position: number): Step[] {
  const whole = Math.floor(position);
  const nodeOf = (host: number): DnsNode | null => nodes.find((node) => node.host === host) ?? null;
  const past = pairs.filter(({ query }) => hasHappened(story, whole, query.sentSeq, query.depart));
  const first = past.findLast((pair) => nodeOf(pair.query.fromHost)?.kind === 'client' && !isStepOfIterative(pair, past));
  const from = first === undefined ? 0 : first.query.depart;
  const steps: Omit<Step, 'number'>[] = [];
  for (const pair of past) {
    const { query, answer } = pair;
    if (query.depart < from) continue;
    steps.push({ message: query.id, kind: 'query', from: nodeOf(query.fromHost), to: nodeOf(query.toHost), pair, ...travel(story, position, query.sentSeq, query.arriveSeq) });
    if (answer === null || !hasHappened(story, whole, answer.sentSeq, answer.depart)) continue;
    steps.push({ message: answer.id, kind: 'answer', from: nodeOf(answer.fromHost), to: nodeOf(answer.toHost), pair, ...travel(story, position, answer.sentSeq, answer.arriveSeq) });
  }
  const departed = (step: Omit<Step, 'number'>): number => (step.kind === 'query' ? step.pair.query.depart : (step.pair.answer?.depart ?? 0));
  return steps.sort((one, other) => departed(one) - departed(other)).map((step, index) => ({ ...step, number: index + 1 }));
}

/** A client that does the whole lookup itself asks several servers: its lookup begins with the first of them. */
function isStepOfIterative(pair: Pair, past: readonly Pair[]): boolean {
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
