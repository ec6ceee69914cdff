// Cache-Control as data (RFC 9111 5.2). Unknown directives are kept: nobody acts on them.

import { splitOutsideQuotes, unquote, valueOf, valuesOf, type HeaderLines } from './headers';

/** Directive -> argument, '' when it has none. The first of two counts. */
export type CacheControl = ReadonlyMap<string, string>;

/** Longest age or lifetime that is told apart: 2^31 s (RFC 9111 1.2.2). */
export const MAX_SECONDS = 2 ** 31;

/** The directives of a message; `Pragma: no-cache` of a request counts where it has no Cache-Control (RFC 9111 5.4). */
export function cacheControlOf(headers: HeaderLines, of: 'request' | 'response'): CacheControl {
  const directives = new Map<string, string>();
  for (const element of valuesOf(headers, 'cache-control').flatMap((value) => splitOutsideQuotes(value, ','))) {
    const equals = element.indexOf('=');
    const name = (equals < 0 ? element : element.slice(0, equals)).trim().toLowerCase();
    if (name !== '' && !directives.has(name)) directives.set(name, equals < 0 ? '' : unquote(element.slice(equals + 1).trim()));
  }
  if (of === 'request' && directives.size === 0 && /\bno-cache\b/i.test(valueOf(headers, 'pragma') ?? '')) directives.set('no-cache', '');
  return directives;
}

/** The seconds of a directive; null when it is absent; 0 when its argument is no number, for a stale answer is safer than a wrong one. */
export function secondsOf(directives: CacheControl, name: string): number | null {
  const argument = directives.get(name);
  if (argument === undefined) return null;
  return /^\d+$/.test(argument) ? Math.min(Number(argument), MAX_SECONDS) : 0;
}
