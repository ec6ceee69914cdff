// How long an answer is fresh and how old it is (RFC 9111 4.2). Pure arithmetic on headers and clocks; times in ms, ages and lifetimes
// in seconds, as HTTP has them.

import { cacheControlOf, MAX_SECONDS, secondsOf } from './cacheControl';
import { valueOf, valuesOf, type HeaderLines } from './headers';
import { parseDate } from './httpDate';

/** A browser's cache serves one user; a proxy's serves many. */
export type CacheKind = 'private' | 'shared';

/** RFC 9110 15.1: statuses that may be reused without being told so. */
const HEURISTIC = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);
/** RFC 9111 4.2.2 suggests a tenth of the time since the last change. */
const HEURISTIC_FRACTION = 0.1;
const HEURISTIC_LIMIT = 24 * 60 * 60;

export const isHeuristic = (status: number): boolean => HEURISTIC.has(status);

export interface Lifetime {
  readonly seconds: number;
  readonly from: 's-maxage' | 'max-age' | 'expires' | 'heuristic' | 'none';
}

/** The freshness lifetime (RFC 9111 4.2.1), and which field gave it. `receivedAt` stands in where the answer has no Date. */
export function lifetimeOf(answer: { readonly status: number; readonly headers: HeaderLines }, kind: CacheKind, receivedAt: number): Lifetime {
  const directives = cacheControlOf(answer.headers, 'response');
  const shared = kind === 'shared' ? secondsOf(directives, 's-maxage') : null;
  if (shared !== null) return { seconds: shared, from: 's-maxage' };
  const age = secondsOf(directives, 'max-age');
  if (age !== null) return { seconds: age, from: 'max-age' };
  const date = dateOf(answer.headers) ?? receivedAt;
  const [expires, ...more] = valuesOf(answer.headers, 'expires');
  if (expires !== undefined) {
    // What is no date, "0" above all, is in the past (RFC 9111 5.3); two of them contradict each other.
    const end = more.length > 0 ? null : parseDate(expires);
    return { seconds: end === null ? 0 : clamp((end - date) / 1000), from: 'expires' };
  }
  const modified = parseDate(valueOf(answer.headers, 'last-modified') ?? '');
  if (modified === null || !(isHeuristic(answer.status) || directives.has('public'))) return { seconds: 0, from: 'none' };
  return { seconds: Math.min(clamp(((date - modified) / 1000) * HEURISTIC_FRACTION), HEURISTIC_LIMIT), from: 'heuristic' };
}

/** When what was asked for was asked, and when the answer had come; ms of this cache's clock. */
export interface Timing {
  readonly requestTime: number;
  readonly responseTime: number;
}

/** The current age in whole seconds (RFC 9111 4.2.3), as its formulas name the parts. */
export function ageOf(headers: HeaderLines, { requestTime, responseTime }: Timing, now: number): number {
  const date = dateOf(headers) ?? responseTime;
  const ageValue = Math.min(Number(/^\d+$/.exec(valueOf(headers, 'age')?.split(',')[0]?.trim() ?? '')?.[0] ?? 0), MAX_SECONDS);
  const apparentAge = Math.max(0, (responseTime - date) / 1000);
  const responseDelay = (responseTime - requestTime) / 1000;
  const correctedAgeValue = ageValue + responseDelay;
  const correctedInitialAge = Math.max(apparentAge, correctedAgeValue);
  const residentTime = (now - responseTime) / 1000;
  return clamp(correctedInitialAge + residentTime);
}

const dateOf = (headers: HeaderLines): number | null => parseDate(valueOf(headers, 'date') ?? '');

const clamp = (seconds: number): number => Math.min(Math.max(Math.floor(seconds), 0), MAX_SECONDS);
