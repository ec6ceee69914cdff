// The HTTP exchanges of an open capture, or those that a filter lets through: read in slices, so that other questions are heard meanwhile. What is
// read stays with its reader: another filter only chooses anew.

import type { CaptureExchanges } from '../../../shared/packets/exchanges/captureExchanges';
import type { ChosenExchanges, Exchange } from '../../../shared/packets/exchanges/exchange';
import type { Breath } from './breath';
import type { PacketTest } from './viewFilter';

/** Packets that are read, or tested, between two looks at the clock. */
const READ = 32;

/** `test` null: all of them. Rejects with Superseded. */
export async function listExchanges(reader: CaptureExchanges, test: PacketTest | null, breath: Pick<Breath, 'due' | 'take'>): Promise<ChosenExchanges> {
  while (!reader.advance(READ)) if (breath.due) await breath.take();
  const list = reader.list();
  const all = list.exchanges.length;
  if (test === null) return { ...list, all };
  const exchanges: Exchange[] = [];
  let tested = 0;
  for (const exchange of list.exchanges) {
    for (const packet of reader.packetsOf(exchange)) {
      if (++tested % READ === 0 && breath.due) await breath.take();
      if (!test(packet)) continue;
      exchanges.push(exchange);
      break;
    }
  }
  return { ...list, exchanges, all };
}
