// Answers conditions (match.ts) from a story and its trace: lesson steps advance on them, predictions are judged by them.
// Works on a growing trace and on a saved one alike; what has not happened yet does not hold.

import { never } from '../base/assert';
import type { AppStory } from './app/appStory';
import { appFinds } from './evaluateApp';
import { named, whoMatches } from './evaluateRoles';
import { KIND_CODE, type EventKind, type Fact } from './event';
import { record } from './foldHosts';
import type { PacketFinder } from './filtered/packetFinder';
import type { Condition, Matcher, Quantity } from './match';
import { TraceStore } from './store';
import type { Segment, Story } from './story';

/** Gives what looks for packets by filters, asked for by the first such matcher: it is loaded when it is needed. Null: not there (yet). */
export type FindPackets = () => PacketFinder | null;
const NO_PACKETS: FindPackets = () => null;

/** True when the condition holds of everything that the trace has so far. Without `app` no message of an application is found, without `packets` no packet. */
export function evaluate(condition: Condition, story: Story, trace: TraceStore, app: AppStory | null = null, packets = NO_PACKETS): boolean {
  if ('always' in condition) return true;
  if ('exists' in condition) return findMatch(condition.exists, story, trace, app, packets) !== null;
  if ('not' in condition) return !evaluate(condition.not, story, trace, app, packets);
  if ('all' in condition) return condition.all.every((one) => evaluate(one, story, trace, app, packets));
  if ('any' in condition) return condition.any.some((one) => evaluate(one, story, trace, app, packets));
  if ('before' in condition) {
    const [first, second] = condition.before.map((matcher) => findMatch(matcher, story, trace, app, packets));
    return first !== null && first !== undefined && second !== null && second !== undefined && first < second;
  }
  return compare(condition.compare, quantity(condition.left, story, trace, app, packets), quantity(condition.right, story, trace, app, packets));
}

function compare(how: '<' | '<=' | '=' | '!=' | '>=' | '>', left: number, right: number): boolean {
  if (Number.isNaN(left) || Number.isNaN(right)) return false; // not known (yet)
  switch (how) {
    case '<': return left < right;
    case '<=': return left <= right;
    case '=': return left === right;
    case '!=': return left !== right;
    case '>=': return left >= right;
    case '>': return left > right;
    default: return never(how);
  }
}

/** Index of the moment of the (nth) match in the order of the picture; null when there is none. */
export function findMatch(matcher: Matcher, story: Story, trace: TraceStore, app: AppStory | null = null, packets = NO_PACKETS): number | null {
  const nth = matcher.nth ?? 1;
  if (matcher.filter !== undefined) return packets()?.finds(matcher)[nth - 1]?.moment ?? null;
  if (matcher.app !== undefined) return appFinds(matcher, matcher.app, story, app)[nth - 1]?.moment ?? null;
  if (matcher.fact !== undefined) {
    let left = nth;
    for (const fact of facts(matcher, matcher.fact, story, trace)) if (--left === 0) return story.momentOfFact(fact.seq);
    return null;
  }
  // Segments come in order of discovery: the picture's order is that of their moments.
  const moments = [...segments(matcher, story, trace)].map((segment) => story.momentOfSegment(segment.id)).sort((one, other) => one - other);
  return moments[nth - 1] ?? null;
}

/**
 * A number, how many things match, or how many bytes they carry (a call that failed carried none); `nth` has no meaning there. A number
 * that a fact tells is NaN when there is no such fact, or no such number in it; packets are counted once all of them were looked at.
 */
