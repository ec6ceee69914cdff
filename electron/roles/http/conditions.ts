// Conditional requests (RFC 9110 13): is the client's copy still the current one, or has what it wants to change been changed?

import { elementsOf, valueOf, valuesOf } from './headers';
import { parseDate } from './httpDate';
import type { HttpRequest } from './message';

export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

const opaque = (tag: string): string => tag.replace(/^W\//, '');

/** RFC 9110 8.8.3.2: weakly the opaque parts are compared; strongly neither may be weak. */
export const sameTag = (one: string, other: string, strong: boolean): boolean => opaque(one) === opaque(other) && !(strong && (one.startsWith('W/') || other.startsWith('W/')));

/** 304, 412, or null when the request is to be answered as if it had no condition. Order of RFC 9110 13.2.2. */
export function conditionOf(request: Pick<HttpRequest, 'method' | 'headers'>, { etag, lastModified }: Validators): 304 | 412 | null {
  const safe = request.method === 'GET' || request.method === 'HEAD';
  const date = (name: string): number | null => {
    const values = valuesOf(request.headers, name);
    return values.length === 1 ? parseDate(values[0] ?? '') : null;
  };
  const modified = lastModified === null ? null : parseDate(lastModified);
  if (valueOf(request.headers, 'if-match') !== null) {
    const tags = elementsOf(request.headers, 'if-match');
    if (!tags.includes('*') && (etag === null || !tags.some((tag) => sameTag(tag, etag, true)))) return 412;
  } else {
    const since = date('if-unmodified-since');
    if (since !== null && modified !== null && modified > since) return 412;
  }
  if (valueOf(request.headers, 'if-none-match') !== null) {
    const tags = elementsOf(request.headers, 'if-none-match');
    if (tags.includes('*') || (etag !== null && tags.some((tag) => sameTag(tag, etag, false)))) return safe ? 304 : 412;
    return null; // If-Modified-Since does not count beside If-None-Match
  }
  const since = date('if-modified-since');
  return safe && since !== null && modified !== null && modified <= since ? 304 : null;
}
