// How many packets of the whole file a filter finds: one interval as long as the file, whose sum is the number. For filters that columns answer, or
// files that are small enough to be looked into.

import { CAPTURE_ASK_LIMITS } from '../../../shared/ipc/captureContract';
import type { CaptureSummary } from '../../../shared/packets/session';
import type { useCaptureFile } from '../../stores/captureFile';

/** Who asks: ns more. Questions of one interval end each other, so that each of these has its own, far enough from the next for no rounding to swallow. */
const ASKERS = { overview: 0, legend: 1e6, own: 2e6 } as const;

/** ns from the earliest to the latest packet. */
export const spanOf = ({ first, last }: Pick<CaptureSummary, 'first' | 'last'>): number => (first === null || last === null ? 0 : (last[0] - first[0]) * 1e9 + (last[1] - first[1]));

/** In the order of the filters. Rejects as the session does. */
export async function countPackets(file: ReturnType<typeof useCaptureFile>, filters: readonly string[], asker: keyof typeof ASKERS): Promise<readonly number[]> {
  const most = CAPTURE_ASK_LIMITS.interval;
  const interval = Math.min(Math.max((file.summary === null ? 0 : spanOf(file.summary)) * 2, 1e9), most - ASKERS.own) + ASKERS[asker];
  const counts: number[] = [];
  for (let from = 0; from < filters.length; from += CAPTURE_ASK_LIMITS.filters) {
    const part = filters.slice(from, from + CAPTURE_ASK_LIMITS.filters);
    const found = (await file.ask({ name: 'ioGraph', request: { interval, filters: part } })).filter(({ name }) => name === 'filter');
    counts.push(...part.map((_filter, at) => (found[at]?.y ?? []).reduce((sum, value) => sum + value, 0)));
  }
  return counts;
}