export function quantity(given: Quantity, story: Story, trace: TraceStore, app: AppStory | null = null, packets = NO_PACKETS): number {
  if (typeof given === 'number') return given;
  if ('times' in given) return given.times * quantity(given.what, story, trace, app, packets);
  if ('number' in given) return numberTold(given.number, given.of, story, trace);
  if ('taken' in given) return takenUntil(given.taken, given.until, story, trace);
  const matcher = 'count' in given ? given.count : given.bytes;
  if (matcher.filter !== undefined) {
    const finder = packets();
    const found = finder?.finds(matcher) ?? [];
    return finder?.whole !== true ? Number.NaN : 'count' in given ? found.length : found.reduce((sum, { size }) => sum + size, 0);
  }
  if (matcher.app !== undefined) {
    const messages = appFinds(matcher, matcher.app, story, app);
    return 'count' in given ? messages.length : messages.reduce((sum, one) => sum + one.size, 0);
  }
  const found = matcher.fact === undefined ? segments(matcher, story, trace) : facts(matcher, matcher.fact, story, trace);
  let count = 0;
  let bytes = 0;
  for (const one of found) {
    count++;
    if (!('err' in one) || one.err === '') bytes += one.size;
  }
  return 'count' in given ? count : bytes;
}

/** Bytes that the kernel took at once. */
function takenUntil(sends: Matcher, until: Matcher, story: Story, trace: TraceStore): number {
  let sum = 0;
  if (sends.fact === undefined) return Number.NaN;
  const last = until.fact === undefined ? undefined : facts(until, until.fact, story, trace).next().value;
  for (const fact of facts(sends, sends.fact, story, trace)) {
    if (last instanceof Object && fact.seq > last.seq) break;
    sum += Math.max(0, fact.a);
  }
  return sum;
}

/** The number of that name in the JSON text of the nth fact that matches. */
function numberTold(name: string, matcher: Matcher, story: Story, trace: TraceStore): number {
  if (matcher.fact === undefined) return Number.NaN;
  let left = matcher.nth ?? 1;
  for (const fact of facts(matcher, matcher.fact, story, trace)) {
    if (--left > 0) continue;
    const value = record(fact.text)[name];
    return typeof value === 'number' ? value : Number.NaN;
  }
  return Number.NaN;
}

/** Facts that match and are steps of the picture, in order. Goes through the column of kinds: objects are made of candidates alone. */
function* facts(matcher: Matcher, kind: EventKind, story: Story, trace: TraceStore): Generator<Fact> {
  const roles = new Set(story.roles.filter((role) => named(matcher.role, role.id)).map((role) => role.index));
  const code = KIND_CODE[kind];
  const chunk = TraceStore.chunkRows;
  for (let first = 0; first < trace.count; first += chunk) {
    const kinds = trace.columnsOf(first / chunk).kind;
    const rows = Math.min(chunk, trace.count - first);
    for (let row = 0; row < rows; row++) {
      if (kinds[row] !== code) continue;
      const fact = trace.at(first + row);
      if ((matcher.role === undefined || roles.has(fact.role)) && factFits(matcher, fact) && story.momentOfFact(fact.seq) >= 0) yield fact;
    }
  }
}

/** Segments that match, in order of discovery. */
function* segments(matcher: Matcher, story: Story, trace: TraceStore): Generator<Segment> {
  for (let id = 0; id < story.segments.count; id++) {
    if (story.segmentKind(id) !== matcher.segment) continue;
    const segment = story.segments.at(id);
    if (segmentFits(matcher, segment, story, trace)) yield segment;
  }
}

/** Whether a fact has the matcher's errno, text and kind of result. */
export function factFits(matcher: Matcher, fact: Fact): boolean {
  if (matcher.err !== undefined && (matcher.err === '*' ? fact.err === '' : fact.err !== matcher.err)) return false;
  if (matcher.short !== undefined && (fact.kind !== 'bytes.sent' || matcher.short !== fact.a < fact.size)) return false;
  return matcher.text === undefined || fact.text.includes(matcher.text);
}

function segmentFits(matcher: Matcher, segment: Segment, story: Story, trace: TraceStore): boolean {
  if (!whoMatches(matcher.role, segment.fromSock, story) || !whoMatches(matcher.to, segment.toSock, story)) return false;
  if (matcher.err !== undefined || matcher.text !== undefined) {
    // A segment has no errno or text of its own: those of the call that sent it count.
    return segment.sentSeq !== null && factFits(matcher, trace.at(segment.sentSeq));
  }
  return true;
}
