// Questions about single packets that may take long, as a packet's flow is read before it: asked a step at a time, so that others are heard meanwhile.

import type { DissectedPacket, PacketDissector } from '../../../shared/packets/dissector';
import type { Breath } from './breath';

/** Packets that are read in one step. */
const READ = 256;

/** Null: some of what the answer needs was read, ask again. */
export type Step<T> = (packet: number) => T | null;

/** Reads of the packets before one in its flow; true: all of them are. */
export const preparedBy = (dissector: () => PacketDissector) => (packet: number): boolean => dissector().prepare(packet, READ);

/** Asks until there is an answer. Rejects with Superseded. */
export async function toldOf<T>(ask: Step<T>, packet: number, breath: Pick<Breath, 'due' | 'take'>): Promise<T> {
  for (;;) {
    const told = ask(packet);
    if (told !== null) return told;
    if (breath.due) await breath.take();
  }
}

/** Packets whole, asked in rising order. */
export const dissects = (dissector: () => PacketDissector): Step<DissectedPacket> => {
  const prepared = preparedBy(dissector);
  return (packet) => (prepared(packet) ? dissector().dissect(packet) : null);
};
