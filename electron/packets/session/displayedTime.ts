// frame.time_delta_displayed in a filter: the time since the packet before that the filter let through, 0 while there is none, as in Wireshark. So what a
// packet is told hangs on those before it, which are asked first, whoever asks for it alone.

import type { PacketLayer } from '../../../shared/packets/dissector';
import { momentOf, spanField } from '../../../shared/packets/dissection/times';
import type { PacketTable } from '../../../shared/packets/packetTable';
import type { Step } from './step';

const DISPLAYED = 'frame.time_delta_displayed';
/** Packets before the one that is asked for that are asked in one step. */
const ASKED = 32;

export const asksDisplayed = (names: readonly string[]): boolean => names.includes(DISPLAYED);

/** A test whose `fits` is told the last packet before that fits; null: there is none. Of packets in rising order each is asked once. */
export function inTurn(fits: (packet: number, before: number | null) => boolean | null): Step<boolean> {
  let next = 0;
  let before: number | null = null;
  return (packet) => {
    // Asked anew: what was found may be otherwise by now.
    if (packet < next) [next, before] = [0, null];
    for (let left = ASKED; left > 0; left--) {
      const told = fits(next, before);
      if (told === null) return null;
      if (told) before = next;
      if (next++ === packet) return told;
    }
    return null;
  };
}

/** Layers of a packet, the frame's with the time since `before`. */
export const sinceDisplayed = (layers: readonly PacketLayer[], table: PacketTable, packet: number, before: number | null): readonly PacketLayer[] =>
  layers.map((layer) => (layer.protocol !== 'frame' ? layer : { ...layer, tree: { ...layer.tree, children: layer.tree.children.map((node) => (node.name === DISPLAYED ? spanField(DISPLAYED, momentOf(table, before ?? packet), momentOf(table, packet)) : node)) } }));
