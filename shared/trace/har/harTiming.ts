// Where the time of a HAR's entry went, as spans: a HAR gives how long each step took, and that they follow one another.

import { micros } from '../../base/brand';
import type { ExchangeTiming, Span } from '../app/appStory';
import type { HarEntry } from './har';

/** A year: what claims to have taken longer is drawn as a year. In ms. */
const LONGEST = 366 * 86_400_000;
/** How far the sum of the steps may be from the entry's time and still be taken for it, in ms. */
const ABOUT = 1.5;

export interface HarTimes {
  readonly timing: ExchangeTiming;
  readonly start: number;
  readonly end: number;
}

/** `start`: of the entry, in µs of the trace. */
export function harTimes({ timings, time }: HarEntry, start: number): HarTimes {
  const { blocked, dns, connect, ssl, send, wait, receive } = timings;
  const secured = ssl === null ? null : Math.min(ssl, LONGEST);
  // The specification counts TLS into connect; some programs do not, which the sum then shows.
  const sum = (blocked ?? 0) + (dns ?? 0) + (connect ?? 0) + (send ?? 0) + (wait ?? 0) + (receive ?? 0);
  const apart = secured !== null && (connect === null || secured > connect || (Math.abs(sum - time) > ABOUT && Math.abs(sum + secured - time) < ABOUT));
  const plain = connect === null ? null : connect - (apart ? 0 : (secured ?? 0));
  let at = start;
  const step = (ms: number | null): Span | null => {
    if (ms === null) return null;
    const from = at;
    at += Math.min(ms, LONGEST) * 1000;
    return { start: micros(from), end: micros(at) };
  };
  const timing = { blocked: step(blocked), lookup: step(dns), connect: step(plain), tls: step(secured), send: step(send), wait: step(wait), receive: step(receive) };
  // Without a single step, all that is known is when it was over.
  const end = Object.values(timing).every((span) => span === null) ? start + Math.min(Math.max(time, 0), LONGEST) * 1000 : at;
  return { timing, start, end };
}
