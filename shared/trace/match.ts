// Conditions over a trace as data: lesson steps advance on them and predictions are judged by them, live or on a saved run.

import type { EventKind } from './event';
import type { SegmentKind } from './story';

/** Finds facts or segments. Every given property must hold. */
export interface Matcher {
  /** A fact of this kind, or a segment of this kind. Exactly one of the two is given. */
  readonly fact?: EventKind;
  readonly segment?: SegmentKind;
  /** Id of the role that made the fact, or that sent the segment; a trailing '*' matches any ending ('client*'). */
  readonly role?: string;
  /** Id of the role that the segment goes to. */
  readonly to?: string;
  /** errno name, '' for success, '*' for any failure. */
  readonly err?: string;
  /** Part of the fact's text. */
  readonly text?: string;
  /** Which of the matches, from 1; default the first. */
  readonly nth?: number;
}

/** A number taken from the trace. `count`: how many match; `bytes`: the sum of their sizes. */
export type Quantity = number | { readonly count: Matcher } | { readonly bytes: Matcher };

export type Condition =
  | { readonly exists: Matcher }
  | { readonly compare: '<' | '<=' | '=' | '!=' | '>=' | '>'; readonly left: Quantity; readonly right: Quantity }
  | { readonly before: readonly [Matcher, Matcher] }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly always: true };
