// The fields of a dissected packet by name, for the command line and for columns. All layers, the outermost first; Wireshark's
// fields that stand for two others ('ip.addr', 'tcp.port') are found through them.

import type { FieldNode } from '../../codec/field';
import type { DissectedPacket } from '../dissector';
import { fieldText } from '../text/fieldText';

/** Fields that stand for others, in the order of the bytes. */
const EITHER: Readonly<Record<string, readonly string[]>> = {
  'eth.addr': ['eth.dst', 'eth.src'], 'ip.addr': ['ip.src', 'ip.dst'], 'ipv6.addr': ['ipv6.src', 'ipv6.dst'], 'tcp.port': ['tcp.srcport', 'tcp.dstport'], 'udp.port': ['udp.srcport', 'udp.dstport'],
};
const STANDS_FOR: ReadonlyMap<string, string> = new Map(Object.entries(EITHER).flatMap(([either, names]) => names.map((name): [string, string] => [name, either])));

interface Placed {
  readonly node: FieldNode;
  readonly source: Uint8Array;
}

const NONE: readonly Placed[] = [];

export class PacketFields {
  readonly #byName = new Map<string, Placed[]>();

  constructor(packet: DissectedPacket) {
    const frame = packet.sources[0]?.bytes ?? new Uint8Array(0);
    for (const layer of packet.layers) this.#add(layer.tree, packet.sources[layer.source]?.bytes ?? frame);
  }

  /** Each as tshark prints it. */
  texts(name: string): string[] {
    return this.#of(name).map(({ node, source }) => fieldText(node, source));
  }

  /** Names of all fields that are there, in the order of the trees. */
  get names(): Iterable<string> {
    return this.#byName.keys();
  }

  #of(name: string): readonly Placed[] {
    return this.#byName.get(name) ?? NONE;
  }

  #add(node: FieldNode, source: Uint8Array): void {
    this.#put(node.name, { node, source });
    const either = STANDS_FOR.get(node.name);
    if (either !== undefined) this.#put(either, { node: { ...node, name: either }, source });
    for (const child of node.children) this.#add(child, source);
  }

  #put(name: string, placed: Placed): void {
    const list = this.#byName.get(name);
    if (list === undefined) this.#byName.set(name, [placed]);
    else list.push(placed);
  }
}
