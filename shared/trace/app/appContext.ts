// The tables that the parts of the application fold share. Made once by AppBuilder.

import type { TraceStore } from '../store';
import type { Story } from '../story';
import type { DnsFold } from './dnsFold';
import type { ExchangeTable } from './exchangeTable';
import type { AppLimits } from './limits';
import type { Lookups } from './lookups';
import type { MessageTable } from './messageTable';
import type { Ports } from './ports';
import type { SessionTable } from './sessionTable';

export interface AppContext {
  readonly trace: TraceStore;
  readonly story: Story;
  readonly limits: AppLimits;
  readonly messages: MessageTable;
  readonly exchanges: ExchangeTable;
  readonly sessions: SessionTable;
  readonly dns: DnsFold;
  readonly lookups: Lookups;
  /** Which ports stand for well-known ones; asked when the lab has said it. */
  ports(): Ports;
}

/** What is said of a message that a gap in the trace cuts off. */
export const MISSING = 'bytes are missing from the trace';
