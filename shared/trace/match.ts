// Conditions over a trace as data: lesson steps advance on them and predictions are judged by them, live or on a saved run.

import type { EventKind } from './event';
import type { SegmentKind } from './story';

/**
 * What the bytes mean to a program (app/appStory.ts), by its summary ('GET /api/user', '404 Not Found', 'A www.example.test',
 * 'A www.example.test: 127.0.40.1', 'Client Hello', 'RST_STREAM[3] CANCEL', 'Have 7', 'Announce Request started'). Requests and responses are those of either HTTP version.
 */
export type AppSort = 'http.request' | 'http.response' | 'dns.query' | 'dns.answer' | 'tls.message' | 'http2.frame' | 'bittorrent.message' | 'tracker.message';

/** Finds facts, segments, messages of applications or packets. Every given property must hold. */
export interface Matcher {
  /** A fact of this kind, a segment of this kind, a message of this sort, or a packet that this filter fits. Exactly one of the four is given. */
  readonly fact?: EventKind;
  readonly segment?: SegmentKind;
  /** A display filter (shared/filter) over the run's packets: the kernel's where they were captured, elsewhere those rebuilt from what the calls told. */
  readonly filter?: string;
  /** True: only packets that the kernel gave; false: only those that were rebuilt. */
  readonly captured?: boolean;
  /** Found once it is whole, or as far as it is malformed. */
  readonly app?: AppSort;
  /** Part of the message's summary. */
  readonly has?: string;
  /** True: only messages of trouble (4xx and 5xx, NXDOMAIN, alerts, malformed ones ...); false: only the others. */
  readonly trouble?: boolean;
  /** Id of the role that made the fact, or that sent the segment, message or packet; a trailing '*' matches any ending ('client*'). */
  readonly role?: string;
  /** Id of the role that the segment, message or packet goes to. */
  readonly to?: string;
  /** errno name, '' for success, '*' for any failure. */
  readonly err?: string;
  /** Part of the fact's text. */
  readonly text?: string;
  /** True: of sends, only those of which the kernel did not take all at once (it took less, or refused); false: only the others. */
  readonly short?: boolean;
  /** Which of the matches, from 1; default the first. */
  readonly nth?: number;
}

/**
 * A number taken from the trace. `count`: how many match; `bytes`: the sum of their sizes (of packets: of their transport's payload); `number`: that field of the JSON text of the (nth)
 * fact that matches, not known (and so in no comparison) without one; `taken`: bytes that the kernel took at once of those sends, up to and with
 * the first fact that matches `until` (of all of them without one); `times`: so many times another.
 */
export type Quantity =
  | number
  | { readonly count: Matcher }
  | { readonly bytes: Matcher }
  | { readonly number: string; readonly of: Matcher }
  | { readonly taken: Matcher; readonly until: Matcher }
  | { readonly times: number; readonly what: Quantity };

export type Condition =
  | { readonly exists: Matcher }
  | { readonly compare: '<' | '<=' | '=' | '!=' | '>=' | '>'; readonly left: Quantity; readonly right: Quantity }
  | { readonly before: readonly [Matcher, Matcher] }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly always: true };
