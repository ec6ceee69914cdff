// The HTTP exchanges of an open capture, or those that a filter lets through: read in slices, so that other questions are heard meanwhile. What is
// read stays with its reader: another filter only chooses anew.

import type { CaptureExchanges } from '../../../shared/packets/exchanges/captureExchanges';
import type { ChosenExchanges, Exchange } from '../../../shared/packets/exchanges/exchange';
import type { Breath } from './breath';
import { toldOf, type Step } from './step';

/** Packets that are read, or tested, between two looks at the clock. */
const READ = 32;

/** Of packets: not asked for, asked for, and the filter fits. */
const MARK = { none: 0, asked: 1, fits: 2 } as const;

/** `fits` null: all of them. Rejects with Superseded. */
export async function listExchanges(reader: CaptureExchanges, fits: Step<boolean> | null, breath: Pick<Breath, 'due' | 'take'>): Promise<ChosenExchanges> {
  while (!reader.advance(READ)) if (breath.due) await breath.take();
  const list = reader.list();
  const all = list.exchanges.length;
  if (fits === null) return { ...list, all };
  // Exchanges of a connection may lie across each other; its packets are asked in their order, each once.
  const marks = new Uint8Array(reader.packets);
  for (const exchange of list.exchanges) {
    for (const packet of reader.packetsOf(exchange)) marks[packet] = MARK.asked;
    if (breath.due) await breath.take();
  }
  for (const [packet, mark] of marks.entries()) {
    if (mark === MARK.asked && (fits(packet) ?? await toldOf(fits, packet, breath))) marks[packet] = MARK.fits;
    if (packet % READ === 0 && breath.due) await breath.take();
  }
  const exchanges: Exchange[] = [];
  for (const exchange of list.exchanges) {
    for (const packet of reader.packetsOf(exchange)) {
      if (marks[packet] !== MARK.fits) continue;
      exchanges.push(exchange);
      break;
    }
    if (breath.due) await breath.take();
  }
  return { ...list, exchanges, all };
}
