// Are the matchers of a lab's steps and predictions matchers? Each asks for one thing, and a display filter is one: what is wrong is told with its
// place, to the lab's author. Asked when a lab is loaded (electron/runtime/discovery.ts); whether something is ever found the lab's test tells.

import { parseFilter } from '../filter/parse';
import type { Matcher } from '../trace/match';
import { matchersOf } from './matchers';
import type { LabManifest } from './manifest';

const SORTS = ['fact', 'segment', 'app', 'filter'] as const satisfies readonly (keyof Matcher)[];
/** What says nothing of a packet: it is asked in the filter. */
const NOT_OF_PACKETS = ['has', 'trouble', 'err', 'text', 'short'] as const satisfies readonly (keyof Matcher)[];

/** What is wrong, one sentence each; empty when nothing is. */
export function checkMatchers(manifest: Pick<LabManifest, 'steps' | 'predictions'>): string[] {
  return matchersOf(manifest).flatMap(({ where, matcher }) => faultsOf(matcher).map((fault) => `${where}: ${fault}`));
}

function faultsOf(matcher: Matcher): string[] {
  const given = SORTS.filter((sort) => matcher[sort] !== undefined);
  if (given.length !== 1) return [`a matcher has one of ${SORTS.join(', ')}, not ${given.length === 0 ? 'none' : given.join(' and ')}`];
  if (matcher.filter === undefined) return matcher.captured === undefined ? [] : ['only packets are captured: "captured" stands beside "filter"'];
  const odd = NOT_OF_PACKETS.filter((name) => matcher[name] !== undefined).map((name) => `"${name}" says nothing of packets: ask it in the filter`);
  return [...odd, ...faultsOfFilter(matcher.filter)];
}

function faultsOfFilter(filter: string): string[] {
  const parsed = parseFilter(filter);
  if (!('error' in parsed)) return parsed.ok === null ? ['the filter is empty'] : [];
  const { at, length, message } = parsed.error;
  return [`the filter is wrong at ${at}: ${message}\n  ${filter}\n  ${' '.repeat(at)}${'^'.repeat(Math.max(length, 1))}`];
}
