// Where the time of one exchange went, as far as the playhead: its phases in order with shares of the whole. Pure; HAR's names.

import type { ExchangeTiming } from '../../../shared/trace/app/appStory';

export const PHASES = ['blocked', 'lookup', 'connect', 'tls', 'send', 'wait', 'receive'] as const satisfies readonly (keyof ExchangeTiming)[];
export type Phase = (typeof PHASES)[number];

export interface PhasePart {
  readonly phase: Phase;
  /** Of the whole bar, from 0 to 1. */
  readonly from: number;
  readonly share: number;
  /** µs so far. */
  readonly took: number;
  /** False while the playhead is within it. */
  readonly done: boolean;
}

/** Phases that have begun at `now`. The bar is as long as all phases that the trace knows, so that it fills as the playhead goes. */
export function timingParts(timing: ExchangeTiming, now: number): PhasePart[] {
  const spans = PHASES.flatMap((phase) => {
    const span = timing[phase];
    return span === null ? [] : [{ phase, ...span }];
  });
  const start = Math.min(...spans.map((span) => span.start));
  const whole = Math.max(...spans.map((span) => span.end)) - start;
  return spans.filter((span) => span.start <= now).map((span) => {
    const took = Math.min(span.end, now) - span.start;
    return { phase: span.phase, from: whole > 0 ? (span.start - start) / whole : 0, share: whole > 0 ? took / whole : 0, took, done: span.end <= now };
  });
}
