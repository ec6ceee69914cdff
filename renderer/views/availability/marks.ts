// The signs of the picture, the same on the canvas and in the legend: each outcome and each event has a shape of its own beside its colour.
// Path data in a box of 10 by 10 around the origin.

import type { ServiceOutcome } from '../../../shared/trace/notes';
import type { EventWhat } from './picture';

export type Tone = 'ok' | 'net' | 'bad' | 'ink2' | 'tra';

export interface Sign {
  readonly d: string;
  /** Filled, or drawn as a line. */
  readonly filled: boolean;
  readonly tone: Tone;
}

const CROSS = 'M-4 -4L4 4M4 -4L-4 4';

/** ok: a dot; slow: a diamond; refused: a cross; reset: a bolt; timeout: an hourglass; error: a triangle; cut: a bar that breaks off. */
export const OUTCOME_SIGNS: Readonly<Record<ServiceOutcome, Sign>> = {
  ok: { d: 'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z', filled: true, tone: 'ok' },
  slow: { d: 'M0 -5L5 0L0 5L-5 0z', filled: true, tone: 'net' },
  refused: { d: CROSS, filled: false, tone: 'bad' },
  reset: { d: 'M2 -6L-4.5 1H-0.5L-2 6L4.5 -1.5H0.5z', filled: true, tone: 'bad' },
  timeout: { d: 'M-4 -5H4L-4 5H4z', filled: false, tone: 'bad' },
  error: { d: 'M0 -5L5 4.5H-5z', filled: true, tone: 'bad' },
  cut: { d: 'M-5 -2.5H0V2.5H-5zM3 -5V5', filled: false, tone: 'bad' },
};

export const EVENT_SIGNS: Readonly<Record<EventWhat, Sign>> = {
  started: { d: 'M-3 -4.5L4 0L-3 4.5z', filled: false, tone: 'ink2' },
  restarted: { d: 'M-3 -4.5L4 0L-3 4.5z', filled: true, tone: 'ok' },
  killed: { d: CROSS, filled: false, tone: 'bad' },
  failed: { d: 'M0 -5L5 4.5H-5z', filled: false, tone: 'bad' },
  down: { d: 'M-4 -3H4L0 4z', filled: true, tone: 'bad' },
  up: { d: 'M-4 3H4L0 -4z', filled: true, tone: 'ok' },
  drain: { d: 'M-4 -4H4V0H-4zM-4 0V4H4V0', filled: false, tone: 'net' },
  drained: { d: 'M-4 -4H4V4H-4z', filled: false, tone: 'net' },
  undrain: { d: 'M-4 -4H4V4H-4z', filled: true, tone: 'ok' },
  none: { d: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0zM-3 3L3 -3', filled: false, tone: 'bad' },
  hangs: { d: 'M-3 -4V4M3 -4V4', filled: false, tone: 'bad' },
  resets: { d: 'M2 -6L-4.5 1H-0.5L-2 6L4.5 -1.5H0.5z', filled: true, tone: 'bad' },
  answers: { d: 'M-3 -4.5L4 0L-3 4.5z', filled: true, tone: 'ok' },
  failover: { d: 'M-4 4C-4 -3 0 -3 4 -3M1 -6L4 -3L1 0', filled: false, tone: 'tra' },
};
