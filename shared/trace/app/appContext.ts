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

/** Reads one direction of a stream as one protocol. Bytes come in order, without gaps but those that it could skip. */
export interface Dissector {
  feed(bytes: Uint8Array, offset: number): void;
  /** The trace lacks `size` bytes here: how many of them it can do without (a body whose length is known). */
  skip(size: number, offset: number): number;
  /** Bytes are missing that it cannot do without, and will not come: nothing more is read. */
  gap(): void;
  /** Nothing more comes. `clean`: the sender has ended the stream in order. */
  end(clean: boolean): void;
}

/** What is said of a message that a gap in the trace cuts off. */
export const MISSING = 'bytes are missing from the trace';
