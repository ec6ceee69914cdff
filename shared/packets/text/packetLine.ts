// One line of a list of packets, as tshark prints it: number, time, who to whom, protocol, length, what. Addresses are taken from the layers.

import { findField } from '../../codec/field';
import type { DissectedPacket } from '../dissector';

/** Fields that name the sender and the receiver, the innermost header first. */
const ENDS = [['ipv6', 'ipv6.src', 'ipv6.dst'], ['ip', 'ip.src', 'ip.dst'], ['arp', 'eth.src', 'eth.dst'], ['eth', 'eth.src', 'eth.dst'], ['sll', 'sll.src.eth', '']] as const;

export interface Ends {
  readonly source: string;
  readonly destination: string;
}

/** Of the innermost header with addresses that is not quoted; '' where there are none. `named`: the name of an address, or it itself. */
export function endsOf({ layers }: DissectedPacket, named: (address: string) => string = (address) => address): Ends {
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i];
    if (layer === undefined || layer.quoted) continue;
    const names = ENDS.find(([protocol]) => protocol === layer.protocol);
    if (names === undefined) continue;
    const tree = names[0] === 'arp' ? (layers.find(({ protocol }) => protocol === 'eth')?.tree ?? layer.tree) : layer.tree;
    const source = findField(tree, names[1])?.display;
    if (source !== undefined) return { source: named(source), destination: named(findField(tree, names[2])?.display ?? '') };
  }
  return { source: '', destination: '' };
}

/** `time`: seconds since the capture's first packet, as '0.000123000'; `length`: bytes on the wire. */
export function packetLine(packet: DissectedPacket, time: string, length: number, named?: (address: string) => string): string {
  const { source, destination } = endsOf(packet, named);
  const seconds = time.slice(0, -3);
  return `${String(packet.number + 1).padStart(5)} ${seconds.padStart(12)} ${source.padStart(15)} → ${destination.padEnd(15)} ${packet.protocol} ${length} ${packet.info}`;
}
