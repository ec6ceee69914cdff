// The HTTP exchanges of an open capture: read in slices, so that other questions are heard meanwhile.

import { CaptureExchanges } from '../../../shared/packets/exchanges/captureExchanges';
import type { ExchangeList } from '../../../shared/packets/exchanges/exchange';
import type { MessagesInput } from '../../../shared/packets/follow/flowMessages';
import type { Breath } from './breath';

/** Packets that are read between two looks at the clock. */
const READ = 32;

/** Rejects with Superseded. */
export async function listExchanges(input: MessagesInput, breath: Pick<Breath, 'due' | 'take'>): Promise<ExchangeList> {
  const reader = new CaptureExchanges(input);
  while (!reader.advance(READ)) if (breath.due) await breath.take();
  return reader.list();
}
