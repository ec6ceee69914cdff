// How long a capture is.

import type { CaptureSummary } from '../../../shared/packets/session';

/** ns from the earliest to the latest packet; 0 without any. */
export function captureSpan(summary: Pick<CaptureSummary, 'first' | 'last'> | null): number {
  const { first = null, last = null } = summary ?? {};
  return first === null || last === null ? 0 : (last[0] - first[0]) * 1e9 + (last[1] - first[1]);
}
