// Two stations that say to have one IPv4 address, in one rising pass over the ARP packets of a capture: a mistake in the network, or somebody who
// listens in between. Who said it first counts (RFC 5227 2.4 has hosts watch for this). As fields of the packet that contradicts.

import { ipv4Text } from '../../codec/address';
import { toHex } from '../../base/bytes';
import type { ArpPacket } from '../../codec/arp/codec';
import { dissectFrame, type DissectedLayer } from '../../codec/dissect';
import { generated, group, withChildren, type FieldNode } from '../../codec/field';
import type { CaptureFacts } from '../captureFacts';
import type { PacketBytes } from '../dissector';
import { KIND } from '../index/linkHeader';
import type { PacketTable } from '../packetTable';
import { DISSECTION_LIMITS } from './limits';

const OPERATION = { request: 1, reply: 2 } as const;
const ETHERNET = { types: [1, 6], size: 6 } as const;
const IPV4 = { type: 0x0800, size: 4 } as const;
const NOBODY = '000000000000';

interface Holder {
  readonly hardware: string;
  /** The packet that said so last. */
  last: number;
}

export class ArpDuplicates {
  #next = 0;
  #read = 0;
  readonly #holders = new Map<string, Holder>();
  /** By packet: for each contradiction the address and the packet that said otherwise. */
  readonly #found = new Map<number, readonly { readonly address: string; readonly frame: number }[]>();

  constructor(private readonly input: { readonly table: PacketTable; readonly facts: CaptureFacts; readonly packets: PacketBytes }) {}

  /** The layer with what it contradicts; the layer itself when it does not, or comes after more ARP packets than are followed. */
  noted(layer: DissectedLayer, number: number): DissectedLayer {
    this.#readTo(number);
    const found = this.#found.get(number) ?? [];
    return found.length === 0 ? layer : { ...layer, tree: withChildren(layer.tree, found.map(({ address, frame }) => duplicateNode(address, frame, layer.start))) };
  }

  #readTo(number: number): void {
    const { table } = this.input;
    for (; this.#next <= number; this.#next++) {
      const { chunk, row } = table.locate(this.#next);
      if (chunk.kind[row] === KIND.arp && this.#read < DISSECTION_LIMITS.arpPackets) this.#compare(this.#next);
    }
  }

  #compare(number: number): void {
    this.#read++;
    const { table, facts, packets } = this.input;
    const { chunk, row } = table.locate(number);
    const bytes = packets.bytes(number);
    const layers = dissectFrame(bytes, facts.interfaces[chunk.iface[row] ?? 0]?.linkType ?? -1, { missing: Math.max(0, (chunk.wire[row] ?? 0) - bytes.length) });
    const layer = layers.find(({ protocol, quoted }) => protocol === 'arp' && !quoted);
    if (layer?.status.status !== 'complete') return;
    const arp = layer.status.value as ArpPacket;
    if (!ETHERNET.types.some((type) => type === arp.hardware) || arp.hardwareSize !== ETHERNET.size || arp.protocol !== IPV4.type || arp.protocolSize !== IPV4.size) return;
    if (arp.operation !== OPERATION.request && arp.operation !== OPERATION.reply) return;
    const found = [this.#claim(number, arp.senderHardware, arp.senderProtocol)];
    // Who asks does not know yet whose address the target's is.
    if (found[0] === null && arp.operation === OPERATION.reply) found.push(this.#claim(number, arp.targetHardware, arp.targetProtocol));
    const known = found.filter((one) => one !== null);
    if (known.length > 0) this.#found.set(number, known);
  }

  /** What an address is said to be, against what was said before. */
  #claim(number: number, hardware: Uint8Array, protocol: Uint8Array): { readonly address: string; readonly frame: number } | null {
    const maker = toHex(hardware);
    const address = ipv4Text(protocol);
    // Groups have no address of their own, and nobody says nothing.
    if (((hardware[0] ?? 0) & 1) !== 0 || maker === NOBODY || address === '0.0.0.0') return null;
    const holder = this.#holders.get(address);
    if (holder === undefined && this.#holders.size >= DISSECTION_LIMITS.arpAddresses) return null;
    if (holder === undefined) this.#holders.set(address, { hardware: maker, last: number });
    else if (holder.hardware !== maker) return { address, frame: holder.last };
    else holder.last = number;
    return null;
  }
}

function duplicateNode(address: string, frame: number, start: number): FieldNode {
  const where = generated('arp.duplicate-address-frame', frame + 1, String(frame + 1), start, 0);
  return { ...group('arp.duplicate-address-detected', address, start, 0, [where]), generated: true };
}
